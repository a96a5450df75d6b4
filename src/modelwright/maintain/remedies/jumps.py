"""Where a series jumps."""

from typing import NamedTuple

import numpy as np

from modelwright.predictor.operations.base import Floats

BLOCK = 50
"""Rows whose mean is one step of the search."""
FEWEST_BLOCKS = 3
"""On either side of a jump."""
_CERTAIN = 4.5
"""Standard errors that the largest jump among hundreds of places must have to be none of chance."""


class Jump(NamedTuple):
    """The row from which on a series has another mean, and by how many standard errors.

    The row is 0 where the parts differ by no more than chance.
    """

    row: int
    errors: float


def find_jump(series: Floats, *, upward: bool = False) -> Jump:
    """Return where a series jumps.

    The place where two parts differ most, as in a CUSUM test of Page (Biometrika 41, 1954), at
    least three blocks of rows from either end.

    Parameters
    ----------
    series : ndarray of shape (rows,)
        In the order of time.
    upward
        Whether only a rise counts.

    Examples
    --------
    >>> quiet = np.tile([0.2, 0.4], 250)
    >>> find_jump(quiet).row, find_jump(np.concatenate([quiet, quiet + 0.5])).row
    (0, 500)
    """
    blocks = len(series) // BLOCK
    if blocks < 2 * FEWEST_BLOCKS:
        return Jump(0, 0.0)
    means = series[: blocks * BLOCK].reshape(blocks, BLOCK).mean(axis=1)
    places = np.arange(FEWEST_BLOCKS, blocks - FEWEST_BLOCKS + 1)
    jumps = np.array([_jump(means[:place], means[place:]) for place in places])
    jumps = jumps if upward else np.abs(jumps)
    best = int(np.argmax(jumps))
    found = jumps[best] > _CERTAIN
    return Jump(int(places[best]) * BLOCK if found else 0, float(jumps[best]))


def _jump(before: Floats, after: Floats) -> float:
    free = len(before) + len(after) - 2
    spread = (before.var() * len(before) + after.var() * len(after)) / free
    error = (spread * (1 / len(before) + 1 / len(after))) ** 0.5
    difference = float(after.mean() - before.mean())
    if error > 1e-12:
        return float(difference / error)
    return float(np.copysign(np.inf, difference)) if abs(difference) > 1e-9 else 0.0
