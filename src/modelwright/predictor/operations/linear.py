"""Constants, columns side by side, and linear forms."""

import numpy as np

from modelwright.predictor.operations.base import Floats, Operation, Value


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


class Linear(Operation, frozen=True, kw_only=True, tag="linear"):
    """Multiply with weights of shape (width, outputs) and add a bias, column by column in order."""

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
        total = np.tile(self.bias, (len(values[0]), 1))
        for column, weights in zip(values[0].T, self.weights, strict=True):
            total += column[:, None] * weights
        return total
