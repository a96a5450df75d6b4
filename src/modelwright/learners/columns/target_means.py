"""The mean of the target per code, smoothed towards the mean of all rows.

Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes in
classification and prediction problems" (2001).
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.base import Rows
from modelwright.predictor.operations.base import Floats

Codes: TypeAlias = NDArray[np.integer[Any]]

SMOOTHING = 10.0
"""Rows that the mean of all rows counts for."""
FOLDS = 5
_LEAST_WEIGHT = 1e-300
"""Rows that all weigh nothing have the mean 0."""


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


@dataclass(frozen=True)
class FoldMeans:
    """The smoothed means that each fold of rows gets from the others.

    A row's own target must not be in what a model learns from: the model would trust the mean
    more than it can on new rows.

    Parameters
    ----------
    fold : ndarray of shape (n,)
        The fold of each row.
    tables : ndarray of shape (FOLDS, size, k)
        What each fold gets per code.
    """

    fold: NDArray[np.int8]
    tables: Floats

    def of(self, codes: Codes) -> Floats:
        """Return what each row gets, of shape (n, k).

        Parameters
        ----------
        codes : ndarray of shape (n,)
            Of the same rows.
        """
        return np.asarray(self.tables[self.fold, codes])


def outcomes_of(rows: Rows) -> Outcomes:
    """Return the target as columns that can be averaged: one per class, or the number itself."""
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    if not rows.task.is_classification:
        return Outcomes(rows.target.astype(np.float64)[:, None], weight)
    return Outcomes(np.eye(rows.task.n_outputs)[rows.target.astype(np.intp)], weight)


def smoothed_means(codes: Codes, outcomes: Outcomes, *, size: int) -> Floats:
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
    counts, sums = _totals(codes, outcomes, size)
    return _smoothed(counts, sums)


def draw_folds(count: int, *, seed: int) -> NDArray[np.int8]:
    """Return the fold of each row, of shape (count,)."""
    drawn = np.random.default_rng(seed).permutation(count) % FOLDS
    return np.asarray(drawn, dtype=np.int8)


def fold_means(codes: Codes, outcomes: Outcomes, *, size: int, fold: NDArray[np.int8]) -> FoldMeans:
    """Return the smoothed means that each fold gets from the others.

    Parameters
    ----------
    codes, outcomes, size
        As `smoothed_means` takes them.
    fold : ndarray of shape (n,)
        As `draw_folds` draws it.
    """
    counts, sums = _totals(fold.astype(np.int64) * size + codes, outcomes, size * FOLDS)
    counts, sums = (totals.reshape(FOLDS, size, -1) for totals in (counts, sums))
    alone = len(codes) == 1
    tables = np.empty_like(sums)
    for number in range(FOLDS):
        # Added up rather than taken from the total, which would leave the rounding of large sums.
        others = np.full(FOLDS, True) if alone else np.arange(FOLDS) != number
        tables[number] = _smoothed(counts[others].sum(axis=0), sums[others].sum(axis=0))
    return FoldMeans(fold, tables)


def out_of_fold_means(codes: Codes, outcomes: Outcomes, *, size: int, seed: int) -> Floats:
    """Return each row's smoothed mean as the rows of the other folds give it.

    Returns
    -------
    ndarray of shape (n, k)
    """
    fold = draw_folds(len(codes), seed=seed)
    return fold_means(codes, outcomes, size=size, fold=fold).of(codes)


def _totals(codes: Codes, outcomes: Outcomes, size: int) -> tuple[Floats, Floats]:
    """Return the weight per code, of shape (size, 1), and the sums of outcomes, (size, k)."""
    counts = np.asarray(np.bincount(codes, outcomes.weight, minlength=size)[:, None], np.float64)
    sums = np.empty((size, outcomes.values.shape[1]))
    for column, values in enumerate(outcomes.values.T):
        sums[:, column] = np.bincount(codes, values * outcomes.weight, minlength=size)
    return counts, sums


def _smoothed(counts: Floats, sums: Floats) -> Floats:
    mean = sums.sum(axis=0) / max(_LEAST_WEIGHT, counts.sum())
    return np.asarray((sums + SMOOTHING * mean) / (counts + SMOOTHING))
