"""Answers as a metric takes them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.tasks.metrics import Metric


def as_taken(
    metric: Metric, answers: NDArray[np.float64], *, threshold: float = 0.5
) -> NDArray[Any]:
    """Return answers of shape (rows, outputs) as the metric takes them.

    Parameters
    ----------
    metric
        It takes probabilities, classes or values.
    answers : ndarray of shape (rows, outputs)
        What a program returned.
    threshold
        From which positive probability on the class is the positive one; for two classes only.
    """
    if metric.takes == "values":
        return np.asarray(answers[:, 0])
    if metric.takes == "probabilities":
        return answers
    if answers.shape[1] == 2:
        return (answers[:, 1] >= threshold).astype(np.int64)
    return np.asarray(answers.argmax(axis=1), dtype=np.int64)


def score_answers(
    metric: Metric, truth: NDArray[Any], answers: NDArray[np.float64], *, threshold: float = 0.5
) -> float:
    """Return the metric's score of answers of shape (rows, outputs)."""
    return metric.score(truth, as_taken(metric, answers, threshold=threshold))
