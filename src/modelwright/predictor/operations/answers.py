"""From raw scores to answers: links, blends, calibration."""

from typing import Literal

import numpy as np

from modelwright.predictor.operations.base import Floats, Operation, Value

LinkKind = Literal["sigmoid", "softmax", "exponential"]

SMALLEST = 1e-15
"""Probabilities are kept this far from 0 and 1 before a logarithm."""
LARGEST_EXPONENT = 700.0


class Link(Operation, frozen=True, kw_only=True, tag="link"):
    """Turn raw scores into probabilities or positive numbers.

    ``"sigmoid"`` makes two columns of one: the probability of the negative and of the positive.
    """

    kind: LinkKind

    def check(self, widths: tuple[int, ...]) -> int:
        if self.kind == "sigmoid":
            self.require(widths == (1,), "a sigmoid takes one column")
            return 2
        return widths[0]

    def run(self, *values: Value) -> Floats:
        match self.kind:
            case "sigmoid":
                return _two_columns(sigmoid(values[0][:, 0]))
            case "softmax":
                return _softmax(values[0])
            case "exponential":
                safe = np.clip(values[0], -LARGEST_EXPONENT, LARGEST_EXPONENT)
                return np.asarray(np.exp(safe))


class Clip(Operation, frozen=True, kw_only=True, tag="clip"):
    """Keep numbers between two ends; None where there is no end."""

    low: float | None = None
    high: float | None = None

    def check(self, widths: tuple[int, ...]) -> int:
        ends = [end for end in (self.low, self.high) if end is not None]
        self.require(ends, "there is no end")
        self.require(np.isfinite(ends).all() and ends == sorted(ends), "the ends do not rise")
        return widths[0]

    def run(self, *values: Value) -> Floats:
        clipped: Floats = values[0]
        if self.low is not None:
            clipped = np.maximum(clipped, self.low)
        if self.high is not None:
            clipped = np.minimum(clipped, self.high)
        return clipped


class Blend(Operation, frozen=True, kw_only=True, tag="blend"):
    """Average values with fixed weights."""

    n_inputs = None
    weights: tuple[float, ...]

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(len(set(widths)) == 1, "what is blended differs in width")
        self.require(len(self.weights) == len(widths), "one weight per value is needed")
        self.require(all(np.isfinite(self.weights)), "a weight is not finite")
        return widths[0]

    def run(self, *values: Value) -> Floats:
        total = np.zeros(values[0].shape)
        for value, weight in zip(values, self.weights, strict=True):
            total += value * weight
        return total


class ScaleLogits(Operation, frozen=True, kw_only=True, tag="scale_logits"):
    """Calibrate probabilities by a slope and a bias per class on their logarithms.

    With one slope for all classes this is temperature scaling with biases (Guo et al., "On
    calibration of modern neural networks", 2017); for two classes it is Platt's sigmoid (1999).
    """

    slope: float
    bias: Floats

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(self.bias.shape == (widths[0],), "one bias per class is needed")
        self.require(np.isfinite(self.slope) and np.isfinite(self.bias).all(), "not finite")
        return widths[0]

    def run(self, *values: Value) -> Floats:
        safe = np.clip(values[0], SMALLEST, 1.0)
        return _softmax(self.slope * np.log(np.ascontiguousarray(safe)) + self.bias)


class Isotonic(Operation, frozen=True, kw_only=True, tag="isotonic"):
    """Calibrate the positive probability by a rising line through knots.

    Zadrozny and Elkan, "Transforming classifier scores into accurate multiclass probability
    estimates" (2002), read between the knots by interpolation.
    """

    x: Floats
    y: Floats

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(widths == (2,), "it takes the two columns of a binary task")
        self.require(self.x.ndim == 1 and self.x.shape == self.y.shape and len(self.x), "no knots")
        self.require(np.isfinite(self.x).all() and (np.diff(self.x) > 0).all(), "x must rise")
        self.require(np.isfinite(self.y).all() and (np.diff(self.y) >= 0).all(), "y must not fall")
        self.require(self.y[0] >= 0 and self.y[-1] <= 1, "y is no probability")
        return 2

    def run(self, *values: Value) -> Floats:
        return _two_columns(np.interp(values[0][:, 1], self.x, self.y))


def _two_columns(positive: Floats) -> Floats:
    both = np.empty((len(positive), 2))
    np.subtract(1.0, positive, out=both[:, 0])
    both[:, 1] = positive
    return both


def sigmoid(raw: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), with the same bits wherever a number stands; of any shape."""
    # NumPy's vectorised exp gives the same bits at any position only on contiguous memory, as new
    # arrays have it. Below zero the upper power is the lower one, above it is 1.
    lower = np.exp(-np.abs(raw))
    return np.asarray(np.where(raw < 0.0, lower, 1.0) / (1.0 + lower))


def _softmax(raw: Floats) -> Floats:
    powers = np.exp(np.ascontiguousarray(raw - raw.max(axis=1, keepdims=True)))
    # Sums run over classes one after another, so that a row alone has the bits of the batch.
    return np.asarray(powers / np.add.accumulate(powers, axis=1)[:, -1:])
