"""What each answer costs: the measure by which remedies are compared."""

from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.costs import Costs

Measure = Literal["answers", "decisions"]
"""Whether the answers themselves are judged, or what is decided from them."""

_SMALLEST = 1e-6
_SQUARED = ("rmse", "r2")
_INSIDE = (0.001, 0.999)


@dataclass(frozen=True)
class Judge:
    """Says what each answer costs.

    Classes are judged by the log-loss; numbers by the absolute error, or by its square where the
    metric is of squares; decisions by what mistakes cost.

    Parameters
    ----------
    metric
        The model's.
    costs
        Of mistakes; None where there is no yes and no.
    """

    metric: str
    costs: Costs | None = None

    @classmethod
    def of(cls, bundle: Bundle, costs: Costs | None = None) -> Self:
        """Return the judge of a model.

        Without costs, those count that its threshold t implies: t for a wrong yes, 1 - t for a
        wrong no (Elkan, IJCAI 2001).
        """
        program = bundle.program
        if program.task.kind != "binary":
            return cls(bundle.facts.metric)
        threshold = float(np.clip(program.threshold, *_INSIDE))
        implied = Costs(false_positive=threshold, false_negative=1.0 - threshold)
        return cls(bundle.facts.metric, costs or implied)

    def losses(
        self, program: Program, answers: Floats, truth: NDArray[Any], measure: Measure = "answers"
    ) -> Floats:
        """Return the loss of each labelled row, (rows,): finite, and 0 at best.

        Parameters
        ----------
        program
            Its task, and its threshold.
        answers : ndarray of shape (rows, outputs)
            What it answered.
        truth : ndarray of shape (rows,)
            None unknown.
        measure
            What is judged.
        """
        if measure == "decisions" and self.costs is not None:
            matrix = self.costs.matrix
            regrets = matrix - matrix.diagonal()[:, None]
            return np.asarray(regrets[truth, program.choose(answers)])
        if program.task.is_classification:
            likely = np.clip(answers[np.arange(len(truth)), truth], _SMALLEST, 1.0)
            return np.asarray(-np.log(likely))
        errors = np.abs(truth - answers[:, 0])
        return np.asarray(np.square(errors) if self.metric in _SQUARED else errors)
