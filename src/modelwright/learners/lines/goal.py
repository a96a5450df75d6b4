"""What the raw scores of a form are to become: answers of a task, by a loss, in a unit."""

from dataclasses import dataclass

import numpy as np

from modelwright.learners.base import Rows
from modelwright.learners.lines.descent import Problem
from modelwright.learners.lines.factored import Design
from modelwright.learners.lines.raw_losses import raw_loss
from modelwright.learners.loss import Loss
from modelwright.learners.trees.boosting import loss_of
from modelwright.learners.unit import Unit
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Step
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class Goal:
    """What raw scores are to become.

    Parameters
    ----------
    task
        What is predicted.
    loss
        What is kept small.
    unit
        Of numbers.
    """

    task: Task
    loss: Loss
    unit: Unit

    @classmethod
    def of(cls, rows: Rows) -> "Goal":
        """Return that of rows."""
        loss = loss_of(rows)
        return cls(rows.task, loss, Unit.for_loss(rows, loss))

    @property
    def outputs(self) -> int:
        """Raw scores of a row."""
        return self.task.n_outputs if self.task.kind == "multiclass" else 1

    @property
    def model(self) -> str:
        """What such a linear form is called."""
        if self.task.is_classification:
            return "logistic_regression"
        kinds = {"poisson": "poisson_regression", "squared": "ridge_regression"}
        return kinds.get(self.loss.kind, "quantile_regression")

    @property
    def settings(self) -> dict[str, float]:
        """Of the loss."""
        return {"level": self.loss.level} if self.model == "quantile_regression" else {}

    def problem(self, design: Design, rows: Rows) -> Problem:
        """Return the loss of rows, given by their design, to make small."""
        return Problem(
            design=design,
            target=self.unit.apply(rows),
            weight=self.weight(rows),
            losses=raw_loss(self.task.kind, self.loss),
            outputs=self.outputs,
        )

    def wanted(self, rows: Rows) -> Floats:
        """Return the target as columns: in the unit, or one column for each of several classes."""
        target = self.unit.apply(rows)
        if self.task.kind == "multiclass":
            return np.eye(self.outputs)[target.astype(np.intp)]
        return np.asarray(target[:, None])

    def weight(self, rows: Rows) -> Floats:
        """Return how much each row counts, of shape (n,)."""
        return np.ones(len(rows)) if rows.weight is None else rows.weight

    def steps(self, raw: str) -> tuple[Step, ...]:
        """Return the way from the raw score to answers."""
        if self.task.kind == "binary":
            return (Link(inputs=(raw,), output="answer", kind="sigmoid"),)
        if self.task.kind == "multiclass":
            return (Link(inputs=(raw,), output="answer", kind="softmax"),)
        if self.loss.kind == "poisson":
            mean = _line(raw, "logarithm", 1.0, float(np.log(self.unit.scale)))
            return (mean, Link(inputs=(mean.output,), output="answer", kind="exponential"))
        return (_line(raw, "answer", self.unit.scale, self.unit.center),)


def _line(value: str, output: str, slope: float, bias: float) -> Linear:
    weights, start = np.array([[slope]]), np.array([bias])
    return Linear(inputs=(value,), output=output, weights=weights, bias=start)
