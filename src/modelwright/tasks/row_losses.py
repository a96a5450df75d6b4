"""What one answer loses, row by row: what two models are compared by while labels come in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.tasks.costs import Costs
from modelwright.tasks.metric import Metric
from modelwright.tasks.task import Task

Floats = NDArray[np.float64]
_LEAST = 1e-6
FEWEST_LABELS = 100
"""Fewer say too little about a loss."""
_STRETCHES = 20
_SQUARED = frozenset({"rmse", "r2"})


@dataclass(frozen=True)
class RowLoss:
    """What one answer loses.

    Parameters
    ----------
    title
        What it is called.
    span
        By how much two answers to one row can differ at most; None where there is no bound.
    of
        From truth, (n,) indices or numbers; answers, (n, outputs); and indices of the classes that
        were answered, (n,); to losses, (n,).

    Examples
    --------
    >>> from modelwright.tasks.metrics import METRICS
    >>> loss = row_loss(METRICS["rmse"], Task(kind="regression"))
    >>> loss.title, loss.of(np.array([3.0]), np.array([[5.0]]), np.array([0]))
    ('squared error', array([4.]))
    """

    title: str
    span: float | None
    of: Callable[[NDArray[Any], Floats, NDArray[np.int64]], Floats]


def row_loss(metric: Metric, task: Task, *, costs: Costs | None = None) -> RowLoss:
    """Return the loss of a row that goes with a metric, which may be none of rows alone.

    Parameters
    ----------
    metric
        What the model is judged by.
    task
        What it answers.
    costs
        What mistakes cost; they go before the metric.
    """
    if not task.is_classification:
        return _of_numbers(metric)
    if costs is not None and task.kind == "binary":
        matrix = costs.matrix
        unit = f" in {costs.unit}" if costs.unit else ""
        return RowLoss(f"cost{unit}", float(np.ptp(matrix)), lambda y, _, k: matrix[y, k])
    if metric.takes == "classes":
        return RowLoss("share of wrong answers", 1.0, lambda y, _, k: (y != k).astype(np.float64))
    if metric.name == "log_loss":
        return RowLoss("log loss", None, _log_loss)
    return RowLoss("Brier score", 2.0 if task.kind == "multiclass" else 1.0, _brier)


def _of_numbers(metric: Metric) -> RowLoss:
    if metric.name in _SQUARED:
        return RowLoss("squared error", None, lambda y, p, _: (p[:, 0] - y) ** 2)
    if metric.level is not None:
        level = metric.level

        def pinball(y: Any, p: Floats, _: Any) -> Floats:
            short = y - p[:, 0]
            return np.asarray(np.maximum(level * short, (level - 1.0) * short))

        return RowLoss(metric.title, None, pinball)
    return RowLoss("absolute error", None, lambda y, p, _: np.abs(p[:, 0] - y))


def plain_losses(truth: NDArray[Any], answers: Floats) -> Floats:
    """Return the log-loss or the absolute error of each row, (rows,), whatever the metric is.

    Parameters
    ----------
    truth : ndarray of shape (rows,)
        Indices of classes with -1 for an unknown one, or numbers with NaN.
    answers : ndarray of shape (rows, outputs)
        Probabilities, or numbers in one column.

    Examples
    --------
    >>> plain_losses(np.array([3.0, np.nan]), np.array([[5.0], [1.0]]))
    array([ 2., nan])
    """
    if answers.shape[1] == 1:
        return np.asarray(np.abs(truth - answers[:, 0]))
    known = truth >= 0
    losses = _log_loss(np.where(known, truth, 0).astype(np.int64), answers, None)
    return np.where(known, losses, np.nan)


def level_of(losses: Floats) -> tuple[float, float] | None:
    """Return the logarithm of the mean loss with its standard error; None for few labels.

    The error is measured between stretches of rows in their order, because neighbours are alike.
    """
    known = losses[np.isfinite(losses)]
    if len(known) < FEWEST_LABELS:
        return None
    middle = float(known.mean())
    if middle <= 0:
        return None
    starts = np.arange(_STRETCHES) * len(known) // _STRETCHES
    means = np.add.reduceat(known, starts) / np.diff(starts, append=len(known))
    spread = float(np.square(means - means.mean()).sum()) / (_STRETCHES - 1)
    return float(np.log(middle)), max((spread / _STRETCHES) ** 0.5 / middle, 1e-3)


def _log_loss(truth: NDArray[Any], answers: Floats, _: Any) -> Floats:
    given = answers[np.arange(len(truth)), truth]
    return np.asarray(-np.log(np.clip(given, _LEAST, 1.0)))


def _brier(truth: NDArray[Any], answers: Floats, _: Any) -> Floats:
    if answers.shape[1] == 2:
        return np.asarray((answers[:, 1] - truth) ** 2)
    missed = answers.copy()
    missed[np.arange(len(truth)), truth] -= 1.0
    return np.asarray((missed**2).sum(axis=1))
