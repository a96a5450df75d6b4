"""To what unit numbers are rounded, and how much that blurs what is computed of them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FINEST = 4
"""Decimals up to which a number counts as rounded."""


def step_of(values: Floats) -> float:
    """Return the unit to which numbers are rounded, 0 where none shows.

    Examples
    --------
    >>> step_of(np.array([1.0, 2.0])), step_of(np.array([0.25, 0.5])), step_of(np.array([1 / 3]))
    (1.0, 0.01, 0.0)
    """
    known = values[~np.isnan(values)]
    for digits in range(_FINEST + 1):
        if np.abs(known - known.round(digits)).max(initial=0.0) <= 1e-9:
            return float(10.0**-digits)
    return 0.0


def blur_of(steps: Floats) -> float:
    """Return the standard deviation of a sum of numbers that were rounded to these units.

    Examples
    --------
    >>> round(blur_of(np.array([1.0])), 3)
    0.289
    """
    return float(np.sqrt(np.sum(steps**2) / 12))
