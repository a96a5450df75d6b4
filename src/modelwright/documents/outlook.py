"""What a model is worth, foreseen before it is built."""

from typing import Literal

import msgspec

from modelwright.tasks.interval import Interval

Verdict = Literal["worth it", "unclear", "not worth it"]
Feasible = Literal["expected", "possible", "with more rows", "not with these columns"]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """The score that is expected of a model.

    Parameters
    ----------
    rows
        From how many it learns.
    score
        In the plan's metric.
    """

    name: str
    title: str
    rows: int
    score: Interval


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """What more rows are expected to bring.

    Parameters
    ----------
    rows
        To learn from.
    score
        Foreseen with them.
    gain
        By how much it is better than with the rows that there are.
    saves
        By how much less mistakes cost in 1,000 cases; None where nobody said what they cost.
    """

    rows: int
    score: Interval
    gain: Interval
    saves: Interval | None = None


class Feasibility(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a goal can be reached, and what is missing."""

    goal: str
    verdict: Feasible
    sentence: str


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What a model is worth, foreseen by quick ones before it is built.

    Parameters
    ----------
    expected
        Models from the simplest on, the build itself last.
    gain
        Of a quick model over the best simple answer, on the same rows.
    verdict
        Whether a model is worth its while.
    measured
        The learning curve of the quick model: rows and score.
    growth
        What more rows would bring.
    feasibility
        Of the goal; None where none was set.
    """

    expected: tuple[Expected, ...]
    gain: Interval
    verdict: Verdict
    sentence: str
    measured: tuple[tuple[int, float], ...] = ()
    growth: tuple[Growth, ...] = ()
    feasibility: Feasibility | None = None
