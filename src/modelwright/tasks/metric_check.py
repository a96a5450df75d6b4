"""Whether a metric can score a target at all, told before anything is learned."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.errors import BriefError, TargetError
from modelwright.tasks.metric import Metric
from modelwright.tasks.task import Task

Array = NDArray[Any]

_FROM_ZERO = ("rmsle", "poisson_deviance")
_ROWS = 10_000
_MOST_CLASSES = 50
"""With more, a sample that holds them all is too large for a check."""


def refuse_undefined(metric: Metric, truth: Array, task: Task) -> None:
    """Refuse a metric that is not defined on a target.

    It scores made-up predictions that lie halfway between the truth and its mean.

    Parameters
    ----------
    metric
        As the person named it.
    truth
        (n,) class indices or numbers, none missing.
    task
        What is predicted.

    Raises
    ------
    BriefError
        The score is NaN, or the person's own function fails.

    Examples
    --------
    >>> from modelwright.tasks.metrics import METRICS
    >>> refuse_undefined(METRICS["rmsle"], np.array([-1.0, 2.0]), Task(kind="regression"))
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: The metric 'rmsle' takes numbers from 0 on, but the target goes
    down to -1. Choose rmse or mae, or mend the target.
    """
    if not task.is_classification and metric.name in _FROM_ZERO and truth.min(initial=0.0) < 0:
        raise BriefError(
            f"The metric '{metric.name}' takes numbers from 0 on, but the target goes down to "
            f"{truth.min():.6g}.",
            "Choose rmse or mae, or mend the target.",
        )
    if len(task.classes) > _MOST_CLASSES or not len(truth):
        return
    rows = _sample(truth, task)
    if _is_undefined(metric, rows, task):
        raise BriefError(
            f"The metric '{metric.name}' is not defined on this target: on {len(rows):,} of its "
            "rows the score is not a number.",
            "Choose another metric, or mend the target.",
        )


def refuse_one_sided(metric: Metric, truth: Array, held: Array, task: Task) -> None:
    """Refuse rows of two classes that are divided so that there is nothing to learn or to judge.

    Parameters
    ----------
    metric
        Of the question.
    truth
        (n,) class indices, none missing.
    held
        (n,) which of the rows judge.
    task
        What is predicted.

    Raises
    ------
    TargetError
        One class has no row to learn from, or none that judges and the metric needs some.

    Examples
    --------
    >>> from modelwright.tasks.metrics import METRICS
    >>> task = Task(kind="binary", classes=("no", "yes"))
    >>> truth, held = np.array([0, 0, 0, 1]), np.array([True, True, False, False])
    >>> refuse_one_sided(METRICS["roc_auc"], truth, held, task)
    Traceback (most recent call last):
    ...
    modelwright.errors.TargetError: Of the 4 rows 1 is 'yes', and none of these judges. Give more
    such rows, or divide the rows otherwise: either part needs some of each class.
    """
    if task.kind != "binary":
        return
    for code, label in enumerate(task.classes):
        count = int((truth == code).sum())
        judging = int((truth[held] == code).sum())
        told = f"Of the {len(truth):,} rows {count:,} {'is' if count == 1 else 'are'} {label!r}"
        remedy = "Give more such rows, or divide the rows otherwise: either part needs some of each"
        if judging == count:
            raise TargetError(f"{told}, and none of these is learned from.", f"{remedy} class.")
        if not judging and _is_undefined(metric, truth[held], task):
            raise TargetError(f"{told}, and none of these judges.", f"{remedy} class.")


def _is_undefined(metric: Metric, rows: Array, task: Task) -> bool:
    return bool(np.isnan(metric.score(rows, halfway(rows, metric=metric, task=task))))


def _sample(truth: Array, task: Task) -> Array:
    """Return rows spread evenly, and the first of each class."""
    spread = np.linspace(0, len(truth) - 1, min(_ROWS, len(truth))).astype(np.int64)
    if not task.is_classification:
        return np.asarray(truth[spread], dtype=np.float64)
    firsts = np.unique(truth, return_index=True)[1]
    return np.asarray(truth[np.union1d(spread, firsts)])


def halfway(truth: Array, *, metric: Metric, task: Task) -> Array:
    """Return made-up predictions halfway between the truth and its mean, as the metric takes them.

    Few functions are defined on all predictions: of a perfect one the mean error has no inverse.
    """
    if metric.takes == "values":
        return np.asarray((truth + truth.mean()) / 2)
    if metric.takes == "probabilities":
        classes = len(task.classes)
        answers = np.eye(classes)[truth]
        answers += 1 / classes
        answers /= 2
        return answers
    # Every third row is taken for the next class.
    wrong = np.arange(len(truth)) % 3 == 2
    return np.where(wrong, (truth + 1) % len(task.classes), truth)
