"""What two numbers can be made into: a difference, a ratio, a time between two clocks."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Operation = Callable[[Floats, Floats], Floats]

_DAY_MIN = 1_440
_FEWEST_TIMES = 50


def difference(one: Floats, other: Floats) -> Floats:
    """Return one less the other."""
    return one - other


def ratio(one: Floats, other: Floats) -> Floats:
    """Return one by the other, NaN where the other is 0; nothing of nothing is 0.

    Examples
    --------
    >>> ratio(np.array([1.0, 1.0, 0.0]), np.array([2.0, 0.0, 0.0]))
    array([0.5, nan, 0. ])
    """
    nothing = np.where(one == 0, 0.0, np.nan)
    by: Floats = np.divide(one, other, out=nothing, where=other != 0)
    return by


def clock_difference(one: Floats, other: Floats) -> Floats:
    """Return the minutes between two clock readings such as 517 and 2359, the shorter way round.

    Examples
    --------
    >>> clock_difference(np.array([10.0, 700.0]), np.array([2350.0, 645.0]))
    array([20., 15.])
    """
    between = minutes_of_clock(one) - minutes_of_clock(other)
    return (between + _DAY_MIN / 2) % _DAY_MIN - _DAY_MIN / 2


def minutes_of_clock(values: Floats) -> Floats:
    """Return the minutes since midnight of clock readings written as hhmm."""
    return np.floor(values / 100) * 60 + values % 100


def is_clock(values: Floats) -> bool:
    """Return whether numbers look like clock readings: 0 to 2400, never 60 to 99 minutes.

    Examples
    --------
    >>> is_clock(np.array([hour * 100 + minute for hour in range(24) for minute in (0, 15, 59)]))
    True
    >>> is_clock(np.arange(2400.0))
    False
    """
    known = np.unique(values[~np.isnan(values)])
    if len(known) < _FEWEST_TIMES or known[0] < 0 or not 1_000 < known[-1] <= 2_400:
        return False
    return bool((known == np.floor(known)).all() and (known % 100 < 60).all())


OPERATIONS: dict[str, Operation] = {"-": difference, "/": ratio}
