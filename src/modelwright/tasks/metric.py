"""What a score is, and which direction is better."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.tasks.function_name import Direction
from modelwright.tasks.scores import Weighed
from modelwright.tasks.task import TaskKind

Array = NDArray[Any]
Takes = Literal["probabilities", "classes", "values"]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A figure of merit with its direction.

    Parameters
    ----------
    name
        As the brief writes it.
    title
        For people, as in "the area under the ROC curve".
    direction
        Whether more is better (``"maximize"``) or less.
    takes
        What it judges: class ``"probabilities"`` (n, k), class indices ``"classes"`` (n,), or
        ``"values"`` (n,).
    range
        The lowest and highest score there is.
    suits
        The kinds of task that it can score.
    prepare
        From truth and prediction to a function from weights, (n,), to the score: the costly part
        is done once, and a bootstrap weighs it a thousand times.
    per_class
        Whether classes weigh alike however rare, so that the rarer of two says how sure it is.
    of_confusion
        For a metric of classes, the score of confusion matrices (..., k, k).
    level
        Which quantile it asks for; None where it asks for none.
    most_resamples
        How often a bootstrap may weigh it: a dear one less often than others.
    score_s
        Seconds that it takes to score all rows, where that is dear; 0 where nobody need ask.

    Examples
    --------
    >>> from modelwright.tasks.metrics import METRICS
    >>> METRICS["accuracy"].score(np.array([0, 1, 1]), np.array([0, 1, 0]))
    0.6666666666666666
    >>> METRICS["rmse"].gain(3.0, 4.0)
    1.0
    """

    name: str
    title: str
    direction: Direction
    takes: Takes
    range: tuple[float, float]
    suits: tuple[TaskKind, ...]
    prepare: Callable[[Array, Array], Weighed]
    per_class: bool = False
    of_confusion: Callable[[Array], Array] | None = None
    level: float | None = None
    most_resamples: int = 1000
    score_s: float = 0.0

    def score(self, truth: Array, prediction: Array, weight: Array | None = None) -> float:
        """Return the score, NaN where it is not defined.

        Parameters
        ----------
        truth
            (n,) class indices or numbers, none missing.
        prediction
            What the metric takes: (n, k) probabilities, (n,) class indices or (n,) values.
        weight
            (n,) weights of the rows; None for equal ones.
        """
        weight = np.ones(len(truth)) if weight is None else np.asarray(weight, dtype=np.float64)
        return float(self.prepare(truth, prediction)(weight))

    def better(self, a: float, b: float) -> bool:
        """Return whether score ``a`` is better than ``b``; any score is better than NaN."""
        return self.gain(a, b) > 0 or (b != b and a == a)

    def gain(self, new: float, old: float) -> float:
        """Return by how much ``new`` is better than ``old``; negative when it is worse."""
        return new - old if self.direction == "maximize" else old - new
