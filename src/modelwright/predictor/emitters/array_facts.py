"""What templates tell of a bundle in languages that answer many rows at once."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import (
    ALWAYS_MISSING,
    DECORATED_NUMBER,
    MISSING_AMONG_NUMBERS,
    NUMBER,
)
from modelwright.data.values.forms import FORMS
from modelwright.data.values.measures import CLOCK, CLOCK_TEXT, said
from modelwright.data.values.moments import said_format
from modelwright.predictor.emitters.array_calls import ROWS, ArrayCalls, array_calls
from modelwright.predictor.emitters.facts import Facts

_NUMBERS_AT_ONCE = 1 << 21
"""Numbers of all rows that are answered at once: 16 MB, and as much again in between."""
_MOST_ROWS, _FEWEST_ROWS = 1 << 14, 1 << 6
_USUAL = {"number": "number", "string": "text", "datetime": "moment"}
_KINDS = {Kind.BOOLEAN: "truth", Kind.CODED: "code"}
READERS = {
    "number": "number",
    "measure": "measure",
    "truth": "truth",
    "text": "text",
    "code": "text",
    "moment": "moment",
}
"""The part of a runtime that reads a kind of column."""


@dataclass(frozen=True)
class ReadColumn:
    """A column that is read.

    Parameters
    ----------
    column
        Of the schema.
    name
        What its value is named.
    sent
        A value of it as a client sends it; None where the example has none.
    """

    column: Column
    name: str
    sent: Any

    @property
    def kind(self) -> str:
        """How its cells are read: one of the keys of `READERS`."""
        if self.column.unit:
            return "measure"
        return _KINDS.get(self.column.kind, _USUAL[self.column.value_type])

    @property
    def written(self) -> str:
        """How its moments are written as texts, or of which unit its numbers are."""
        if self.column.unit:
            return said(self.column.unit)
        return said_format(self.column.datetime_format)


@dataclass(frozen=True)
class ArrayFacts:
    """A bundle as such templates tell of it.

    Parameters
    ----------
    facts
        What all languages tell.
    columns
        That are read, in the order of the layout's cells.
    calls
        The program.
    """

    facts: Facts
    columns: tuple[ReadColumn, ...]
    calls: ArrayCalls

    @property
    def kinds(self) -> list[str]:
        """The kinds of the columns, each once."""
        return sorted({column.kind for column in self.columns})

    @property
    def reading(self) -> set[str]:
        """The parts of a runtime that read the columns."""
        return {"reading", *(f"{READERS[kind]}_cells" for kind in self.kinds)}

    def shared(self) -> dict[str, Any]:
        """Return what the templates of all such languages name."""
        layout, read = self.facts.layout, {each.column for each in self.columns}
        units = {each.column.unit for each in self.columns}
        at_once = _NUMBERS_AT_ONCE // max(1, layout.width)
        return {
            **self.facts.shared(),
            "labels": self.facts.bundle.program.task.classes,
            "moments": "moment" in self.kinds,
            "unread": tuple(each.name for each in self.facts.bundle.schema if each not in read),
            "counts_rows": any(ROWS in call.reads for call in self.calls.calls),
            "at_once": min(max(at_once, _FEWEST_ROWS), _MOST_ROWS),
            "answer_name": self.calls.answer,
            "missing": sorted(ALWAYS_MISSING),
            "missing_among_numbers": sorted(MISSING_AMONG_NUMBERS),
            "number_pattern": NUMBER,
            "decorated_pattern": DECORATED_NUMBER,
            "clock": CLOCK,
            "clock_pattern": CLOCK_TEXT,
            "measures": "measure" in self.kinds,
            "forms": [FORMS[unit] for unit in sorted(units) if unit in FORMS],
        }


def array_facts(facts: Facts, *, reserved: Collection[str]) -> ArrayFacts:
    """Gather what is told of a bundle.

    Parameters
    ----------
    facts
        What all languages tell.
    reserved
        Words that the language, or the code around, has for itself.
    """
    calls = array_calls(facts.layout, reserved=reserved)
    cases = facts.bundle.cases
    sent = cases[0].record if cases else {}
    columns = tuple(
        ReadColumn(column, name, sent.get(column.name) if column.name in facts.example else None)
        for column, name in zip(
            [cell.column for cell in facts.layout.cells], calls.columns, strict=True
        )
    )
    return ArrayFacts(facts, columns, calls)
