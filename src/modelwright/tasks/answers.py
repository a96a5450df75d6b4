"""Answers as a metric takes them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.tasks.metrics import Metric
from modelwright.tasks.rule import Rule

_LIKELIEST = Rule()


def as_taken(
    metric: Metric, answers: NDArray[np.float64], *, rule: Rule = _LIKELIEST
) -> NDArray[Any]:
    """Return answers of shape (rows, outputs) as the metric takes them.

    Parameters
    ----------
    metric
        It takes probabilities, classes or values.
    answers : ndarray of shape (rows, outputs)
        What a program returned.
    rule
        Which class probabilities stand for.
    """
    if metric.takes == "values":
        return np.asarray(answers[:, 0])
    return answers if metric.takes == "probabilities" else rule.choose(answers)


def score_answers(
    metric: Metric, truth: NDArray[Any], answers: NDArray[np.float64], *, rule: Rule = _LIKELIEST
) -> float:
    """Return the metric's score of answers of shape (rows, outputs)."""
    return metric.score(truth, as_taken(metric, answers, rule=rule))
