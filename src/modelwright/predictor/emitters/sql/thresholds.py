"""Thresholds of numbers that are rounded to float32 first, as thresholds of the numbers."""

import numpy as np

from modelwright.predictor.operations.base import Floats

_BEYOND = 2.0**128
"""What would come after the largest float32."""


def before_rounding(thresholds: Floats, *, below: bool) -> Floats:
    """Return the largest doubles that go left once they are rounded to float32.

    Parameters
    ----------
    thresholds
        Of nodes.
    below
        Whether numbers at the threshold itself go right.

    Examples
    --------
    >>> at, = before_rounding(np.array([0.1]), below=True)
    >>> np.float32(at) < 0.1, np.float32(np.nextafter(at, 1.0)) < 0.1
    (np.True_, np.False_)
    """
    with np.errstate(over="ignore"):
        left = thresholds.astype(np.float32)
    wide = left.astype(np.float64)
    too_high = wide >= thresholds if below else wide > thresholds
    with np.errstate(over="ignore", under="ignore"):
        left = np.where(too_high, np.nextafter(left, np.float32(-np.inf)), left)
        right = np.nextafter(left, np.float32(np.inf))
    middle = _double(left) / 2 + _double(right) / 2
    # Halves are rounded to the number whose last bit is zero.
    stays = left.view(np.uint32) % 2 == 0
    return np.where(stays, middle, np.nextafter(middle, -np.inf))


def _double(numbers: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> Floats:
    wide = numbers.astype(np.float64)
    return np.where(np.isinf(wide), np.copysign(_BEYOND, wide), wide)
