"""Pairs: how often the bins of two columns come together, all columns of a table at once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.maintain.grids import Codes
from modelwright.predictor.operations.base import Floats


def count_pairs(columns: Sequence[tuple[Codes, int]], *, width: int) -> Floats:
    """Count rows per pair of bins; rows that miss one of the two are not counted.

    Parameters
    ----------
    columns
        The codes of each, and how many bins it has.
    width
        As many bins or more; those that a column lacks stay empty.

    Returns
    -------
    ndarray of shape (columns, columns, width, width)

    Examples
    --------
    >>> counts = count_pairs([(np.array([0, 1, 1, -1]), 2), (np.array([0, 1, 1, 0]), 2)], width=2)
    >>> counts[0, 1]
    array([[1., 0.],
           [0., 2.]], dtype=float32)
    """
    # Sums of ones are exact in float32 up to 16 million rows.
    rows = len(columns[0][0]) if columns else 0
    held = np.zeros((len(columns), width, rows), dtype=np.float32)
    for number, (codes, bins) in enumerate(columns):
        held[number, :bins] = codes == np.arange(bins)[:, None]
    flat = held.reshape(-1, rows)
    counts = (flat @ flat.T).reshape(len(columns), width, len(columns), width)
    return np.asarray(counts.transpose(0, 2, 1, 3))


def dependences(tables: NDArray[Any]) -> Floats:
    """Return the mutual information of tables of counts, in nats.

    Parameters
    ----------
    tables : ndarray of shape (..., bins, bins)

    Examples
    --------
    >>> dependences(np.array([[[5.0, 0.0], [0.0, 5.0]], [[3.0, 3.0], [2.0, 2.0]]])).round(3)
    array([0.693, 0.   ])
    """
    shares = tables / np.maximum(1.0, tables.sum(axis=(-2, -1), keepdims=True))
    independent = shares.sum(axis=-1, keepdims=True) * shares.sum(axis=-2, keepdims=True)
    some = shares > 0
    ratio = np.where(some, shares, 1.0) / np.where(some, independent, 1.0)
    return np.asarray((shares * np.log(ratio)).sum(axis=(-2, -1)))
