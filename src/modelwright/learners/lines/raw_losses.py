"""Losses of raw scores, with their slopes, for forms that follow them downhill."""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np

from modelwright.learners.loss import Loss
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.task import TaskKind

RawLoss: TypeAlias = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""Takes raw scores of shape (n, outputs) and targets of shape (n,); returns each row's loss, and
its slope by the raw scores, of shape (n, outputs)."""

ROUNDING = 0.03
"""In units of the target: errors so small count by their square, so that a quantile has a slope
that changes gradually."""
_LARGEST_EXPONENT = 30.0


def raw_loss(kind: TaskKind, loss: Loss) -> RawLoss:
    """Return the loss of a task's raw scores.

    Parameters
    ----------
    kind
        Classes are learned by log-loss.
    loss
        Of numbers.

    Examples
    --------
    >>> losses, slopes = raw_loss("regression", Loss("quantile", 0.9))(
    ...     np.array([[0.0], [3.0]]), np.array([1.0, 2.0])
    ... )
    >>> slopes[:, 0].round(2)
    array([-0.9,  0.1])
    """
    if kind != "regression":
        return _of_two_classes if kind == "binary" else _of_classes
    match loss.kind:
        case "absolute":
            return partial(_of_quantile, level=0.5)
        case "quantile":
            return partial(_of_quantile, level=loss.level)
        case "poisson":
            return _of_counts
        case _:
            return _of_squares


def _of_squares(raw: Floats, target: Floats) -> tuple[Floats, Floats]:
    error = raw[:, 0] - target
    return 0.5 * error**2, error[:, None]


def _of_counts(raw: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Poisson's, of the logarithm of the mean."""
    mean = np.exp(np.minimum(raw[:, 0], _LARGEST_EXPONENT))
    return mean - target * raw[:, 0], (mean - target)[:, None]


def _of_quantile(raw: Floats, target: Floats, *, level: float) -> tuple[Floats, Floats]:
    """Koenker and Bassett's (1978), rounded at its corner as Huber's is."""
    missed = target - raw[:, 0]
    size = np.abs(missed)
    inside = size < ROUNDING
    share = np.where(missed > 0, level, 1.0 - level)
    losses = np.where(inside, 0.5 * missed**2 / ROUNDING, size - 0.5 * ROUNDING)
    slopes = np.where(inside, missed / ROUNDING, np.sign(missed))
    return share * losses, -(share * slopes)[:, None]


def _of_two_classes(raw: Floats, target: Floats) -> tuple[Floats, Floats]:
    margin = raw[:, 0]
    probability = 0.5 * (1.0 + np.tanh(0.5 * margin))
    losses = np.logaddexp(0.0, margin) - target * margin
    return losses, (probability - target)[:, None]


def _of_classes(raw: Floats, target: Floats) -> tuple[Floats, Floats]:
    picked = (np.arange(len(raw)), target.astype(np.intp))
    shifted = raw - raw.max(axis=1, keepdims=True)
    slopes = np.exp(shifted)
    total = slopes.sum(axis=1)
    losses = np.log(total) - shifted[picked]
    slopes /= total[:, None]
    slopes[picked] -= 1.0
    return losses, slopes
