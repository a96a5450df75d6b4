"""The mean of the target per code, smoothed towards the mean of all rows.

Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes in
classification and prediction problems" (2001).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.base import Rows
from modelwright.predictor.operations.base import Floats

SMOOTHING = 10.0
"""Rows that the mean of all rows counts for."""
FOLDS = 5


@dataclass(frozen=True)
class Outcomes:
    """What is averaged.

    Parameters
    ----------
    values : ndarray of shape (n, k)
        Numbers, or 1.0 where a row has the class of a column.
    weight : ndarray of shape (n,)
        How much each row counts.
    """

    values: Floats
    weight: Floats

    def mean(self) -> Floats:
        """Return the mean of all rows, of shape (k,)."""
        return np.asarray(np.average(self.values, axis=0, weights=self.weight))

    def take(self, rows: NDArray[np.bool_]) -> "Outcomes":
        """Return the outcomes of some rows."""
        return Outcomes(self.values[rows], self.weight[rows])


def outcomes_of(rows: Rows) -> Outcomes:
    """Return the target as columns that can be averaged: one per class, or the number itself."""
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    if not rows.task.is_classification:
        return Outcomes(rows.target.astype(np.float64)[:, None], weight)
    return Outcomes(np.eye(rows.task.n_outputs)[rows.target.astype(np.intp)], weight)


def smoothed_means(codes: NDArray[np.int64], outcomes: Outcomes, *, size: int) -> Floats:
    """Return the smoothed mean of the outcomes per code.

    Parameters
    ----------
    codes : ndarray of shape (n,)
        Whole numbers from 0 on.
    outcomes
        Of the same rows.
    size
        Codes that there are; one without rows gets the mean of all rows.

    Returns
    -------
    ndarray of shape (size, k)

    Examples
    --------
    >>> outcomes = Outcomes(np.array([[0.0], [1.0], [1.0]]), np.ones(3))
    >>> smoothed_means(np.array([0, 1, 1]), outcomes, size=3).round(3).ravel()
    array([0.606, 0.722, 0.667])
    """
    counts = np.bincount(codes, outcomes.weight, minlength=size)[:, None]
    sums = np.empty((size, outcomes.values.shape[1]))
    for column, values in enumerate(outcomes.values.T):
        sums[:, column] = np.bincount(codes, values * outcomes.weight, minlength=size)
    return np.asarray((sums + SMOOTHING * outcomes.mean()) / (counts + SMOOTHING))


def out_of_fold_means(
    codes: NDArray[np.int64], outcomes: Outcomes, *, size: int, seed: int
) -> Floats:
    """Return each row's smoothed mean as the rows of the other folds give it.

    A row's own target must not be in what a model learns from: the model would trust the mean
    more than it can on new rows.

    Returns
    -------
    ndarray of shape (n, k)
    """
    fold = np.random.default_rng(seed).permutation(len(codes)) % FOLDS
    means = np.empty_like(outcomes.values)
    for number in np.unique(fold):
        inside = fold == number
        others = inside if inside.all() else ~inside
        table = smoothed_means(codes[others], outcomes.take(others), size=size)
        means[inside] = table[codes[inside]]
    return means
