"""The unit in which a number is learned."""

from dataclasses import dataclass

import numpy as np

from modelwright.learners.base import Rows
from modelwright.learners.loss import Loss
from modelwright.predictor.operations.base import Floats


@dataclass(frozen=True)
class Unit:
    """A centre and a scale; 0 and 1 for classes.

    Boosters keep targets in float32, which far from zero loses what tells rows apart, and a
    penalty means the same for every target only when all have the same spread.
    """

    center: float
    scale: float

    @classmethod
    def of(cls, rows: Rows) -> "Unit":
        """Return mean and standard deviation of a regression's target."""
        if rows.task.is_classification:
            return cls(0.0, 1.0)
        return cls(float(rows.target.mean()), float(rows.target.std()) or 1.0)

    @classmethod
    def for_loss(cls, rows: Rows, loss: Loss) -> "Unit":
        """Return the unit of a loss: a count must not be moved, only scaled to the mean 1."""
        return cls(0.0, float(rows.target.mean())) if loss.kind == "poisson" else cls.of(rows)

    def apply(self, rows: Rows) -> Floats:
        """Return the target of rows in this unit, of shape (n,); indices of classes as they are."""
        return (rows.target.astype(np.float64) - self.center) / self.scale
