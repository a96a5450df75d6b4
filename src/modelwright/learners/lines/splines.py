"""Curves of numbers: bases of piecewise-linear functions, from coarse to fine.

A number's effect is a curve through knots. Its basis is a line and hats: one over the whole range,
one over each half, one over each quarter … Finer hats are lower, so that with a squared penalty
they cost more: what the coarse ones can say is not said by the fine ones, and the penalty becomes
one on roughness. Yserentant, "On the multi-level splitting of finite element spaces" (1986).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modelwright.learners.columns.bins import learn_edges
from modelwright.predictor.operations.base import Floats

HEIGHT = 1.5
"""Of the hat over the whole range; a line rises by 1 in a standard deviation."""
SHRINK = 0.8
"""How much lower the hats of a level are than those of the level above."""
LIMIT = 4.0
"""Beyond so many deviations from the centre the line is level; hats go as far as numbers do."""
OUTERMOST = (0.002, 0.998)
"""Shares of numbers below the first and the last knot that a curve can bend at: the few beyond
would bend it as they like."""
FAR = 1e100
"""The square of a number beyond would be infinite."""
_APART = 1e-12
"""Of its size: knots that lie closer are one."""


@dataclass(frozen=True)
class Spline:
    """A basis of curves of one number.

    Parameters
    ----------
    knots : ndarray of shape (knots,)
        Rising; a curve is linear between them and constant beyond.
    basis : sparse array of shape (knots, width)
        The functions of the basis at the knots.
    usual
        Stands in for a missing number.
    """

    knots: Floats
    basis: sparse.csr_array
    usual: float

    @property
    def width(self) -> int:
        """Functions of the basis."""
        return int(self.basis.shape[1])

    def shares(self, numbers: Floats) -> sparse.csr_array:
        """Return what share each knot has in some numbers, of shape (n, knots).

        The values of the basis' functions there are the product with `basis`.

        Examples
        --------
        >>> spline = learn_spline(np.array([1.0, 2.0, 3.0]), limit=8)
        >>> spline.shares(np.array([2.0, 2.25])).toarray().tolist()
        [[0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.75, 0.25, 0.0]]
        """
        known = np.where(np.isnan(numbers), self.usual, numbers)
        inside = np.clip(known, self.knots[0], self.knots[-1])
        left = np.searchsorted(self.knots[:-1], inside, side="right") - 1
        share = (inside - self.knots[left]) / (self.knots[left + 1] - self.knots[left])
        # Places of 64 bits would take as much memory as the numbers do.
        places = np.stack([left, left + 1], axis=1).ravel().astype(np.int32)
        shares = np.stack([1.0 - share, share], axis=1).ravel()
        ends = 2 * np.arange(len(numbers) + 1, dtype=np.int32)
        found = sparse.csr_array((shares, places, ends), shape=(len(numbers), len(self.knots)))
        found.eliminate_zeros()
        return found

    def heights(self, coefficients: Floats) -> Floats:
        """Return the curve of some coefficients at the knots.

        Parameters
        ----------
        coefficients : ndarray of shape (width, k)

        Returns
        -------
        ndarray of shape (knots, k)
        """
        return np.asarray(self.basis @ coefficients)

    def usually(self, coefficients: Floats) -> Floats:
        """Return the curve of some coefficients where a missing number is taken to be, (1, k)."""
        return np.asarray(self.shares(np.array([self.usual])) @ self.heights(coefficients))


def learn_spline(numbers: Floats, *, limit: int) -> Spline:
    """Return a basis of curves for numbers, with about as many of them between any two knots.

    Parameters
    ----------
    numbers : ndarray of shape (n,)
        NaN for missing.
    limit
        The most knots, beside the outermost ones and those at the ends of the line.

    Examples
    --------
    >>> spline = learn_spline(np.array([1.0, 2.0, 3.0]), limit=8)
    >>> spline.knots.round(2), spline.width
    (array([-1.27,  1.  ,  2.  ,  3.  ,  5.27]), 2)
    """
    known = np.clip(numbers[np.isfinite(numbers)], -FAR, FAR)
    center, spread = _center_and_spread(known)
    low, high = center - LIMIT * spread, center + LIMIT * spread
    first, last = np.quantile(known, OUTERMOST, method="nearest") if len(known) else (center,) * 2
    inner = np.clip(learn_edges(known, limit=limit)[1:], first, last)
    knots = _apart(np.unique([low, high, first, last, *inner]))
    line = np.clip((knots - center) / spread, -LIMIT, LIMIT)
    functions = [line, *_hats(knots, first=first, last=last)]
    usual = float(np.median(known)) if len(known) else center
    return Spline(knots, sparse.csr_array(np.stack(functions, axis=1)), usual)


def _apart(rising: Floats) -> Floats:
    """Return knots without those that rounding can hardly tell from the one before."""
    gaps = np.diff(rising)
    least = _APART * np.maximum(np.abs(rising[1:]), np.abs(rising[:-1]))
    kept: NDArray[np.bool_] = gaps > np.maximum(least, 1.0 / FAR**2)
    return np.asarray(rising[np.concatenate([[True], kept])])


def _hats(knots: Floats, *, first: float, last: float) -> list[Floats]:
    """Return hats between two numbers, that of the middle knot before those of either half.

    None is needed at these numbers, where the line says how high a curve is; but where they lie
    beyond the line's ends, and so are the outermost knots, they have hats too.
    """
    width = knots[-1] - knots[0]
    # Knots outside, which nothing reaches, let the outermost have half a hat.
    grid = np.concatenate([[knots[0] - width], knots, [knots[-1] + width]])
    start, end = (int(place) for place in np.searchsorted(grid, [first, last]))
    start, end = (0 if start == 1 else start), (end + 1 if end == len(knots) else end)
    return [hat[1:-1] for hat in _split(grid, start, end)]


def _split(grid: Floats, start: int, end: int) -> list[Floats]:
    found: list[Floats] = []
    spans = [(start, end)]
    height = HEIGHT
    while spans:
        spans = [(low, high) for low, high in spans if high - low > 1]
        for low, high in spans:
            ends = [grid[low], grid[(low + high) // 2], grid[high]]
            found.append(height * np.interp(grid, ends, [0.0, 1.0, 0.0]))
        spans = [
            half
            for low, high in spans
            for half in ((low, (low + high) // 2), ((low + high) // 2, high))
        ]
        height *= SHRINK
    return found


def _center_and_spread(known: Floats) -> tuple[float, float]:
    """Return mean and standard deviation of the middle 98 in 100 numbers.

    A few numbers from another world would squeeze all others together.
    """
    if not len(known):
        return 0.0, 1.0
    low, high = np.quantile(known, [0.01, 0.99], method="nearest")
    middle = np.clip(known, low, high)
    center, spread = float(middle.mean()), float(middle.std())
    # What rounding leaves of numbers that are the same is no spread.
    rounding = max(1e-9 * max(abs(low), abs(high)), 1.0 / FAR)
    return center, spread if spread > rounding else max(1.0, abs(center))
