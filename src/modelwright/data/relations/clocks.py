"""When the rows of a related table are known."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from modelwright.data.conform import conform
from modelwright.data.relations.names import heading_of
from modelwright.data.relations.relation import DAY_S, Grain
from modelwright.data.relations.table import Question, RelatedTable, require_column
from modelwright.data.schema import Kind, Schema
from modelwright.data.sources.columns import listed
from modelwright.errors import BriefError

_ZONES_S = 14 * 3600
"""The clock of no place is further from UTC."""


@dataclass(frozen=True)
class Clock:
    """Which column tells it, how exactly and how much later; without a column rows are as now."""

    time: str = ""
    grain: Grain = "exact"
    delay_s: float = 0.0
    evidence: tuple[str, ...] = ()


def clock_of(question: Question, table: RelatedTable, keys: Sequence[str] = ()) -> Clock | str:
    """Return when rows are known, or why the table cannot be used.

    Parameters
    ----------
    question, table
        Whose rows should be known when.
    keys
        The table's columns that lead to it.
    """
    times = time_columns(table)
    if (shared := set(times) & set(keys)) and not table.source.static:
        return (
            f"its time {listed(sorted(shared))} is part of the key, and a row of that moment is "
            f"never known before it. Say static = true in {heading_of(table.name)} when its rows "
            "are known beforehand, as those of a calendar are, or leave it out of the key."
        )
    times = tuple(name for name in times if name not in keys)
    if not times:
        said = "It has no time: its rows are read as they are now, whenever the prediction was made"
        return Clock(evidence=(f"{said}; use it only if they do not change.",))
    if not question.moment:
        return (
            "its rows have a time, but the question's rows have no moment of prediction to compare "
            "it with. Name it: --moment COLUMN."
        )
    chosen = times[0]
    values = conform(table.frame, Schema(columns=(table.schema[chosen],)))[chosen].drop_nulls()
    if not len(values):
        return f"its time {chosen!r} is missing in all rows."
    grain, delay_s, evidence = _grain(values), table.delay_s, []
    if len(times) > 1:
        evidence.append(f"Its time is {chosen!r}; {listed(times[1:])} would be others.")
    if grain != "exact":
        evidence.append(f"Its time is exact to the {grain}: a row is known when that is over.")
    if _has_zone(question.frame[question.moment]) != _has_zone(table.frame[chosen]):
        delay_s += _ZONES_S
        evidence.append(
            "Only one of the two times has a time zone: rows of the last 14 hours are left out, "
            "as nobody can say whether they were known."
        )
    if delay_s:
        evidence.append(f"A row is known {delay_s / 3600:g} hours after its time.")
    return Clock(chosen, grain, delay_s, tuple(evidence))


def time_columns(table: RelatedTable) -> tuple[str, ...]:
    """Return the columns that may say when a row happened, the likeliest first."""
    if table.source.time:
        require_column(table.source.time, table.schema.names, f"The related table {table.name!r}")
        if table.schema[table.source.time].kind != Kind.DATETIME:
            raise BriefError(
                f"The time {table.source.time!r} of {table.name!r} holds no moments.",
                "Name a column with dates or times; of years, a query or a view can make the last "
                "day, from which on they are known.",
            )
        return (table.source.time,)
    times = [each.name for each in table.schema if each.kind == Kind.DATETIME]
    if len(times) < 2:
        return tuple(times)
    # A row may be completed later than it is begun: the latest time is the safe one.
    frame = conform(table.frame, Schema(columns=tuple(table.schema[name] for name in times)))
    means = {name: frame[name].cast(pl.Int64).mean() or 0 for name in times}
    return tuple(sorted(times, key=lambda name: (-float(str(means[name])), name)))


def _grain(times: pl.Series) -> Grain:
    if (times.cast(pl.Int64) % (DAY_S * 1_000_000) != 0).any():
        return "exact"
    return "month" if len(times) > 1 and (times.dt.day() == 1).all() else "day"


def _has_zone(series: pl.Series) -> bool:
    if isinstance(series.dtype, pl.Datetime):
        return series.dtype.time_zone is not None
    if series.dtype != pl.String:
        return False
    return bool(series.str.contains(r"\d\d:\d\d.*(?:[Zz]|UTC|GMT|[+-]\d\d:?\d\d)\s*$").any())
