"""Which column says when a row happened."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.schema import Kind, Role, Schema
from modelwright.plan.agreement import Answers
from modelwright.plan.clocks import Clock, are_whole, as_numbers, list_clocks
from modelwright.plan.names import is_entity, is_event_date, is_key, is_late_date

_FEWEST_MOMENTS = 6
_FORWARD = 0.9
"""Tables of several sensors or places hold one ordered run after another: a few steps go back."""
_FORWARD_COUNT = 0.999
"""An hour or a month comes again in every run; a count that does is no time."""
_EXPECTED_CHANGES = 10
_DAY_US = 86_400_000_000
_LONGEST_SPAN_US = 15 * 365 * _DAY_US
"""Events of one table rarely lie further apart, dates of birth or of hire do."""
_PANEL_COLUMNS = 40
_PANEL_LEVELS = 5
_PANEL_PAIRS = 30
_PANEL_SHARE = 0.02
_PANEL_PART = 16
"""Of the moments, one in so many is looked at first."""
_FEWEST_STEPS = 5
_MOST_ALIKE = 0.7
"""Neighbours that agree more stand in the order of the target itself, not of time."""


@dataclass(frozen=True)
class TimeEvidence:
    """A column that says when a row happened, and why it is believed.

    Parameters
    ----------
    reason
        A clause with what was measured.
    strength
        Larger where the evidence is better.
    """

    column: str
    reason: str
    strength: tuple[float, ...]


def list_time_columns(
    frame: pl.DataFrame, schema: Schema, *, answers: Answers, seed: int
) -> tuple[TimeEvidence, ...]:
    """Return the columns that say when each row happened, the best evidence first.

    A date can also be an attribute of a person or a thing: by itself it proves nothing. It counts
    when rows stand in its order; when every entity has at most one row per moment, as in a panel;
    when its name says that something happened then; when it is exact to the second; or when the
    target depends on it.

    Parameters
    ----------
    frame, schema
        The prepared table, rows in the order of the source.
    answers
        For measuring whether rows near in time agree.
    seed
        For breaking ties.
    """
    found = [
        evidence
        for clock in list_clocks(frame, schema)
        if (evidence := _judge(clock, frame, schema, answers=answers, seed=seed)) is not None
    ]
    return tuple(sorted(found, key=lambda each: each.strength, reverse=True))


def find_counter(frame: pl.DataFrame, schema: Schema, *, answers: Answers) -> TimeEvidence | None:
    """Find a number that was given out in the order in which rows came about, or None.

    Such as the number of an order or an issue: it differs in every row, rows stand in its order,
    it has gaps (a mere row number has none), and rows that are next to each other agree.

    Parameters
    ----------
    frame, schema, answers
        As above.
    """
    agreement = answers.among_rows()
    if not agreement.is_certain or agreement.excess > _MOST_ALIKE:
        return None
    for column in schema.with_role(Role.ID):
        numbers = as_numbers(frame[column.name])
        if column.kind == Kind.ID and not numbers.null_count() and _has_gaps(numbers):
            reason = (
                f"{column.name!r} counts on from row to row with gaps, as numbers do that are given"
                f" out in the order of time, and rows next to each other agree in the target "
                f"{agreement.errors:.0f} standard errors beyond chance"
            )
            return TimeEvidence(column.name, reason, (0.0,))
    return None


def _judge(
    clock: Clock, frame: pl.DataFrame, schema: Schema, *, answers: Answers, seed: int
) -> TimeEvidence | None:
    agreement = answers.among_neighbours(clock.moments, seed=seed)
    found = _evidence(clock, frame, schema, depends=agreement.is_certain)
    if found is None:
        return None
    tier, reason = found
    if agreement.is_certain:
        reason = (
            f"{reason}, and rows near each other in time agree in the target "
            f"{agreement.errors:.0f} standard errors beyond chance"
        )
    earliest = -float(clock.moments.mean()) if clock.is_datetime else 0.0  # type: ignore[arg-type]
    strength = (float(not is_late_date(clock.column)), tier, float(clock.is_datetime), earliest)
    return TimeEvidence(clock.column, reason, strength)


def _evidence(
    clock: Clock, frame: pl.DataFrame, schema: Schema, *, depends: bool
) -> tuple[float, str] | None:
    """Return how strong the evidence is and what it is; None where there is none."""
    name, calendar = repr(clock.column), clock.is_calendar
    sizes = _sizes(clock.moments)
    order = _Order.of(clock.moments, sizes)
    if order.is_clear and order.forward >= (_FORWARD if calendar else _FORWARD_COUNT):
        return (4.0 if calendar else 2.5), f"rows stand in the order of {name}{order.remark}"
    if (entity := _panel_entity(clock, frame, schema, sizes)) is not None:
        return (3.5 if calendar else 2.0), f"no {entity!r} has two rows at one moment of {name}"
    if not calendar or len(sizes) < _FEWEST_MOMENTS:
        return None
    held = f"{name} holds {len(sizes):,} moments{_span(clock)}"
    if clock.others:
        return 3.0, f"{name} and {' and '.join(map(repr, clock.others))} tell the date"
    if is_event_date(clock.column):
        return 3.0, held
    if _has_time_of_day(clock):
        return 1.5, f"{held}, exact to the second or minute"
    if depends and _middle_span(clock.moments) <= _LONGEST_SPAN_US:
        return 1.0, held
    return None


@dataclass(frozen=True)
class _Order:
    """How a column runs from row to row of the table.

    Parameters
    ----------
    forward
        The share of its changes that go in the prevailing direction; about half when shuffled.
    is_clear
        Whether a shuffled column would show another picture.
    """

    forward: float
    is_falling: bool
    is_clear: bool

    @classmethod
    def of(cls, moments: pl.Series, sizes: NDArray[np.int64]) -> "_Order":
        steps = moments.drop_nulls().diff().drop_nulls().to_numpy()
        up, down = int((steps > 0).sum()), int((steps < 0).sum())
        changes = up + down
        shares = sizes / max(1, sizes.sum())
        expected = len(steps) * (1.0 - float((shares**2).sum()))
        is_clear = expected >= _EXPECTED_CHANGES and (
            changes >= _EXPECTED_CHANGES or changes <= expected / 3
        )
        return cls(max(up, down) / max(1, changes), down > up, is_clear)

    @property
    def remark(self) -> str:
        share = "" if self.forward == 1.0 else f" in {self.forward:.1%} of the steps"
        return f"{share}{', newest first' if self.is_falling else ''}"


def _panel_entity(
    clock: Clock, frame: pl.DataFrame, schema: Schema, sizes: NDArray[np.int64]
) -> str | None:
    """Return the column of which no value has two rows at one moment, although chance would."""
    moments = clock.moments
    meeting = _pairs(sizes) / max(1.0, len(moments) * (len(moments) - 1) / 2)
    some = moments.hash() % _PANEL_PART == 0
    for name in _repeating(frame, schema, besides={clock.column, *clock.others}):
        expected = _pairs(frame[name].drop_nulls().unique_counts().to_numpy()) * meeting
        if expected < _PANEL_PAIRS:
            continue
        pairs = pl.DataFrame([frame[name].alias("entity"), moments.alias("moment")])
        most = _PANEL_SHARE * min(expected, len(pairs.drop_nulls()))
        # Those of some moments that meet all meet among all rows: mostly they are too many already.
        if all(_meeting(rows) <= most for rows in (pairs.filter(some), pairs)):
            return name
    return None


def _sizes(moments: pl.Series) -> NDArray[np.int64]:
    """Return how many rows each moment has.

    By sorting: a table of a million moments is far slower than its size tells, out of the cache.
    """
    ordered = np.sort(moments.drop_nulls().to_numpy())
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    return np.diff(begins, append=len(ordered))


def _pairs(sizes: NDArray[Any]) -> float:
    """Return how many pairs of rows have the same value, of which each has so many rows."""
    rows = sizes.astype(np.float64)
    return float((rows * (rows - 1)).sum()) / 2


def _meeting(pairs: pl.DataFrame) -> int:
    """Return how many rows repeat the entity and the moment of another."""
    known = pairs.drop_nulls()
    return len(known) - known.n_unique()


def _repeating(frame: pl.DataFrame, schema: Schema, *, besides: set[str]) -> list[str]:
    """Return the columns that could name an entity with several rows, the finest first."""
    levels = {
        column.name: frame[column.name].n_unique()
        for column in schema
        if column.role in (Role.FEATURE, Role.ID, Role.GROUP) and column.name not in besides
        if column.value_type == "string" or _names_entity(frame[column.name])
    }
    able = [name for name, count in levels.items() if _PANEL_LEVELS <= count <= len(frame) / 2]
    return sorted(able, key=lambda name: -levels[name])[:_PANEL_COLUMNS]


def _names_entity(values: pl.Series) -> bool:
    named = is_entity(values.name) or is_key(values.name)
    return named and values.dtype == pl.Float64 and are_whole(values)


def _has_time_of_day(clock: Clock) -> bool:
    known = clock.moments.drop_nulls()
    return bool((known % _DAY_US != 0).mean() > 0.5)  # type: ignore[operator]


def _middle_span(moments: pl.Series) -> float:
    return float(moments.quantile(0.95) or 0.0) - float(moments.quantile(0.05) or 0.0)


def _span(clock: Clock) -> str:
    low, high = float(clock.moments.min()), float(clock.moments.max())  # type: ignore[arg-type]
    return f" from {clock.written(low)} to {clock.written(high)}"


def _has_gaps(numbers: pl.Series) -> bool:
    if not are_whole(numbers) or numbers.n_unique() < len(numbers):
        return False
    order = _Order.of(numbers, np.ones(len(numbers), np.int64))
    steps = numbers.diff().drop_nulls().abs()
    return order.forward >= _FORWARD_COUNT and steps.n_unique() >= _FEWEST_STEPS
