"""To what unit numbers are rounded, and how much that blurs what is computed of them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FINEST = 4
"""Decimals up to which a number counts as rounded."""
_INEXACT, _OF_A_STEP = 1e-9, 1e-3
"""How far a rounded number may be off, of the greatest one and of its unit."""


def step_of(values: Floats) -> float:
    """Return the unit to which numbers are rounded, 0 where none shows.

    Examples
    --------
    >>> step_of(np.array([1.0, 2.0])), step_of(np.array([0.25, 0.5])), step_of(np.array([1 / 3]))
    (1.0, 0.01, 0.0)
    >>> step_of(np.array([1e-12, 2e-12])), step_of(np.array([1e10, 1e10 + 0.5]))
    (0.0, 0.1)
    """
    known = values[~np.isnan(values)]
    slack = _INEXACT * float(np.abs(known).max(initial=0.0))
    for digits in range(_FINEST + 1):
        step, rounded = float(10.0**-digits), known.round(digits)
        off = np.abs(known - rounded).max(initial=0.0)
        if rounded.any() and off <= min(slack, _OF_A_STEP * step):
            return step
    return 0.0


def blur_of(steps: Floats) -> float:
    """Return the standard deviation of a sum of numbers that were rounded to these units.

    Examples
    --------
    >>> round(blur_of(np.array([1.0])), 3)
    0.289
    """
    return float(np.sqrt(np.sum(steps**2) / 12))
