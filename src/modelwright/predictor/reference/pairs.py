"""Pairs: how often the bins of two columns come together, all columns of a table at once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.grids import Codes


def count_pairs(codes: Codes, starts: Sequence[int] = (), *, width: int) -> Floats:
    """Count rows per pair of bins; rows that miss one of the two are not counted.

    Parameters
    ----------
    codes : ndarray of shape (columns, rows)
        The bin of each.
    starts
        Where each window but the first begins among the rows.
    width
        As many bins or more; those that a column lacks stay empty.

    Returns
    -------
    ndarray of shape (windows, columns, columns, width, width)

    Examples
    --------
    >>> counts = count_pairs(np.array([[0, 1, 1, -1], [0, 1, 1, 0]]), width=2)
    >>> counts[0, 0, 1]
    array([[1., 0.],
           [0., 2.]], dtype=float32)
    """
    # Sums of ones are exact in float32 up to 16 million rows.
    columns, rows = codes.shape
    held = (codes[:, None] == np.arange(width)[:, None]).astype(np.float32)
    flat = held.reshape(columns * width, rows)
    ends = [*starts, rows]
    windows = [
        flat[:, start:end] @ flat[:, start:end].T
        for start, end in zip([0, *starts], ends, strict=True)
    ]
    counts = np.stack(windows).reshape(-1, columns, width, columns, width)
    return np.asarray(counts.transpose(0, 1, 3, 2, 4))


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
