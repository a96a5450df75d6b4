"""Curves: piecewise-linear functions of numbers, added up."""

from functools import cached_property

import numpy as np

from modelwright.predictor.operations.base import FEW_ROWS, Floats, Integers, Operation, Value

_MAX_TABLE = 2**24
"""Numbers in the table of one row's knots: 128 MB."""


class Curves(Operation, frozen=True, kw_only=True, tag="curves", dict=True):
    """Add up a curve of each column, which is linear between knots and constant beyond.

    Parameters
    ----------
    sizes : ndarray of shape (width,)
        Knots of each column.
    knots : ndarray of shape (all knots,)
        Rising in each column, one column after another.
    heights : ndarray of shape (all knots, outputs)
        Of the curves at the knots.
    missing : ndarray of shape (width, outputs)
        What a missing number adds.
    """

    sizes: Integers
    knots: Floats
    heights: Floats
    missing: Floats

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(widths[0] > 0, "there are no columns")
        self.require(self.sizes.shape == (widths[0],), "one number of knots per column is needed")
        self.require((self.sizes >= 2).all(), "a curve has fewer than two knots")
        self.require(self.knots.shape == (int(self.sizes.sum()),), "the knots do not fit")
        room = widths[0] * int(self.sizes.max())
        self.require(room <= _MAX_TABLE, "too many columns have fewer knots than others")
        self.require(self.heights.ndim == self.missing.ndim == 2, "heights are no matrix")
        self.require(len(self.heights) == len(self.knots), "one height per knot is needed")
        self.require(len(self.missing) == widths[0], "one height per column is needed for missing")
        self.require(self.missing.shape[1] == self.heights.shape[1], "heights differ in width")
        self.require(np.isfinite(self.missing).all(), "a height is not finite")
        with np.errstate(over="ignore", invalid="ignore"):
            gaps = np.diff(self.knots)[self._inside]
            rises = np.diff(self.heights, axis=0)[self._inside]
        finite = np.isfinite(self.knots).all() and np.isfinite(gaps).all()
        self.require(finite and (gaps > 0).all(), "the knots do not rise")
        finite = np.isfinite(self.heights).all() and np.isfinite(rises).all()
        self.require(finite, "a height is not finite")
        return int(self.heights.shape[1])

    def run(self, *values: Value) -> Floats:
        matrix = values[0]
        if len(matrix) <= FEW_ROWS:
            return self._add_up(matrix)
        total = np.zeros((len(matrix), self.heights.shape[1]))
        for column, numbers in enumerate(np.ascontiguousarray(matrix.T)):
            first, last = self._ends[:, column]
            found = np.searchsorted(self.knots[first : last + 1], numbers, side="right")
            left = first + np.minimum(np.maximum(found - 1, 0), last - first - 1)
            total += self._between(numbers, left, self.missing[column])
        return total

    def _add_up(self, matrix: Floats) -> Floats:
        """Return the sums of few rows, all columns at once."""
        # Sums run over columns one after another, from zero, as for many rows.
        return np.asarray(np.add.accumulate(self.terms(matrix), axis=1)[:, -1] + 0.0)

    def terms(self, matrix: Floats) -> Floats:
        """Return what each column adds, of shape (rows, width, outputs).

        Parameters
        ----------
        matrix : ndarray of shape (rows, width)
        """
        first, last = self._ends
        found = np.add.reduce(self._table <= matrix[:, :, None], axis=2)
        left = first + np.minimum(np.maximum(found - 1, 0), last - first - 1)
        return self._between(matrix, left, self.missing)

    def _between(self, numbers: Floats, left: Value, missing: Floats) -> Floats:
        """Return the heights of curves at numbers, which have one axis more, the outputs."""
        low, high = self.knots[left], self.knots[left + 1]
        share = (np.minimum(np.maximum(numbers, low), high) - low) / (high - low)
        start = self.heights[left]
        heights = start + share[..., None] * (self.heights[left + 1] - start)
        return np.where(np.isnan(numbers)[..., None], missing, heights)

    @cached_property
    def _ends(self) -> Value:
        """The first and the last knot of each column."""
        ends = np.cumsum(self.sizes, dtype=np.int64)
        return np.stack([ends - self.sizes, ends - 1])

    @cached_property
    def _inside(self) -> Value:
        """Which steps from knot to knot stay in a column."""
        inside = np.ones(len(self.knots) - 1, dtype=np.bool_)
        inside[self._ends[1][:-1]] = False
        return inside

    @cached_property
    def _table(self) -> Floats:
        """The knots of each column in its row; after the last one, what no number reaches."""
        table = np.full((len(self.sizes), int(self.sizes.max())), np.nan)
        for row, (first, last) in zip(table, self._ends.T, strict=True):
            row[: last - first + 1] = self.knots[first : last + 1]
        return table
