"""The columns of a table that can be read as a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

import polars as pl

from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.plan.names import Part, is_attribute_date, is_time, part_of_date

_MOST_MISSING = 0.05
_CHAIN: tuple[Part, ...] = ("year", "month", "day", "hour")
_RANGES: dict[Part, tuple[int, int]] = {
    "year": (1900, 2100),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 24),
}
_FEWEST_DAYS = 8
"""Days up to 7 are those of a week, which come again."""
_EPOCHS = tuple((3e8 * unit, 4.2e9 * unit) for unit in (1, 1e3, 1e6, 1e9))
"""From 1979 to 2103 in seconds since 1970, and in thousandths, millionths, billionths of them."""
_NUMBERS = (Kind.NUMERIC, Kind.CODED)


_YEARS = (1800, 2100)


@dataclass(frozen=True)
class Clock:
    """A column that can be read as a time.

    Parameters
    ----------
    column
        What rows are split by.
    moments
        A number per row that grows with time, null where unknown; where the date is kept in
        several columns it is finer than the column.
    is_calendar
        Whether it tells dates, not only a count of steps or years.
    others
        Columns that hold the finer parts of the same date.
    is_datetime
        Whether moments are microseconds since 1970.
    """

    column: str
    moments: pl.Series
    is_calendar: bool
    others: tuple[str, ...] = ()
    is_datetime: bool = False

    def written(self, moment: float) -> str:
        """Write a moment for people."""
        if not self.is_datetime:
            return f"{moment:.0f}"
        return (
            (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)).date().isoformat()
        )


def list_clocks(frame: pl.DataFrame, schema: Schema) -> tuple[Clock, ...]:
    """Return the columns that can be read as a time and are known in nearly every row.

    Datetimes can; so can a date in several columns (year, month, day, hour), seconds since 1970,
    months written as 201807, and numbers whose name speaks of time. Dates that belong to the thing
    of a row, such as a birth date, are left out.

    Parameters
    ----------
    frame, schema
        The prepared table.
    """
    usable = [
        column
        for column in schema
        if column.role in (Role.FEATURE, Role.TIME) or column.kind == Kind.CONSTANT
        if column.role != Role.TARGET and not is_attribute_date(column.name)
    ]
    parts = _parts(frame, usable)
    chained = {series.name for series in parts.values()}
    clocks = (
        *_dates(frame, usable),
        *_date_in_parts(parts),
        *_numbers(frame, [each for each in usable if each.name not in chained]),
    )
    return tuple(clock for clock in clocks if _is_known(clock.moments))


def as_numbers(values: pl.Series) -> pl.Series:
    """Return a column as numbers; null where it holds none.

    Examples
    --------
    >>> as_numbers(pl.Series(["2019", "x"])).to_list()
    [2019.0, None]
    """
    return values.to_physical().cast(pl.Float64, strict=False).fill_nan(None)


def are_whole(numbers: pl.Series) -> bool:
    """Return whether every known number is whole; False where none is known."""
    known = numbers.drop_nulls()
    return bool(len(known)) and bool((known == known.floor()).all())


def are_years(numbers: pl.Series) -> bool:
    """Return whether every number can be a year; False where one is missing.

    Examples
    --------
    >>> are_years(pl.Series([2019.0, 2020.0])), are_years(pl.Series([1.0, 2.0]))
    (True, False)
    """
    known = numbers.is_between(*_YEARS).fill_null(value=False)
    return are_whole(numbers) and bool(known.all())


def _dates(frame: pl.DataFrame, usable: list[Column]) -> Iterator[Clock]:
    for column in usable:
        if column.kind == Kind.DATETIME:
            moments = frame[column.name].to_physical().cast(pl.Float64)
            yield Clock(column.name, moments, is_calendar=True, is_datetime=True)


def _parts(frame: pl.DataFrame, usable: list[Column]) -> dict[Part, pl.Series]:
    """Return the columns that hold the parts of a date, as numbers; the first for each part."""
    found: dict[Part, pl.Series] = {}
    for column in usable:
        part = part_of_date(column.name)
        if part is None or part in found or column.value_type == "datetime":
            continue
        numbers = as_numbers(frame[column.name])
        if _is_part(part, numbers):
            found[part] = numbers
    return found


def _is_part(part: Part, numbers: pl.Series) -> bool:
    low, high = _RANGES[part]
    if numbers.null_count() > _MOST_MISSING * len(numbers) or not are_whole(numbers):
        return False
    if part == "day" and (numbers < _FEWEST_DAYS).all():
        return False
    return bool(numbers.is_between(low, high).all())


def _date_in_parts(parts: dict[Part, pl.Series]) -> Iterator[Clock]:
    """Yield the date that is kept in several columns, split by the coarsest that varies.

    A month without a year is a date only while it does not come again, which its order tells.
    """
    begin = 0 if "year" in parts else 1
    # A finer part says nothing without the coarser one: a day without its month is no date.
    chain = [parts[part] for part in takewhile(parts.__contains__, _CHAIN[begin:])]
    varying = [series for series in chain if series.n_unique() > 1]
    if varying:
        moments = chain[0]
        for finer in chain[1:]:
            moments = moments * 32 + finer
        rest = tuple(series.name for series in varying[1:])
        yield Clock(varying[0].name, moments, {"year", "month"} <= parts.keys(), rest)


def _numbers(frame: pl.DataFrame, usable: list[Column]) -> Iterator[Clock]:
    for column in usable:
        if column.kind in _NUMBERS and is_time(column.name):
            numbers = as_numbers(frame[column.name])
            if part_of_date(column.name) is None or numbers.n_unique() > _RANGES["day"][1]:
                yield Clock(column.name, numbers, are_whole(numbers) and _are_dates(numbers))


def _are_dates(numbers: pl.Series) -> bool:
    known = numbers.drop_nulls()
    if any(known.is_between(*epoch).all() for epoch in _EPOCHS):
        return True
    return bool((known.is_between(190001, 210012) & (known % 100).is_between(1, 12)).all())


def _is_known(moments: pl.Series) -> bool:
    return moments.null_count() <= _MOST_MISSING * len(moments) and moments.n_unique() > 1
