"""Which class is answered: the threshold of two classes, the weights of several."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from modelwright.build.certainty.class_weights import learn_weights
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.costs import Costs, best_threshold, threshold_for
from modelwright.tasks.figures import figure
from modelwright.tasks.metrics import METRICS, Metric
from modelwright.tasks.rule import Rule
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class Decision:
    """How the class is chosen, with the reason.

    Parameters
    ----------
    threshold
        Of a binary task; None for other tasks.
    reason
        As a sentence continues.
    weights
        Of several classes; none where the likeliest one is answered.
    """

    threshold: float | None
    reason: str
    weights: tuple[float, ...] = ()

    @property
    def rule(self) -> Rule:
        """As a program keeps it."""
        return Rule(0.5 if self.threshold is None else self.threshold, self.weights)


def choose_decision(
    task: Task,
    metric: Metric,
    truth: NDArray[Any],
    answers: Floats,
    *,
    costs: Costs | None,
    seed: int = 0,
) -> Decision:
    """Choose a threshold, or weights of several classes, on out-of-fold answers.

    Of a threshold the person's costs rule; without them the metric, if it judges classes; else the
    F1 score, because half is a poor cut where one class is rare. Several classes have weights where
    the metric judges classes and they help.

    Parameters
    ----------
    task, metric
        What is answered and how it is judged.
    truth : ndarray of shape (rows,)
        Indices of classes.
    answers : ndarray of shape (rows, classes)
        Calibrated, out of fold.
    costs
        What each mistake costs.
    seed
        For the comparisons that say whether weights help.
    """
    if task.kind == "regression":
        return Decision(None, "a number is answered as it is")
    if task.kind == "multiclass":
        return _weigh_classes(metric, truth, answers, seed=seed)
    likely = answers[:, 1]
    if costs is not None:
        found = best_threshold(truth, likely, costs)
        return Decision(found.value, "it has the lowest cost by the costs given")
    judged = metric if metric.takes == "classes" else METRICS["f1"]
    found = threshold_for(judged, truth, likely)
    return Decision(found.value, f"it has the best {judged.title}; no costs were given")


def _weigh_classes(metric: Metric, truth: NDArray[Any], answers: Floats, *, seed: int) -> Decision:
    if metric.takes != "classes":
        return Decision(None, "the metric judges probabilities, and no class weighs more")
    found = learn_weights(metric, truth, answers, seed=seed)
    if not found.weights:
        return Decision(None, f"weights of classes do not improve the {metric.title} for sure")
    reason = (
        f"on rows that it was not chosen on, it improves the {metric.title} by {figure(found.gain)}"
    )
    return Decision(None, reason, found.weights)
