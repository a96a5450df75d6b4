"""Blocks of live rows that are independent of each other, while the rows inside are alike."""

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.distribution import Distribution, counts_of

_DAY = 86_400_000_000
_FEWEST_DAYS = 5
_STRETCHES = 20
_ROWS_OF_A_STRETCH = 10


def block_rows(times: NDArray[np.int64] | None, rows: int) -> NDArray[np.int64]:
    """Return the number of the block of each row, (rows,), from 0.

    Days are blocks where the window holds at least five of them; else up to twenty stretches of
    rows in their order are.

    Parameters
    ----------
    times : ndarray of shape (rows,), optional
        Microseconds since 1970 in UTC; None when they are not known.
    rows
        How many rows there are.

    Examples
    --------
    >>> np.bincount(block_rows(None, 95))
    array([11, 11, 10, 11, 10, 11, 10, 11, 10])
    """
    if times is not None:
        days, codes = np.unique(times // _DAY, return_inverse=True)
        if len(days) >= _FEWEST_DAYS:
            return codes.astype(np.int64)
    stretches = min(_STRETCHES, max(1, rows // _ROWS_OF_A_STRETCH))
    return np.arange(rows, dtype=np.int64) * stretches // max(1, rows)


def count_in_blocks(
    distribution: Distribution, values: Value, blocks: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count live rows per block, as the training rows were counted.

    Parameters
    ----------
    distribution
        Of the training rows.
    values : ndarray of shape (rows,)
        The live rows.
    blocks : ndarray of shape (rows,)
        What `block_rows` returned.

    Returns
    -------
    ndarray of shape (blocks, bins)
    """
    order = np.argsort(blocks, kind="stable")
    starts = np.flatnonzero(np.diff(blocks[order])) + 1
    return np.stack([counts_of(distribution, part) for part in np.split(values[order], starts)])
