"""Creep: a loss that grows by too little in each window to be seen in one.

The accepted past moves along with the windows, so it never looks far from the next one. Here the
logarithms of the mean losses of stretches of windows are kept from the beginning on, and the bet is
that from some stretch on they rise, along a line or by a step.

Against it stands that they swing about a level that is not known, as widely as is not known, and
that neighbours are alike to a degree that is not known: autoregressions from independent stretches
to a random walk. Level and width are integrated out with the right Haar measure, which makes the
ratio of likelihoods an e-process whatever they are (Pérez-Ortiz, Lardy, de Heide & Grünwald, Annals
of Statistics 52 (2024) 1410-1432); of the degrees the one that explains the series best is held
against the bet, so that it is one whichever is true (Wasserman, Ramdas & Balakrishnan, PNAS 117
(2020) 16880-16890). The bets that begin at each stretch are added up: such a sum exceeds c after c
stretches on average or later while nothing rises (Shin, Ramdas & Rinaldo, New England Journal of
Statistics in Data Science 2 (2024) 229-260).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np
from scipy.special import logsumexp

from modelwright.predictor.operations.base import Floats

WINDOWS = 4
"""Of a stretch, at least."""
_FEWEST_LABELS = 200
_FEWEST_LEVELS = 6
_FEWEST_RISEN = 3
"""A single stretch may be an outlier."""
_MOST_LEVELS = 4000
"""Then all begins anew."""
_ALIKE = (0.0, 0.3, 0.6, 0.8, 0.9)
"""How far a stretch is as the one before; 1 is a random walk."""
_SLOPE, _STEP = 0.5, 2.0
"""By how much a loss may rise from stretch to stretch, and at once, in usual swings."""
_FAR = 4.0
"""Standard deviations of those before at which a stretch is cut off: an outlier is no rise."""
_TINY = 1e-12


class Creep(msgspec.Struct, frozen=True, kw_only=True):
    """The losses of all stretches of windows since the world last changed.

    Parameters
    ----------
    levels
        The logarithm of the mean loss of each stretch, the oldest first.
    since
        When each began; empty where that is not known.
    total, labels, windows, begun
        The losses of the stretch that is not full, how many, of how many windows, and its begin.
    """

    levels: tuple[float, ...] = ()
    since: tuple[str, ...] = ()
    total: float = 0.0
    labels: int = 0
    windows: int = 0
    begun: str = ""

    def seen(self, losses: Floats, *, since: str) -> "Creep":
        """Add a window.

        Parameters
        ----------
        losses : ndarray of shape (rows,)
            NaN where no label is known.
        since
            When the window began.

        Examples
        --------
        >>> creep = Creep()
        >>> for _ in range(4):
        ...     creep = creep.seen(np.ones(100), since="2026-03-01")
        >>> creep.levels, creep.labels
        ((0.0,), 0)
        """
        known = losses[np.isfinite(losses)]
        total, labels = self.total + float(known.sum()), self.labels + len(known)
        windows, begun = self.windows + 1, self.begun if self.windows else since
        if windows < WINDOWS or labels < _FEWEST_LABELS or total <= 0:
            return msgspec.structs.replace(
                self, total=total, labels=labels, windows=windows, begun=begun
            )
        if len(self.levels) >= _MOST_LEVELS:
            return Creep()
        level = float(np.log(total / labels))
        return Creep(levels=(*self.levels, level), since=(*self.since, begun))

    @property
    def is_full(self) -> bool:
        """Whether the last window ended a stretch: only then is there something new to tell."""
        return not self.windows and len(self.levels) >= _FEWEST_LEVELS

    def rise(self) -> "Rise":
        """Return what the losses tell of a rise.

        Examples
        --------
        >>> calm = [0.0, 0.02, -0.01, 0.01, -0.02, 0.01, 0.0, -0.01, 0.02, -0.02, 0.01, 0.0]
        >>> Creep(levels=tuple(calm)).rise().evidence < 5
        True
        >>> higher = tuple(0.05 * number for number in range(1, 25))
        >>> rise = Creep(levels=(*calm, *higher)).rise()
        >>> rise.evidence > 12, rise.start > 8, rise.growth > 0.5
        (True, True, True)
        """
        levels, calmed = np.array(self.levels), _calmed(self.levels)
        null = max(_Series.of(calmed, alike).log_steady() for alike in _ALIKE)
        bets = np.array([_Series.of(calmed, alike).log_rises() for alike in _ALIKE])
        of_starts = logsumexp(bets, axis=(0, 1)) - np.log(bets.shape[0] * bets.shape[1]) - null
        of_starts = of_starts[: 1 - _FEWEST_RISEN]
        start = int(of_starts.argmax()) + 1
        after = levels[start:]
        last = after[-max(1, len(after) // 3) :]
        growth = float(np.expm1(last.mean() - levels[:start].mean()))
        return Rise(float(logsumexp(of_starts)), start, growth)


def _calmed(levels: Sequence[float]) -> Floats:
    """Cut off what lies far from all levels before."""
    found, total, squares = list[float](), 0.0, 0.0
    first = levels[0]
    for count, level in enumerate(levels):
        moved = level - first
        if count >= _FEWEST_LEVELS:
            middle = total / count
            reach = _FAR * max(0.0, squares / count - middle**2) ** 0.5
            moved = min(max(moved, middle - reach), middle + reach)
        found.append(moved)
        total, squares = total + moved, squares + moved**2
    return np.array(found)


@dataclass(frozen=True)
class Rise:
    """A rise of the loss.

    Parameters
    ----------
    evidence
        The logarithm of the sum of bets.
    start
        The stretch at which it likeliest began.
    growth
        By which part the loss has grown since.
    """

    evidence: float
    start: int
    growth: float


@dataclass(frozen=True)
class _Series:
    """Levels less what each tells of the next one, and the same of a constant."""

    alike: float
    values: Floats
    level: float

    @classmethod
    def of(cls, levels: Floats, alike: float) -> "_Series":
        """Whiten the levels; a random walk says nothing of where it began."""
        first = levels[0] * (1 - alike**2) ** 0.5
        values = np.concatenate([[first], levels[1:] - alike * levels[:-1]])
        return cls(alike, values, (1 - alike**2) + (len(levels) - 1) * (1 - alike) ** 2)

    @cached_property
    def _along(self) -> float:
        """The product of the values with the constant."""
        first = (1 - self.alike**2) ** 0.5 * self.values[0]
        return float(first + (1 - self.alike) * self.values[1:].sum())

    @cached_property
    def _left(self) -> float:
        """What the level does not explain, in squares."""
        squares = float(np.square(self.values).sum())
        explained = self._along**2 / self.level if self.level else 0.0
        return max(_TINY, squares - explained)

    @cached_property
    def _log_volume(self) -> float:
        """The factor of the likelihood that does not depend on the values."""
        return float(0.5 * np.log((1 - self.alike**2) / self.level)) if self.level else 0.0

    def log_steady(self) -> float:
        """Return how likely the series is if nothing rises, as a logarithm."""
        return float(self._log_volume - 0.5 * (len(self.values) - 1) * np.log(self._left))

    def log_rises(self) -> Floats:
        """Return how likely it is if the loss rises from each stretch on, (shapes, starts)."""
        keep, y = self.alike, self.values
        starts = np.arange(1, len(y))
        count = (len(y) - starts).astype(float)
        sums = np.cumsum(y[::-1])[::-1][1:]
        ranked = np.cumsum((y * np.arange(len(y)))[::-1])[::-1][1:]
        # A line whose first value is 1, and a step, whitened as the levels were.
        rest = 1 - keep
        ranks = count * (count + 1) / 2
        squares = ranks * (2 * count + 1) / 3
        line = (
            rest * ranks + keep * count,
            rest**2 * squares + 2 * keep * rest * ranks + keep**2 * count,
            rest * (ranked - (starts - 1) * sums) + keep * sums,
        )
        step = (
            1 + (count - 1) * rest,
            1 + (count - 1) * rest**2,
            rest * sums + keep * y[1:],
        )
        return np.stack([self._log_rise(*line, _SLOPE), self._log_rise(*step, _STEP)])

    def _log_rise(self, total: Floats, square: Floats, product: Floats, width: float) -> Floats:
        """Return the likelihood with a shape added, of a size about `width` swings, or less."""
        shared = (1 - self.alike) * total
        size = square - (shared**2 / self.level if self.level else 0.0)
        along = product - (shared * self._along / self.level if self.level else 0.0)
        believed = width**2 * np.maximum(size, _TINY)
        explained = believed / (1 + believed) * np.square(along) / np.maximum(size, _TINY)
        left = np.maximum(_TINY, self._left - explained)
        found = self._log_volume - 0.5 * np.log1p(believed)
        found = found - 0.5 * (len(self.values) - 1) * np.log(left)
        # A fall is no bet that wins: it would only add to the sum.
        return np.asarray(np.where(along > 0, found, -np.inf))
