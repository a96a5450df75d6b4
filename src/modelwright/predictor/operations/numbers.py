"""Operations on numbers: missing values, scaling, rounding."""

import numpy as np

from modelwright.predictor.operations.base import Floats, Operation, Value

FAR = 1e100
"""The square of a number beyond would be infinite."""


class Impute(Operation, frozen=True, kw_only=True, tag="impute"):
    """Put a fixed number, one per column, where a value is missing."""

    fill: Floats

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(self.fill.shape == (widths[0],), "one fill per column is needed")
        self.require(np.isfinite(self.fill).all(), "a fill is not finite")
        return widths[0]

    def run(self, *values: Value) -> Floats:
        return np.where(np.isnan(values[0]), self.fill, values[0])


class MissingFlags(Operation, frozen=True, kw_only=True, tag="missing_flags"):
    """Say with 1.0 or 0.0 where a value is missing."""

    def check(self, widths: tuple[int, ...]) -> int:
        return widths[0]

    def run(self, *values: Value) -> Floats:
        return np.isnan(values[0]).astype(np.float64)


class Scale(Operation, frozen=True, kw_only=True, tag="scale"):
    """Subtract a centre, divide by a scale and clip; one of each per column.

    Clipping keeps a number far outside the training data from ruling a linear form.
    """

    center: Floats
    scale: Floats
    limit: float

    def check(self, widths: tuple[int, ...]) -> int:
        shape = (widths[0],)
        self.require(self.center.shape == self.scale.shape == shape, "one scale per column")
        self.require(np.isfinite(self.center).all(), "a centre is not finite")
        self.require(np.isfinite(self.scale).all() and (self.scale > 0).all(), "a scale is not > 0")
        self.require(self.limit > 0, "the limit is not above zero")
        return widths[0]

    def run(self, *values: Value) -> Floats:
        with np.errstate(over="ignore"):
            scaled = (values[0] - self.center) / self.scale
        return np.minimum(np.maximum(scaled, -self.limit), self.limit)


class SmoothClip(Operation, frozen=True, kw_only=True, tag="smooth_clip"):
    """Bend numbers so that none passes the limit: x / sqrt(1 + (x / limit)^2).

    Near zero they stay as they are, and far ones can still be told apart. Holzmüller, Grinsztajn
    and Steinwart, "Better by default: strong pre-tuned MLPs and boosted trees on tabular data"
    (2024).
    """

    limit: float

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(1e-9 < self.limit < 1e9, "the limit is not sensible")
        return widths[0]

    def run(self, *values: Value) -> Floats:
        near = np.minimum(np.maximum(values[0], -FAR), FAR)
        return np.asarray(near / np.sqrt(1.0 + (near / self.limit) ** 2))


class RoundToFloat32(Operation, frozen=True, kw_only=True, tag="round_to_float32"):
    """Round to the nearest float32, as libraries do that keep their inputs so."""

    def check(self, widths: tuple[int, ...]) -> int:
        return widths[0]

    def run(self, *values: Value) -> Floats:
        with np.errstate(over="ignore"):
            return values[0].astype(np.float32).astype(np.float64)
