"""Bounds that the standard keeps in the options of a column's type."""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from modelwright.data.checks.base import Check
from modelwright.data.odcs.entries import Entry
from modelwright.data.odcs.names import BOUNDED, logical_type
from modelwright.data.schema import Column

_OPTIONS = "logicalTypeOptions"
_DESCRIPTIVE = {"format", "timezone", "defaultTimezone"}
# Of each option: the field of the check, and on which side of the value its bound lies.
_FIELDS = {
    "minimum": ("minimum", 0),
    "maximum": ("maximum", 0),
    "exclusiveMinimum": ("minimum", 1),
    "exclusiveMaximum": ("maximum", -1),
    "minLength": ("minLength", 0),
    "maxLength": ("maxLength", 0),
}


def read_bounds(entry: Entry, column: Column) -> dict[type[Check], dict[str, Any]]:
    """Return the bounds of a column's values, by the check and by its fields as a file names them.

    Raises
    ------
    InputError
        With the line, if a bound is not of the column's type.
    """
    options = entry.get(_OPTIONS)
    logical = logical_type(column.kind)
    if options is None or logical not in BOUNDED:
        return {}
    family, names = BOUNDED[logical]
    bounds = {
        field: _nudged(_READERS[logical](bound), side)
        for option, bound in options.fields().items()
        for field, side in (_FIELDS.get(option, ("", 0)),)
        if field in names
    }
    return {family: bounds} if bounds else {}


def unchecked_options(entry: Entry, column: Column) -> Iterator[str]:
    """Say which options nothing here can check."""
    options = entry.get(_OPTIONS)
    _, fields = BOUNDED.get(logical_type(column.kind), (None, ()))
    for option in options.fields() if options else ():
        field, _ = _FIELDS.get(option, ("", 0))
        if option not in _DESCRIPTIVE and field not in fields:
            yield f"The option {option!r} of column {column.name!r} is not checked."


def _moment(entry: Entry) -> datetime:
    try:
        moment = datetime.fromisoformat(entry.text())
    except ValueError as error:
        raise entry.fault(
            f"There should be a moment, but {entry.text()!r} was found.",
            "Write it like 2013-12-31T23:59:59.",
        ) from error
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _nudged(bound: float | datetime, side: int) -> float | datetime:
    """Return the next value beyond a bound that is itself excluded."""
    if side == 0:
        return bound
    if isinstance(bound, datetime):
        return bound + side * timedelta(microseconds=1)
    return math.nextafter(bound, side * math.inf)


_READERS: dict[str, Callable[[Entry], float | datetime]] = {
    "number": Entry.number,
    "timestamp": _moment,
    "string": Entry.whole,
}
