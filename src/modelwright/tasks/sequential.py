"""Two models compared while labels come in, with one error rate over all looks together.

The first labelled rows only say how much a row may count: no later one counts for more, so that the
bounds of `betting` hold for losses without a bound too. What is beyond is cut, and counted.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.tasks.betting import mean_at_any_time
from modelwright.tasks.interval import Interval

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FIRST = 50
"""Labelled rows that say how much a row may count."""
_ROOM = 2.0
"""A later row may count for so many times the most that one of the first did."""
_LOOKS = 10


@dataclass(frozen=True)
class Look:
    """What was known after some rows.

    Parameters
    ----------
    rows
        That were compared until then.
    gain
        By how much the challenger loses less in a row.
    """

    rows: int
    gain: Interval


@dataclass(frozen=True)
class Gains:
    """What each compared row says about the gain.

    Parameters
    ----------
    values : ndarray of shape (rows,)
        Their mean is the gain.
    span
        What bounds them.
    cut
        How many were beyond it, and were cut.
    """

    values: Floats
    span: float
    cut: int

    def look(self, rows: int, *, error_rate: float) -> Look:
        """Return what is known after some rows."""
        found = mean_at_any_time(self.values[:rows], error_rate=error_rate, span=self.span)
        return Look(rows, found)

    def looks(self, *, error_rate: float) -> tuple[Look, ...]:
        """Return what was known on the way, and is known now; nothing before the first row."""
        if not len(self.values):
            return ()
        ends = np.geomspace(min(FIRST, len(self.values)), len(self.values), _LOOKS)
        sizes = dict.fromkeys(round(float(end)) for end in ends)
        return tuple(self.look(size, error_rate=error_rate) for size in sizes)


def paired_gains(champion: Floats, challenger: Floats, *, span: float | None) -> Gains:
    """Return the gains of rows that both have answered.

    Parameters
    ----------
    champion, challenger : ndarray of shape (rows,)
        Their losses, in the order in which labels came.
    span
        By how much they can differ at most; None where there is no bound.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> old = rng.random(3000)
    >>> gains = paired_gains(old, old - rng.uniform(-0.05, 0.1, 3000), span=1.0)
    >>> gains.look(2950, error_rate=0.05).gain.low > 0
    True
    """
    gains = champion - challenger
    # Where both have answered alike so far, nothing says yet how much a row may count.
    unlike = np.flatnonzero(gains)
    begin = max(FIRST, int(unlike[0]) + 1) if len(unlike) else len(gains)
    bound = _bound(np.abs(gains[:begin]), span)
    return _cut(gains[begin:], bound, bound)


def shared_gains(losses: Floats, is_canary: Flags, *, share: float, span: float | None) -> Gains:
    """Return the gains of rows that either has answered, shared out by chance.

    Each row counts the more the rarer its model was chosen, which makes the mean that of the whole
    traffic (Horvitz and Thompson, JASA 47, 1952); the mean of the first rows is taken off all
    losses, which leaves the mean of the gains as it is and makes them vary less.

    Parameters
    ----------
    losses : ndarray of shape (rows,)
        In the order in which labels came.
    is_canary : ndarray of shape (rows,)
        Which of them the challenger answered.
    share
        The chance of that.
    span
        By how much losses can differ at most; None where there is no bound.
    """
    middle = float(losses[:FIRST].mean()) if len(losses) else 0.0
    away = losses - middle
    bound = _bound(np.abs(away[:FIRST]), span)
    kept = np.clip(away[FIRST:], -bound, bound)
    weight = np.where(is_canary[FIRST:], -1.0 / share, 1.0 / (1.0 - share))
    cut = int((np.abs(away[FIRST:]) > bound).sum())
    return Gains(kept * weight, bound / min(share, 1.0 - share) or 1.0, cut)


def _bound(first: Floats, span: float | None) -> float:
    most = _ROOM * float(first.max()) if len(first) else 0.0
    return most if span is None else min(most or span, span)


def _cut(gains: Floats, bound: float, span: float) -> Gains:
    cut = int((np.abs(gains) > bound).sum())
    return Gains(np.clip(gains, -bound, bound), span or 1.0, cut)
