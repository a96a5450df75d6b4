"""Scores of predicted classes, each a function of the confusion matrix.

Every function takes matrices of shape (..., k, k), counts or weights with truth in rows and
prediction in columns, and returns shape (...): one call scores one matrix or a thousand
thresholds. A score that is 0/0 is NaN.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def matrix(truth: Array, predicted: Array, weight: Array) -> Array:
    """Return the confusion matrix, (k, k), of class indices.

    Examples
    --------
    >>> matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), np.ones(3))
    array([[1., 0.],
           [1., 1.]])
    """
    k = 1 + int(max(truth.max(initial=1), predicted.max(initial=1)))
    return np.bincount(truth * k + predicted, weights=weight, minlength=k * k).reshape(k, k)


def accuracy(confusion: Array) -> Array:
    """Return the share of rows whose class is right."""
    return _ratio(_right(confusion).sum(axis=-1), confusion.sum(axis=(-2, -1)))


def balanced_accuracy(confusion: Array) -> Array:
    """Return the mean recall of the classes that occur in the truth."""
    return _mean_known(_ratio(_right(confusion), confusion.sum(axis=-1)))


def f1(confusion: Array) -> Array:
    """Return the harmonic mean of precision and recall of the second class."""
    return np.asarray(_f1_by_class(confusion)[..., 1])


def macro_f1(confusion: Array) -> Array:
    """Return the mean F1 of the classes that occur in the truth or in the prediction."""
    return _mean_known(_f1_by_class(confusion))


def mcc(confusion: Array) -> Array:
    """Return Matthews' correlation of truth and prediction, for any number of classes.

    A constant prediction scores 0. Source: Gorodkin, Computational Biology and Chemistry 28
    (2004) 367-374.
    """
    truth, predicted = confusion.sum(axis=-1), confusion.sum(axis=-2)
    total = truth.sum(axis=-1)
    agreement = _right(confusion).sum(axis=-1) * total - (truth * predicted).sum(axis=-1)
    spread_of_truth = total**2 - (truth**2).sum(axis=-1)
    spread = np.sqrt(spread_of_truth) * np.sqrt(total**2 - (predicted**2).sum(axis=-1))
    score = np.where(spread > 0, _ratio(agreement, spread), 0.0)
    return np.where(spread_of_truth > 0, score, np.nan)


def quadratic_kappa(confusion: Array) -> Array:
    """Return Cohen's kappa with quadratic weights, for classes in order.

    Source: Cohen, Psychological Bulletin 70 (1968) 213-220.
    """
    k = confusion.shape[-1]
    apart = np.subtract.outer(np.arange(k), np.arange(k)) ** 2.0
    truth, predicted = confusion.sum(axis=-1), confusion.sum(axis=-2)
    expected = truth[..., :, None] * predicted[..., None, :]
    observed = (apart * confusion).sum(axis=(-2, -1)) * truth.sum(axis=-1)
    return 1 - _ratio(observed, (apart * expected).sum(axis=(-2, -1)))


def _right(confusion: Array) -> Array:
    return np.asarray(np.diagonal(confusion, axis1=-2, axis2=-1))


def _f1_by_class(confusion: Array) -> Array:
    return _ratio(2 * _right(confusion), confusion.sum(axis=-1) + confusion.sum(axis=-2))


def _ratio(above: Array, below: Array) -> Array:
    ratio = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio


def _mean_known(scores: Array) -> Array:
    known = np.isfinite(scores)
    return _ratio(np.where(known, scores, 0.0).sum(axis=-1), known.sum(axis=-1))
