"""From which probability on the answer is yes."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from modelwright.predictor.operations.base import Floats
from modelwright.tasks.costs import Costs, best_threshold, threshold_for
from modelwright.tasks.metrics import METRICS, Metric
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class Decision:
    """The threshold of a binary task, with its reason; None for other tasks."""

    threshold: float | None
    reason: str


def choose_decision(
    task: Task, metric: Metric, truth: NDArray[Any], answers: Floats, *, costs: Costs | None
) -> Decision:
    """Choose the threshold on out-of-fold answers.

    The person's costs rule; without them the metric, if it judges classes; else the F1 score,
    because half is a poor cut where one class is rare.

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
    """
    if task.kind != "binary":
        return Decision(None, "only a question with two answers has a threshold")
    likely = answers[:, 1]
    if costs is not None:
        found = best_threshold(truth, likely, costs)
        return Decision(found.value, "it has the lowest cost by the costs given")
    judged = metric if metric.takes == "classes" else METRICS["f1"]
    found = threshold_for(judged, truth, likely)
    return Decision(found.value, f"it has the best {judged.title}; no costs were given")
