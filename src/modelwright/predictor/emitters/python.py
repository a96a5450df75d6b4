"""Python: one file that needs NumPy and nothing else."""

import json
import keyword
import re
from collections.abc import Mapping
from typing import Any

from modelwright.data.values.cells import WHITESPACE
from modelwright.data.values.moments import pattern_of, said_format
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.array_calls import ROWS
from modelwright.predictor.emitters.array_facts import (
    READERS,
    ArrayFacts,
    ReadColumn,
    array_facts,
)
from modelwright.predictor.emitters.base import Tools
from modelwright.predictor.emitters.call_writing import CallStyle
from modelwright.predictor.emitters.facts import gather
from modelwright.predictor.emitters.identifiers import identifiers
from modelwright.predictor.emitters.rendering import comment, render, template_text
from modelwright.predictor.emitters.rows_file import rows_file
from modelwright.predictor.emitters.runtime import select
from modelwright.predictor.emitters.versions import version_of
from modelwright.predictor.emitters.whole_graph import refusal_of_graph

_FILES = ("replay.py", "example.py", "make_wheel.py", "pyproject.toml", "README.md")
_RESERVED = {*keyword.kwlist, "cells", "len", ROWS}
_NOTES = {
    "number": "a number",
    "measure": "a number of {}",
    "truth": "True or False, or 1 or 0",
    "text": "a text",
    "code": "a code: a text or a whole number",
    "moment": "a moment; as a text {}",
}


class PythonEmitter:
    """Writes a module, with programs that replay rows and show a call, and what makes a wheel."""

    name = "python"
    title = "a Python module that needs NumPy only"
    tolerance = 1e-9
    tools = Tools(needs=(), build=(), replay=("python", "replay.py"), modules=("numpy",))

    def refusal(self, bundle: Bundle) -> str:
        """Return why a graph of ONNX has no such form; every other program has."""
        return refusal_of_graph(bundle)

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the files of a Python project."""
        facts = _facts(array_facts(gather(bundle), reserved=_RESERVED), tolerance=self.tolerance)
        filters = {"literal": literal, "doc": _doc, "toml": _toml}
        written = {name: render(f"python/{name}", facts, filters) for name in _FILES}
        module = {f"{facts['module']}.py": render("python/model.py", facts, filters)}
        return {
            **{name: content.encode() for name, content in (module | written).items()},
            "cases.rows": rows_file(bundle, [case.record for case in bundle.cases]),
        }


def literal(value: object) -> str:
    """Write a value as Python does, in ASCII.

    Examples
    --------
    >>> print(literal('"é\\n'), literal(0.1), literal(float("-inf")), literal((True, 1)))
    "\\"\\xe9\\n" 0.1 -math.inf (True, 1)
    """
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, str):
        return '"' + value.encode("unicode_escape").decode().replace('"', '\\"') + '"'
    return repr(value).replace("inf", "math.inf")


def _doc(text: object) -> str:
    """Write a text as it may stand in a docstring."""
    return comment(text).replace('"', "'")


def _toml(text: object) -> str:
    return json.dumps(text, ensure_ascii=False)


_STYLE = CallStyle(
    begin="{writes} = _{function}(",
    named="{name}={value}",
    values="[{}]",
    numbers="[{}]",
    literal=literal,
    indent="    ",
)


class _Field(ReadColumn):
    """A column as the templates name it."""

    @property
    def declared(self) -> str:
        """How it is told of in the module."""
        arguments = [literal(self.column.name), literal(self.kind)]
        if self.column.missing_tokens:
            arguments.append(f"missing={literal(self.column.missing_tokens)}")
        if self.column.unit:
            arguments.append(f"unit={literal(self.column.unit)}")
        if self.column.datetime_format:
            arguments.append(f"format={literal(self.column.datetime_format)}")
        return f"_Column({', '.join(arguments)})"

    @property
    def note(self) -> str:
        """What it holds, as a phrase."""
        return _NOTES[self.kind].format(self.written)

    @property
    def example(self) -> str:
        """A value of it as Python writes it; empty where the example has none."""
        return "" if self.sent is None else literal(self.sent)


def _facts(facts: ArrayFacts, *, tolerance: float) -> dict[str, Any]:
    (plain,) = identifiers([facts.facts.name.lower()], reserved=())
    formats = {each.column.datetime_format for each in facts.columns if each.kind == "moment"}
    return {
        **facts.shared(),
        "module": f"{plain}_model",
        "distribution": f"{plain.replace('_', '-')}-model",
        "version": version_of(facts.facts.bundle.facts.made_at),
        "cells": [_Field(each.column, each.name, each.sent) for each in facts.columns],
        "calls": [_STYLE.write(call) for call in facts.calls.calls],
        "readers": {kind: f"_read_{READERS[kind]}" for kind in facts.kinds},
        "reading": _selected("reading", facts.reading),
        "patterns": {each: (pattern_of(each), said_format(each)) for each in sorted(formats)},
        "runtime": _selected("runtime", {"core", *facts.facts.layout.operations}),
        "blanks": WHITESPACE,
        "tolerance": tolerance,
    }


def _selected(runtime: str, wanted: set[str]) -> str:
    """Return the functions that are wanted, with two empty lines before each."""
    found = select(template_text(f"python/{runtime}.py.txt"), wanted).strip("\n")
    return re.sub(r"\n{2,}(?=\S)", "\n\n\n", found)


PYTHON = PythonEmitter()
