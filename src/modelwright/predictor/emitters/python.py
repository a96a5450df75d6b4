"""Python: one file that needs NumPy and nothing else."""

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from modelwright.data.cells import (
    ALWAYS_MISSING,
    DECORATED_NUMBER,
    MISSING_AMONG_NUMBERS,
    NUMBER,
    WHITESPACE,
)
from modelwright.data.moments import pattern_of
from modelwright.data.schema import Column, Kind
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.array_calls import ROWS, ArrayCall, ArrayCalls, array_calls
from modelwright.predictor.emitters.base import Tools
from modelwright.predictor.emitters.facts import Facts, gather
from modelwright.predictor.emitters.identifiers import identifiers
from modelwright.predictor.emitters.rendering import comment, render, template_text
from modelwright.predictor.emitters.rows_file import rows_file
from modelwright.predictor.emitters.runtime import select

_FILES = ("replay.py", "example.py", "make_wheel.py", "pyproject.toml", "README.md")
_WIDTH = 96
_NUMBERS_AT_ONCE = 1 << 21
"""Numbers of all rows that are answered at once: 16 MB, and as much again in between."""
_MOST_ROWS, _FEWEST_ROWS = 1 << 14, 1 << 6
_RESERVED = {*keyword.kwlist, "cells", "len", ROWS}
_KINDS = {Kind.BOOLEAN: "truth", Kind.CODED: "code"}
_READERS = {
    "number": "number",
    "truth": "truth",
    "text": "text",
    "code": "text",
    "moment": "moment",
}
"""The function that reads a kind of column."""
_NOTES = {
    "number": "a number",
    "truth": "True or False, or 1 or 0",
    "text": "a text",
    "code": "a code: a text or a whole number",
}


class PythonEmitter:
    """Writes a module, with programs that replay rows and show a call, and what makes a wheel."""

    name = "python"
    title = "a Python module that needs NumPy only"
    tolerance = 1e-9
    tools = Tools(needs=(), build=(), replay=("python", "replay.py"), modules=("numpy",))

    def refusal(self, bundle: Bundle) -> str:
        """Return nothing: every program can be written so."""
        return ""

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the files of a Python project."""
        facts = _facts(gather(bundle), tolerance=self.tolerance)
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


@dataclass(frozen=True)
class _Field:
    """A column of the rows."""

    column: Column
    name: str
    value: Any

    @property
    def kind(self) -> str:
        """How its cells are read."""
        usual = {"number": "number", "string": "text", "datetime": "moment"}
        return _KINDS.get(self.column.kind, usual[self.column.value_type])

    @property
    def declared(self) -> str:
        """How it is told of in the module."""
        arguments = [literal(self.column.name), literal(self.kind)]
        if self.column.missing_tokens:
            arguments.append(f"missing={literal(self.column.missing_tokens)}")
        if self.column.datetime_format:
            arguments.append(f"format={literal(self.column.datetime_format)}")
        return f"_Column({', '.join(arguments)})"

    @property
    def note(self) -> str:
        """What it holds, as a phrase."""
        if self.kind != "moment":
            return _NOTES[self.kind]
        return f"a moment, as a text {self.column.datetime_format or 'in ISO 8601'}"

    @property
    def example(self) -> str:
        """A value of it as Python writes it; empty where the example has none."""
        return "" if self.value is None else literal(self.value)


def _facts(facts: Facts, *, tolerance: float) -> dict[str, Any]:
    layout, schema = facts.layout, facts.bundle.schema
    calls = array_calls(layout, reserved=_RESERVED)
    columns = [cell.column for cell in layout.cells]
    # As clients send it, where it is not missing.
    sent = facts.bundle.cases[0].record if facts.bundle.cases else {}
    cells = [
        _Field(column, name, sent.get(column.name) if column.name in facts.example else None)
        for column, name in zip(columns, calls.columns, strict=True)
    ]
    formats = {cell.column.datetime_format for cell in cells if cell.kind == "moment"}
    kinds = sorted({cell.kind for cell in cells})
    at_once = _NUMBERS_AT_ONCE // max(1, layout.width)
    (plain,) = identifiers([facts.name.lower()], reserved=())
    return {
        **facts.shared(),
        "module": f"{plain}_model",
        "distribution": f"{plain.replace('_', '-')}-model",
        "version": "1.0.0",
        "labels": facts.bundle.program.task.classes,
        "cells": cells,
        "moments": any(cell.kind == "moment" for cell in cells),
        "unread": tuple(each.name for each in schema if each not in columns),
        "counts_rows": _counts_rows(calls),
        "at_once": min(max(at_once, _FEWEST_ROWS), _MOST_ROWS),
        "calls": [_written(call) for call in calls.calls],
        "answer_name": calls.answer,
        "readers": {kind: f"_read_{_READERS[kind]}" for kind in kinds},
        "reading": _selected(
            "reading", {"reading", *(f"{_READERS[kind]}_cells" for kind in kinds)}
        ),
        "patterns": {each: pattern_of(each) for each in sorted(formats)},
        "runtime": _selected("runtime", {"core", *layout.operations}),
        "blanks": WHITESPACE,
        "missing": sorted(ALWAYS_MISSING),
        "missing_among_numbers": sorted(MISSING_AMONG_NUMBERS),
        "number_pattern": NUMBER,
        "decorated_pattern": DECORATED_NUMBER,
        "tolerance": tolerance,
    }


def _selected(runtime: str, wanted: set[str]) -> str:
    """Return the functions that are wanted, with two empty lines before each."""
    found = select(template_text(f"python/{runtime}.py.txt"), wanted).strip("\n")
    return re.sub(r"\n{2,}(?=\S)", "\n\n\n", found)


def _counts_rows(calls: ArrayCalls) -> bool:
    return any(ROWS in call.reads for call in calls.calls)


def _written(call: ArrayCall) -> str:
    """Write a call as a line, or as several where it would be too long."""
    begin, arguments, end = f"    {call.writes} = _{call.function}(", [*_arguments(call)], ")"
    line = f"{begin}{', '.join(arguments)}{end}"
    if len(line) <= _WIDTH:
        return line
    wrapped = wrap(", ".join(arguments), _WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
    return "\n".join([begin, *wrapped, f"    {end}"])


def _arguments(call: ArrayCall) -> Iterator[str]:
    values = ", ".join(call.reads)
    yield f"[{values}]" if call.many else values
    if call.function == "blend":
        yield f"[{', '.join(literal(value) for _, value in call.named)}]"
    else:
        yield from (f"{name}={literal(value)}" for name, value in call.named)


PYTHON = PythonEmitter()
