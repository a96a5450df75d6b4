"""What columns tell of a target, out of fold and together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.columns.target_means import Codes, Outcomes, fold_means
from modelwright.predictor.operations.base import Floats

ROWS_ASKED = 40_000
"""More say hardly more."""


def some_of(count: int) -> slice:
    """Return which rows are asked: all, or every so-manieth.

    Examples
    --------
    >>> some_of(100_000)
    slice(None, None, 3)
    """
    return slice(None, None, max(1, -(-count // ROWS_ASKED)))


def told(codes: Codes, outcomes: Outcomes, fold: NDArray[np.int8], size: int) -> Floats:
    """Return what codes tell of outcomes out of fold, centred.

    Parameters
    ----------
    codes : ndarray of shape (n,)
        From 0 to below `size`.
    outcomes
        Of the same rows.
    fold : ndarray of shape (n,)
        As `draw_folds` draws it.
    size
        How many codes there are.

    Returns
    -------
    ndarray of shape (n, k)
        For each column of the outcomes.
    """
    means = fold_means(codes, outcomes, size=size, fold=fold).of(codes)
    return centred(means, outcomes.weight)


def centred(numbers: Floats, weight: Floats) -> Floats:
    """Return columns without their means."""
    return np.asarray(numbers - np.average(numbers, axis=0, weights=weight))


def explained(inputs: Sequence[Floats], truth: Floats, weight: Floats) -> float:
    """Return the share of the variance that the best sum of inputs explains, of all columns.

    Parameters
    ----------
    inputs
        Each of shape (n, k), centred.
    truth : ndarray of shape (n, k)
        Centred.
    weight : ndarray of shape (n,)
    """
    columns = range(truth.shape[1])
    found = [_explained([each[:, k] for each in inputs], truth[:, k], weight) for k in columns]
    total = sum(float((weight * truth[:, k] ** 2).sum()) for k in columns)
    return sum(found) / total if total > 0 else 0.0


def _explained(inputs: list[Floats], truth: Floats, weight: Floats) -> float:
    if not inputs:
        return 0.0
    # Sums, not BLAS, which adds up in an order that depends on its threads.
    products = np.array([[(weight * one * other).sum() for one in inputs] for other in inputs])
    aims = np.array([(weight * each * truth).sum() for each in inputs])
    slopes = np.linalg.lstsq(products, aims, rcond=None)[0]
    return float((slopes * aims).sum())
