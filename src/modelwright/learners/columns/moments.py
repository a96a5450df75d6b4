"""Datetimes as numbers: parts that come back, the time itself, and the days between two of them."""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column
from modelwright.learners.base import Rows
from modelwright.learners.encoding import Part
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.dates import DatePart, DateParts
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import column_value

_DAY_US = 86_400_000_000

CALENDAR: tuple[DatePart, ...] = ("month", "day", "weekday", "day_of_year", "hour", "minute")
"""Parts that come back. The year and the absolute time do not: a tree that splits on them has
nothing to say about later rows."""
OF_DAYS = ("weekday", "day_of_year")
"""Parts of which months and quarters have none: those of their first days tell years apart."""
MAX_DATETIMES = 5
"""Of more columns, ten pairs and more, no days between are made."""
LEAST_SPAN_DAYS = 730
"""A column of dates from a shorter time is about when rows were recorded."""
_IN_ORDER = 0.9
"""Rank correlation of time and place from which on a table is a record of what happened."""
_TOLD = 0.95
"""Rank correlation from which on another column, such as the year, tells the time already."""


def calendar_part(column: Column, moments: Value) -> list[Part]:
    """Return the calendar parts of a datetime that vary in some rows; none when none does.

    Parameters
    ----------
    column
        The raw column.
    moments : ndarray of shape (n,)
        Microseconds since 1970.
    """
    return _varying(column.name, moments, CALENDAR)


def attribute_part(column: Column, rows: Rows) -> list[Part]:
    """Return the calendar parts of a datetime, and the time itself where that has a future.

    A date of birth is an attribute like any other: later rows have dates between those of the rows
    learned from. The moment at which a row came to be is none.

    Parameters
    ----------
    column
        One of the raw columns.
    rows
        To learn from.
    """
    moments = rows.columns[column.name]
    wanted = (*CALENDAR, "epoch_day") if _is_attribute(moments, rows) else CALENDAR
    return _varying(column.name, moments, wanted)


def between_parts(rows: Rows) -> list[Part]:
    """Return the days between each two datetimes, where they vary; an age outlives any time.

    Parameters
    ----------
    rows
        To learn from.
    """
    columns = [column for column in rows.schema if column.value_type == "datetime"]
    if len(columns) > MAX_DATETIMES:
        return []
    pairs = combinations(columns, 2)
    return [_between(one.name, other.name) for one, other in pairs if _differ(rows, one, other)]


def _varying(name: str, moments: Value, wanted: Sequence[DatePart]) -> list[Part]:
    every = _parts(name, "parts", wanted)
    values = every.run(moments)
    kept = tuple(part for part, found in zip(wanted, values.T, strict=True) if varies(found))
    if "day" not in kept:
        kept = tuple(part for part in kept if part not in OF_DAYS)
    if not kept:
        return []
    step = _parts(name, "parts", kept)
    return [Part((step,), step.output, tuple(f"{name} ({part})" for part in kept))]


def _parts(name: str, output: str, parts: Iterable[DatePart]) -> DateParts:
    return DateParts(inputs=(column_value(name),), output=f"{output}:{name}", parts=tuple(parts))


def _between(one: str, other: str) -> Part:
    days = [_parts(name, "day", ("epoch_day",)) for name in (one, other)]
    both = SideBySide(
        inputs=tuple(step.output for step in days), output=f"both:{one!r} & {other!r}"
    )
    apart = Linear(
        inputs=(both.output,),
        output=f"days:{one!r} & {other!r}",
        weights=np.array([[-1.0], [1.0]]),
        bias=np.zeros(1),
    )
    return Part((*days, both, apart), apart.output, (f"days from {one!r} to {other!r}",))


def _differ(rows: Rows, one: Column, other: Column) -> bool:
    start, end = rows.columns[one.name], rows.columns[other.name]
    known = (start != MISSING_DATETIME) & (end != MISSING_DATETIME)
    return varies((end - start)[known].astype(np.float64))


def _is_attribute(moments: Value, rows: Rows) -> bool:
    known = moments != MISSING_DATETIME
    times = moments[known]
    if rows.forward or not len(times) or np.ptp(times) < LEAST_SPAN_DAYS * _DAY_US:
        return False
    if _related(times, np.arange(len(times))) >= _IN_ORDER:
        return False
    numbers = (rows.columns[other.name] for other in rows.schema if other.value_type == "number")
    return all(_related(times, values[known]) < _TOLD for values in numbers)


def _related(times: Value, values: Value) -> float:
    """Return the size of the rank correlation where both are known."""
    known = ~np.isnan(values)
    if not varies(values[known]):
        return 0.0
    one, other = (_ranks(each[known]) for each in (times, values))
    return abs(float(np.corrcoef(one, other)[0, 1])) if varies(one) else 0.0


def _ranks(values: Value) -> Floats:
    return np.unique(values, return_inverse=True)[1].astype(np.float64)


def varies(values: Floats) -> bool:
    """Say whether two rows differ; missing counts as a value.

    Parameters
    ----------
    values : ndarray of shape (n,)
        NaN for missing.
    """
    missing = np.isnan(values)
    known = values[~missing]
    return bool(len(known)) and bool(missing.any() or (known != known[0]).any())
