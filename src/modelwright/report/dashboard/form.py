"""The form in which a person tries a row: a field for each column that the model reads."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from modelwright.data.checks.levels import Levels as KnownLevels
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.measures import said
from modelwright.data.values.moments import text_of
from modelwright.predictor.reference.distribution import Binned, Levels
from modelwright.predictor.reference.reference import Reference
from modelwright.report.words import clip, moment, number

Shape = Literal["number", "moment", "choice", "open", "long"]
_CHOICES = 40
"""Up to so many levels are a list to choose from; of more, names are proposed while one types."""
_FIRST = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of the form.

    Parameters
    ----------
    column
        What it is called.
    key
        Its name in the form: any text may be the name of a column.
    shape
        How it is filled in.
    value
        What stands in it; empty where the value is missing.
    options
        To choose from, or proposed.
    hint
        What is usual.
    """

    column: str
    key: str
    shape: Shape
    value: str = ""
    options: tuple[str, ...] = ()
    hint: str = ""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """All fields: those that matter most, and the others."""

    first: tuple[Field, ...]
    others: tuple[Field, ...]


def make_form(
    schema: Schema,
    reference: Reference,
    contract: Contract | None,
    *,
    given: Mapping[str, str] | None = None,
) -> Form:
    """Return the form for a model.

    Parameters
    ----------
    schema
        The columns that it reads.
    reference
        How the training rows were distributed; fields are filled with what was usual there.
    contract
        What columns may hold, and which matter most; None where it cannot be read.
    given
        What a person has filled in, by the keys of the fields.
    """
    rules = {entry.column.name: entry for entry in contract.columns} if contract else {}
    fields = {
        column.name: _field(place, column, reference, rules.get(column.name), given)
        for place, column in enumerate(schema)
    }
    weights = {name: entry.importance or 0.0 for name, entry in rules.items()}
    names = sorted(fields, key=lambda name: -weights.get(name, 0.0))
    return Form(
        first=tuple(fields[name] for name in names[:_FIRST]),
        others=tuple(fields[name] for name in names[_FIRST:]),
    )


def read_form(schema: Schema, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the row that a filled form tells, as a client of the server would send it.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> read_form(schema, {"c0": "39"}), read_form(schema, {"c0": " "})
    ({'age': '39'}, {'age': None})
    """
    return {
        column.name: _sent(column, given.get(_key(place), ""))
        for place, column in enumerate(schema)
    }


def _key(place: int) -> str:
    return f"c{place}"


def _sent(column: Column, text: str) -> str | None:
    if not text.strip():
        return None
    if column.kind == Kind.DATETIME and column.datetime_format:
        try:
            return text_of(datetime.fromisoformat(text), column.datetime_format)
        except ValueError:  # a person may write it as the table does
            return text
    return text


def _field(
    place: int,
    column: Column,
    reference: Reference,
    entry: ContractColumn | None,
    given: Mapping[str, str] | None,
) -> Field:
    key = _key(place)
    counted = reference.columns.get(column.name)
    value = _usual(column, counted) if given is None else given.get(key, "")
    options = _options(column, counted, entry)
    return Field(
        column=column.name,
        key=key,
        shape=_shape(column, options),
        value=value,
        # What is chosen stays to be seen, also where it is none of those known.
        options=options if not value or value in options else (*options, value),
        hint="; ".join(_hints(column, entry)),
    )


def _shape(column: Column, options: tuple[str, ...]) -> Shape:
    match column.kind:
        case Kind.NUMERIC:
            return "number"
        case Kind.DATETIME:
            return "moment"
        case Kind.BOOLEAN:
            return "choice"
        case Kind.TEXT:
            return "long"
    return "choice" if 0 < len(options) <= _CHOICES else "open"


def _options(
    column: Column, counted: Binned | Levels | None, entry: ContractColumn | None
) -> tuple[str, ...]:
    if column.kind == Kind.BOOLEAN:
        return ("true", "false")
    known = [check.levels for check in _checks(entry) if isinstance(check, KnownLevels)]
    if known:
        return tuple(known[0])
    return counted.levels if isinstance(counted, Levels) else ()


def _hints(column: Column, entry: ContractColumn | None) -> Iterator[str]:
    if column.unit:
        yield f"in {said(column.unit)}"
    if entry is not None and entry.description:
        yield clip(entry.description, 120)
    for check in _checks(entry):
        match check:
            case Range(minimum=low, maximum=high):
                yield _between(*(None if end is None else number(end) for end in (low, high)))
            case Period(minimum=first, maximum=last):
                ends = (None if end is None else end.isoformat() for end in (first, last))
                yield _between(*(None if end is None else moment(end) for end in ends))


def _between(low: str | None, high: str | None) -> str:
    if low is None or high is None:
        return f"at least {low}" if low is not None else f"at most {high}"
    return f"{low} to {high}"


def _checks(entry: ContractColumn | None) -> tuple[object, ...]:
    return () if entry is None else entry.checks


def _usual(column: Column, counted: Binned | Levels | None) -> str:
    """Return a usual value, as its field holds it; it is of no single row."""
    if isinstance(counted, Levels):
        return counted.levels[0] if counted.levels else ""
    if counted is None or column.kind == Kind.TEXT or not counted.edges:
        return ""
    if column.kind == Kind.BOOLEAN:
        # Whatever is true lies in the last bin, which has no end.
        return "true" if 2 * counted.counts[-2] > sum(counted.counts[:-1]) else "false"
    middle = _middle(counted)
    if column.kind == Kind.DATETIME:
        found = _EPOCH + timedelta(microseconds=int(middle))
        return found.replace(tzinfo=None).isoformat(timespec="minutes")
    return f"{middle:.6g}"


def _middle(counted: Binned) -> float:
    """Return the upper end of the bin that holds the middle row; the last bin has none."""
    half, passed = sum(counted.counts[:-1]) / 2, 0
    for edge, count in zip(counted.edges, counted.counts, strict=False):
        passed += count
        if passed >= half:
            return edge
    return counted.edges[-1]
