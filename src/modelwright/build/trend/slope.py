"""How steeply a number rises with time, beside what all other columns tell.

Both the number and the time are foretold from the other columns, out of fold; what is left of one
is compared with what is left of the other: Robinson, "Root-N-consistent semiparametric regression"
(1988). So what only looks like a trend, because other columns drifted, is none, and a season of
which not even a year was seen is none either.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.schema import Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.loss import SQUARED
from modelwright.learners.memo import Memo
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task

_MOST_ROWS = 8_000
"""More rows hardly change a slope."""
_COLUMNS = 40
"""Of a table from which on fewer rows are looked at."""
_FEWEST_ROWS = 500
LEAST_CERTAIN = 3.0
"""Standard errors that a slope must be away from level."""
_PARTS = 2
_LEAST_LEFT = 0.05
"""Of the variance of time; where other columns tell all but less, the rest is chance."""
_ROUNDS = 60
_BLOCKS = 40
"""Rows of one time are alike: a standard error is taken from so many blocks of time."""
_FAR = 3.0
"""Spreads from which on a row counts less."""
_TURNS = 3
_ENDLESS_S = 1e9
_QUICK = LightGBM(name="quick", title="Quick model", rate=0.1, leaves=16)
_NUMBERS = Task(kind="regression")


@dataclass(frozen=True)
class Slope:
    """A slope and how sure it is.

    Parameters
    ----------
    value
        Of the target, for a day.
    error
        Its standard error; infinite where nothing tells it.
    """

    value: float
    error: float

    @property
    def is_certain(self) -> bool:
        """Whether it is clearly not level."""
        return abs(self.value) > LEAST_CERTAIN * self.error

    @property
    def known(self) -> float:
        """The slope; 0 where it may as well be level."""
        return self.value if self.is_certain else 0.0


def learn_slope(rows: Rows, times: Floats) -> Slope:
    """Return how steeply the target of rows rises with time.

    Parameters
    ----------
    rows
        With numbers as their target; of many, some are looked at.
    times : ndarray of shape (n,)
        NaN for unknown.
    """
    some = few_of(np.flatnonzero(~np.isnan(times)), columns=len(rows.schema))
    if len(some) < _PARTS * _BLOCKS:
        return Slope(0.0, np.inf)
    chosen, times = rows.take(some), times[some]
    left = _left_of(chosen, times)
    if left.var() < _LEAST_LEFT * times.var():
        return Slope(0.0, np.inf)
    return _compare(left, _left_of(chosen, np.asarray(chosen.target)), order=times)


def quick_rows(rows: Rows, column: str) -> Rows:
    """Return rows as a quick model reads them: no texts, which take long, and one moment.

    The days since another moment would tell the time itself.

    Parameters
    ----------
    column
        Tells the time.
    """
    read = tuple(
        each
        for each in rows.schema
        if each.name == column or each.kind not in (Kind.TEXT, Kind.DATETIME)
    )
    return replace(rows, schema=Schema(columns=read), memo=Memo())


def few_of(places: NDArray[np.intp], *, columns: int) -> NDArray[np.intp]:
    """Return places evenly taken from many, fewer of a wide table."""
    most = max(_FEWEST_ROWS, min(_MOST_ROWS, _MOST_ROWS * _COLUMNS // max(1, columns)))
    kept = np.linspace(0, len(places) - 1, min(len(places), most))
    return np.asarray(places[kept.astype(np.intp)])


def fit_quickly(rows: Rows, target: Floats) -> Program:
    """Return what a small boosted model learns of another target of rows."""
    other = replace(rows, target=target, memo=Memo(), task=_NUMBERS, loss=SQUARED)
    return _QUICK.fit(other, rounds=_ROUNDS, budget=Budget.start(_ENDLESS_S), seed=0).program


def _left_of(rows: Rows, target: Floats) -> Floats:
    """Return what the columns do not tell of a target, out of fold."""
    if not np.ptp(target):
        return np.zeros(len(target))
    part = np.random.default_rng(0).permutation(len(rows)) % _PARTS
    left = np.empty(len(rows))
    for number in range(_PARTS):
        own, others = np.flatnonzero(part == number), np.flatnonzero(part != number)
        program = fit_quickly(rows.take(others), target[others])
        left[own] = target[own] - program.run(rows.take(own).columns)[:, 0]
    return left


def _compare(times: Floats, values: Floats, *, order: Floats) -> Slope:
    """Return the slope of values over times; rows far from the line count less."""
    spread = _spread(values)
    weight, slope = np.ones(len(values)), 0.0
    for _ in range(_TURNS):
        centred = times - np.average(times, weights=weight)
        length = float((weight * centred**2).sum())
        if not length > 0 or not spread > 0:
            return Slope(0.0, np.inf)
        slope = float((weight * centred * values).sum()) / length
        missed = values - slope * times
        missed = missed - np.median(missed)
        # Weights of the next turn; the error below is that of this one.
        used, weight = weight, np.minimum(1.0, _FAR * spread / np.maximum(np.abs(missed), 1e-300))
    missed = values - slope * times
    missed = used * centred * (missed - np.average(missed, weights=used))
    place = np.argsort(np.argsort(order, kind="stable"), kind="stable") * _BLOCKS // len(order)
    error = float(np.sqrt((np.bincount(place, weights=missed) ** 2).sum())) / length
    return Slope(slope, error)


def _spread(values: Floats) -> float:
    """Return a standard deviation that a few rows do not rule."""
    middle = float(np.median(np.abs(values - np.median(values)))) / 0.6745
    return middle or float(values.std())
