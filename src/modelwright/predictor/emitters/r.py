"""R: one file that needs R and nothing else."""

from collections.abc import Mapping
from typing import Any

from modelwright.data.values.cells import DECORATED_NUMBER
from modelwright.data.values.moments import pattern_of
from modelwright.predictor.bundle import Bundle
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
from modelwright.predictor.emitters.whole_graph import refusal_of_graph

_FILES = ("replay.R", "example.R", "README.md")
_CURRENCIES = "$€£¥"
_LARGEST_PLAIN, _FRACTIONS = 1e9, 2**20
_NOTES = {
    "number": "a number",
    "measure": "a number of {}",
    "truth": "TRUE or FALSE, or 1 or 0",
    "text": "a text or a factor",
    "code": "a code: a text, a factor or a whole number",
    "moment": "a POSIXct, a Date, or a text {}",
}


class REmitter:
    """Writes a file to source, with programs that replay rows and show a call."""

    name = "r"
    title = "a file of R that needs no packages"
    tolerance = 1e-9
    tools = Tools(needs=("Rscript",), build=(), replay=("Rscript", "replay.R"))

    def refusal(self, bundle: Bundle) -> str:
        """Return why a graph of ONNX has no such form; every other program has."""
        return refusal_of_graph(bundle)

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the files."""
        reserved = template_text("r/reserved.txt").split()
        told = _facts(array_facts(gather(bundle), reserved=reserved), tolerance=self.tolerance)
        filters = {"literal": literal, "text": literal, "plain": _plain}
        written = {name: render(f"r/{name}", told, filters) for name in _FILES}
        files = {str(told["file"]): render("r/model.R", told, filters), **written}
        return {
            **{name: content.encode() for name, content in files.items()},
            "cases.rows": rows_file(bundle, [case.record for case in bundle.cases]),
        }


def literal(value: object) -> str:
    """Write a value as R does, in ASCII; numbers so that its parser cannot round them.

    Examples
    --------
    >>> print(literal('"é\\n'), literal(0.5), literal(0.1), literal(float("-inf")), literal(True))
    "\\"\\u00e9\\u000a" 0.5 0x1.999999999999ap-4 -Inf TRUE
    """
    if isinstance(value, str):
        return '"' + "".join(map(_character, value)) + '"'
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return _number(value)
    return repr(value)


def _plain(text: object) -> str:
    """Write a text as it may stand in a comment: R may take the file to be in another encoding."""
    return comment(text).encode("ascii", "backslashreplace").decode()


def _number(value: float) -> str:
    if value in (float("inf"), float("-inf")):
        return "Inf" if value > 0 else "-Inf"
    # R multiplies by powers of ten when it reads decimals: the last bit may be another one.
    is_plain = abs(value) < _LARGEST_PLAIN and (value * _FRACTIONS).is_integer()
    return repr(value) if is_plain else value.hex()


def _character(each: str) -> str:
    code = ord(each)
    if each in '"\\':
        return f"\\{each}"
    if 32 <= code < 127:
        return each
    if code == 0 or 0xD800 <= code < 0xE000:
        # R's texts hold no zero byte, and half of a pair is no character.
        return "\\u0001" if code == 0 else "?"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_STYLE = CallStyle(
    begin="{writes} <- {function}(",
    named="{name} = {value}",
    values="list({})",
    numbers="c({})",
    literal=literal,
    indent="  ",
)


class _Field(ReadColumn):
    """A column as the templates name it."""

    @property
    def declared(self) -> str:
        """How it is told of in the file."""
        arguments = [literal(self.column.name), literal(self.kind)]
        if tokens := self.column.missing_tokens:
            arguments.append(f"missing = c({', '.join(map(literal, tokens))})")
        if self.column.unit:
            arguments.append(f"unit = {literal(self.column.unit)}")
        if self.kind == "moment":
            pattern = f"^(?:{pattern_of(self.column.datetime_format)})\\z"
            arguments.append(f"pattern = {literal(pattern)}")
            arguments.append(f"written = {literal(self.written)}")
        return f"column({', '.join(arguments)})"

    def taken(self, place: int) -> str:
        """Return its value, from the list of what was read."""
        cell = f"cells[[{place}L]]"
        return f"matrix({cell}, ncol = 1L)" if self.column.value_type == "number" else cell

    @property
    def note(self) -> str:
        """What it holds, as a phrase."""
        return _NOTES[self.kind].format(self.written)

    @property
    def example(self) -> str:
        """A value of it as R writes it; empty where the example has none."""
        return "" if self.sent is None else literal(self.sent)


def _facts(facts: ArrayFacts, *, tolerance: float) -> dict[str, Any]:
    (name,) = identifiers([facts.facts.name.lower()], reserved=())
    layout = facts.facts.layout
    return {
        **facts.shared(),
        "plain": name,
        "file": f"{name}_model.R",
        "cells": [_Field(each.column, each.name, each.sent) for each in facts.columns],
        "calls": [_STYLE.write(call) for call in facts.calls.calls],
        "readers": {kind: f"read_{READERS[kind]}" for kind in facts.kinds},
        "reading": _selected("reading", facts.reading),
        "runtime": _selected("runtime", {"core", *layout.operations}),
        "number_pattern": f"^{facts.shared()['number_pattern']}\\z",
        # Other currencies have become dollars by then.
        "decorated_pattern": f"^{DECORATED_NUMBER.replace(_CURRENCIES, '$')}\\z",
        "tolerance": tolerance,
    }


def _selected(runtime: str, wanted: set[str]) -> str:
    return select(template_text(f"r/{runtime}.R"), wanted).strip("\n")


R = REmitter()
