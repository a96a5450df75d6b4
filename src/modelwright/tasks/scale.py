"""The scale on which a bounded score has no bounds."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import expit

_STEEPEST = 700.0  # beyond it exp() leaves the range of a double
_TINY = 1e-12


@dataclass(frozen=True)
class Scale:
    """Log-odds between two bounds, a logarithm beside one, the score itself without any.

    Parameters
    ----------
    lowest, highest
        The bounds, None where there is no end.

    Examples
    --------
    >>> low, high = Scale(0.0, 1.0).around(0.9, 0.06)
    >>> print(f"{low:.2f} {high:.2f}")
    0.82 0.95
    """

    lowest: float | None
    highest: float | None

    @classmethod
    def of(cls, lowest: float, highest: float) -> Self:
        """Return the scale of a range whose ends may be infinite."""
        return cls(*(end if np.isfinite(end) else None for end in (lowest, highest)))

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The lowest and the highest score."""
        return self.lowest, self.highest

    def place(self, score: float) -> float:
        """Return where a score inside the bounds lies on this scale."""
        if self.lowest is None and self.highest is None:
            return score
        above_lowest = 0.0 if self.lowest is None else np.log(score - self.lowest)
        below_highest = 0.0 if self.highest is None else np.log(self.highest - score)
        return float(above_lowest - below_highest)

    def around(self, score: float, error: float) -> tuple[float, float]:
        """Return the scores that lie an error, measured at the score, below and above it."""
        place, reach = self.place(score), self._slope(score) * error
        return self._score(place - reach), self._score(place + reach)

    def inside(self, score: float, n: int) -> float:
        """Return where a score lies; one on a bound as far inside as half a row of `n` moves it.

        Examples
        --------
        >>> Scale(0.0, 1.0).inside(1.0, 99) == Scale(0.0, 1.0).place(0.995)
        True
        """
        if self.lowest is not None and self.highest is not None:
            span = self.highest - self.lowest
            least = span / 2 / (n + 1)
            score = min(max(score, self.lowest + least), self.highest - least)
        elif self.lowest is not None:
            score = max(score, self.lowest + _TINY)
        elif self.highest is not None:
            score = min(score, self.highest - _TINY)
        return self.place(score)

    def spread(self, place: float, reach: float) -> tuple[float, float]:
        """Return the scores that lie a reach, measured on this scale, below and above a place."""
        ends = self._score(place - reach), self._score(place + reach)
        return min(ends), max(ends)

    def stretch(self, score: float, ends: tuple[float, float], *, by: float) -> tuple[float, float]:
        """Return the ends of an interval moved away from its score by a factor.

        They are moved on this scale and plainly, and the wider result is taken: a small sample
        can score exactly what a bound says, and a bound has no place on the scale.
        """
        plain = [float(np.clip(score + by * (end - score), *self.bounds)) for end in ends]
        if {score, *ends} & {*self.bounds}:
            return plain[0], plain[1]
        place = self.place(score)
        low, high = (self._score(place + by * (self.place(end) - place)) for end in ends)
        return min(low, plain[0]), max(high, plain[1])

    def _score(self, place: float) -> float:
        if self.lowest is not None and self.highest is not None:
            return self.lowest + (self.highest - self.lowest) * float(expit(place))
        if self.lowest is not None:
            return self.lowest + float(np.exp(min(place, _STEEPEST)))
        if self.highest is not None:
            return self.highest - float(np.exp(min(-place, _STEEPEST)))
        return place

    def _slope(self, score: float) -> float:
        if self.lowest is None and self.highest is None:
            return 1.0
        above_lowest = 0.0 if self.lowest is None else 1 / (score - self.lowest)
        below_highest = 0.0 if self.highest is None else 1 / (self.highest - score)
        return above_lowest + below_highest
