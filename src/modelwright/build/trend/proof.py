"""Whether a target has a trend that lasts: earlier rows are asked about later ones, several times.

From the latest cut of time backwards, a small boosted model learns what came before, with the trend
and without, and both are asked about what came next. The first cut at which the trend does not pay
as it must ends the search, so that a table without one costs little.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.build.trend.slope import few_of, fit_quickly, quick_rows
from modelwright.build.trend.trend import Trend, times_of
from modelwright.compute.budget import Budget
from modelwright.data.splitting.splits import Split
from modelwright.learners.base import Rows
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.figures import figure

_CUTS = (0.8, 0.7, 0.6, 0.5, 0.4)
_NEXT = 0.2
"""Share of the rows that comes next."""
_FEWEST_BEFORE, _FEWEST_MOMENTS = 100, 4
_LEAST_GAIN, _MOST_LOST = 0.03, 0.02
_LATEST, _FEWEST_GAINS = 2, 3
_YEAR, _MONTHS = 365.25, 12
_SHARE = 0.1
"""Of the time, at most."""
_LEAST_BUDGET_S = 10.0
"""Of less, a second is too much."""


@dataclass(frozen=True)
class Proof:
    """What a trend did at the cuts at which it was asked.

    Parameters
    ----------
    column
        Tells the time.
    gains
        Share of the error that it saved, the latest cut's first; 0 where the rows before told no
        trend.
    reach
        How far beyond the rows before it was carried on.
    """

    column: str
    gains: tuple[float, ...] = ()
    reach: float = 0.0

    @property
    def trend(self) -> Trend | None:
        """The trend, if it paid at several cuts, the latest among them, and harmed at none."""
        paid = sum(gain >= _LEAST_GAIN for gain in self.gains)
        holds = self.may_hold and paid >= _FEWEST_GAINS
        return Trend(self.column, self.reach) if holds else None

    def sentence(self, rows: Rows, target: str) -> str:
        """Return what the trend is and why it is believed; empty where there is none.

        Parameters
        ----------
        rows
            All that are learned from.
        target
            What rises.
        """
        if (trend := self.trend) is None:
            return ""
        slope = trend.line_of(rows).slope * _YEAR
        paid = sorted(gain for gain in self.gains if gain >= _LEAST_GAIN)
        moves = "rises" if slope > 0 else "falls"
        return (
            f"{target} {moves} by about {figure(abs(slope), 3)} a year, by {self.column}, beside "
            f"what the other columns tell. Carried on, this saved {paid[0]:.0%} to {paid[-1]:.0%} "
            f"of the error on later rows at {len(paid)} of {len(self.gains)} cuts of time. It is "
            f"carried on for {_time(trend.reach)} beyond the last row learned from, and is level "
            f"after that: learn again before then."
        )

    def until(self, rows: Rows) -> str:
        """Return the day until which the trend is carried on, ISO 8601; empty where there is none.

        Parameters
        ----------
        rows
            All that are learned from.
        """
        trend = self.trend
        return "" if trend is None else str(np.datetime64(int(trend.line_of(rows).end), "D"))

    @property
    def may_hold(self) -> bool:
        """Whether further cuts could prove it."""
        latest = min(self.gains[:_LATEST], default=1.0)
        return latest >= _LEAST_GAIN and min(self.gains, default=0.0) >= -_MOST_LOST


def prove_trend(rows: Rows, column: str, *, budget: Budget | None = None) -> Proof:
    """Ask whether the target of rows follows a trend from which answers to later rows gain.

    Parameters
    ----------
    rows
        In any order; numbers are predicted.
    column
        Tells the time: a moment, not a number.
    budget
        When it ends, nothing is proven; None for any time.

    Examples
    --------
    >>> from modelwright.data.schema import Column, Kind, Schema
    >>> from modelwright.tasks.task import Task
    >>> schema = Schema(columns=(Column(name="sold", kind=Kind.DATETIME),))
    >>> days = np.repeat(np.arange(100) * 86_400_000_000, 4)
    >>> noise = np.random.default_rng(0).normal(size=400)
    >>> rows = Rows(schema, {"sold": days}, noise, Task(kind="regression"))
    >>> prove_trend(rows, "sold").trend is None
    True
    """
    rows, times = quick_rows(rows, column), times_of(rows, column)
    proof = Proof(column)
    columns = len(rows.schema)
    for earlier, later in _cuts(times):
        before, after = (few_of(each, columns=columns) for each in (earlier, later))
        reach = float(times[after].max() - times[before].max())
        gain = _gain(rows.take(before), rows.take(after), Trend(column, reach))
        proof = Proof(column, (*proof.gains, gain), max(proof.reach, reach))
        if budget is not None and not budget.remaining_s:
            return Proof(column)
        if not proof.may_hold:
            break
    return proof


def ask_for_trend(rows: Rows, split: Split, budget: Budget) -> Proof:
    """Prove a trend where there may be one and the time to look for it.

    Parameters
    ----------
    rows
        All that are learned from.
    split
        How the holdout was taken off: only one by time asks about later rows.
    budget
        For the whole build.
    """
    by_time = split.kind == "time" and split.column in rows.schema
    is_moment = by_time and rows.schema[split.column].value_type == "datetime"
    if not is_moment or rows.task.is_classification or budget.seconds < _LEAST_BUDGET_S:
        return Proof(split.column)
    return prove_trend(rows, split.column, budget=budget.share(_SHARE))


def _time(days: float) -> str:
    """Return days for people."""
    if days >= 2 * _YEAR:
        return f"{days / _YEAR:.1f} years"
    months = round(days / _YEAR * _MONTHS)
    return f"{months} months" if months > 2 else f"{days:.0f} days"


def _cuts(times: Floats) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield rows before a moment and those that come next."""
    order = np.argsort(times, kind="stable")[: np.count_nonzero(~np.isnan(times))]
    for cut in _CUTS:
        place, end = (int(share * len(order)) for share in (cut, cut + _NEXT))
        first = times[order[place]] if len(order) else 0.0
        before = order[times[order] < first]
        after = order[place:end]
        if len(before) >= _FEWEST_BEFORE and len(np.unique(times[before])) >= _FEWEST_MOMENTS:
            yield before, after


def _gain(before: Rows, after: Rows, trend: Trend) -> float:
    """Return the share of the error that a trend saves a small model."""
    line = trend.line_of(before)
    if not line.slope:
        return 0.0
    truth, rises = np.asarray(before.target, dtype=np.float64), line.rises(before)
    plain = fit_quickly(before, truth).run(after.columns)[:, 0]
    level = fit_quickly(before, truth - rises).run(after.columns)[:, 0]
    without = _error(after, plain)
    return 1.0 - _error(after, level + line.rises(after)) / without if without else 0.0


def _error(rows: Rows, answers: Floats) -> float:
    return float(np.sqrt(np.mean((rows.target - answers) ** 2)))
