"""Constants, columns side by side, and linear forms."""

from functools import cached_property

import numpy as np

from modelwright.predictor.kernel.forms import FormTiles
from modelwright.predictor.kernel.library import library
from modelwright.predictor.operations.base import Floats, Operation, Value

_FEW_ROWS = 4
"""Rows that are summed one by one."""


class Constant(Operation, frozen=True, kw_only=True, tag="constant"):
    """Answer every row with the same numbers."""

    answer: Floats

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(self.answer.ndim == 1 and np.isfinite(self.answer).all(), "no finite answer")
        return len(self.answer)

    def run(self, *values: Value) -> Floats:
        return np.tile(self.answer, (len(values[0]), 1))


class Columns(Operation, frozen=True, kw_only=True, tag="columns"):
    """Put values side by side."""

    n_inputs = None

    def check(self, widths: tuple[int, ...]) -> int:
        return sum(widths)

    def run(self, *values: Value) -> Floats:
        return np.concatenate(values, axis=1)


class Linear(Operation, frozen=True, kw_only=True, tag="linear", dict=True):
    """Multiply with weights of shape (width, outputs) and add to a bias, column by column in order.

    The compiled kernel does it where there is one, to the same bits.
    """

    weights: Floats
    bias: Floats

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(self.weights.ndim == 2, "weights are not a matrix")
        self.require(self.bias.ndim == 1, "the bias is not one number per output")
        self.require(self.weights.shape == (widths[0], len(self.bias)), "the weights do not fit")
        finite = np.isfinite(self.weights).all() and np.isfinite(self.bias).all()
        self.require(finite, "a weight is not finite")
        return len(self.bias)

    def run(self, *values: Value) -> Floats:
        kernel = library()
        if kernel is not None and kernel.multiplies:
            return self.tiles.multiply(values[0], kernel)
        return self._interpret(values[0])

    def _interpret(self, matrix: Floats) -> Floats:
        if len(matrix) <= _FEW_ROWS:
            return np.array([self._sum(row) for row in matrix]).reshape(len(matrix), len(self.bias))
        total = np.tile(self.bias, (len(matrix), 1))
        for column, weights in zip(matrix.T, self.weights, strict=True):
            total += column[:, None] * weights
        return total

    def _sum(self, row: Floats) -> Floats:
        """Return the sums of one row: sooner than column by column, but with room for each term."""
        terms = np.concatenate([self.bias[None], row[:, None] * self.weights])
        return np.asarray(np.add.accumulate(terms, axis=0)[-1])

    @cached_property
    def tiles(self) -> FormTiles:
        """The weights as the kernel reads them."""
        return FormTiles(self)
