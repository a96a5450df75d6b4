"""The rules of one column, before it is known how many rows each must allow to break it."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from modelwright.data.checks.base import Check
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.shape import NotConstant
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import parses
from modelwright.data.schema import Column, Kind, Role

_MOST_LEVELS = 50


class RuleDraft(NamedTuple):
    """A check before it is known how many rows it must allow to break it."""

    check: Check
    breaking: int
    rows: int


def drafts_of(values: pl.Series, column: Column, unread: int) -> Iterator[RuleDraft]:
    """Yield the rules of a column.

    Parameters
    ----------
    values
        As they are read, in any order.
    column
        What they are.
    unread
        How many could not be read, which are null.
    """
    rows = len(values)
    yield RuleDraft(NotMissing(column=column.name), values.null_count() - unread, rows)
    for check in parses(column):
        yield RuleDraft(check, unread, rows)
    present = values.drop_nulls()
    if present.is_empty() or column.kind == Kind.CONSTANT:
        return
    if column.kind == Kind.ID or column.role == Role.ID:
        yield from _id_drafts(present, column)
        return
    yield from _kind_drafts(present, column, rows)
    same = int(present.unique_counts().max())  # type: ignore[arg-type]
    yield RuleDraft(
        NotConstant(column=column.name, severity="warning"), rows - len(present) + same, rows
    )


def widened(least: float, greatest: float) -> tuple[float | None, float | None]:
    """Widen a range by half of itself, but not across zero: what was never negative stays so.

    Parameters
    ----------
    least, greatest
        The ends of the range.

    Returns
    -------
    tuple
        The ends; None for one that no float can hold.

    Examples
    --------
    >>> widened(0.0, 4.0), widened(-2.0, 4.0)
    ((0.0, 6.0), (-5.0, 7.0))
    """
    half = greatest / 2 - least / 2
    digits = 1 - math.floor(math.log10(half)) if half else 0
    low, high = round(least - half, digits), round(greatest + half, digits)
    low = max(0.0, low) if least >= 0 else low
    high = min(0.0, high) if greatest <= 0 else high
    return low if math.isfinite(low) else None, high if math.isfinite(high) else None


def _id_drafts(present: pl.Series, column: Column) -> Iterator[RuleDraft]:
    if not present.is_duplicated().any():
        yield RuleDraft(Unique(column=column.name), 0, len(present))


def _kind_drafts(present: pl.Series, column: Column, rows: int) -> Iterator[RuleDraft]:
    if column.kind == Kind.NUMERIC:
        yield from _range_drafts(present, column, rows)
    elif column.kind == Kind.DATETIME:
        yield RuleDraft(Period(column=column.name, minimum=_earliest(present)), 0, rows)
    elif column.kind in (Kind.CATEGORICAL, Kind.CODED):
        yield from _level_drafts(present, column)
    elif column.kind == Kind.TEXT:
        longest = int(present.str.len_chars().max())  # type: ignore[arg-type]
        check = TextLength(column=column.name, max_length=2 * longest, severity="warning")
        yield RuleDraft(check, 0, rows)


def _range_drafts(present: pl.Series, column: Column, rows: int) -> Iterator[RuleDraft]:
    finite = present.filter(present.is_finite())
    least, most = _ends(finite)
    if least == most:
        return
    minimum, maximum = widened(least, most)
    if column.role == Role.TIME:
        maximum = None  # Time goes on.
    check = Range(column=column.name, minimum=minimum, maximum=maximum)
    yield RuleDraft(check, len(present) - len(finite) + 1, rows)


def _ends(values: pl.Series) -> tuple[Any, Any]:
    return values.min(), values.max()


def _earliest(present: pl.Series) -> datetime:
    first, last = _ends(present)
    slack = min((last - first) / 2, first - datetime.min)  # noqa: DTZ901
    earliest: datetime = first - slack
    return earliest.replace(hour=0, minute=0, second=0, microsecond=0)


def _level_drafts(present: pl.Series, column: Column) -> Iterator[RuleDraft]:
    levels = present.unique().sort()
    half = len(present) // 2
    if len(levels) <= _MOST_LEVELS and half:
        known = present.tail(-half).unique().implode()
        unmet = int((~present.head(half).is_in(known)).sum())
        yield RuleDraft(Levels(column=column.name, levels=tuple(levels)), unmet, half)
