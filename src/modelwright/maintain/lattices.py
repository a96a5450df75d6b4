"""The steps in which numbers come: tenths, fives of a cent, or whole miles in kilometres.

What comes in steps says more than its distribution: natural values of tomorrow may be higher than
any before, but they lie on the same steps; degrees that were converted lie between them.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from modelwright.predictor.operations.base import Floats

_FEWEST = 3
"""Values that steps can be told from."""
_MOST_DECIMALS = 6
_NEAR = 0.1
"""How far from a step a value may lie, as a part of the step: one in five lies so by chance."""
_FINE = 1e-4
"""Steps that are a smaller part of the values tell nothing: values may have been rounded."""
_ON, _OFF = 0.9, 0.6
"""The parts of values on steps from which on they are said to lie there, and not to."""


@dataclass(frozen=True)
class Lattice:
    """Evenly spaced numbers.

    Parameters
    ----------
    origin
        One of them.
    step
        How far they lie apart.
    """

    origin: float
    step: float

    @classmethod
    def of(cls, values: Floats) -> Self | None:
        """Return the steps of some values; None where they tell of none.

        Parameters
        ----------
        values : ndarray of shape (rows,)
            NaN where missing.

        Examples
        --------
        >>> Lattice.of(np.array([36.0, 60.0, 48.0])).step
        12.0
        >>> Lattice.of(np.array([0.1, 0.123456789, 2.7182818284])) is None
        True
        """
        known = np.unique(values[np.isfinite(values)])
        if len(known) < _FEWEST:
            return None
        gaps = known - known[0]
        steps = [float(np.diff(known).min()), *_common_decimals(gaps)]
        usual = float(np.median(np.abs(known)))
        for step in steps:
            found = cls(float(known[0]), step)
            if step > _FINE * usual and found.share_of(known) == 1.0:
                return found
        return None

    def share_of(self, values: Floats) -> float:
        """Return the part of the values that lie on the steps; 1 of none.

        Examples
        --------
        >>> Lattice(0.0, 0.5).share_of(np.array([1.0, 1.5, 1.7, np.nan])).__round__(2)
        0.67
        """
        steps = (values[np.isfinite(values)] - self.origin) / self.step
        return float((np.abs(steps - np.round(steps)) <= _NEAR).mean()) if len(steps) else 1.0


def _common_decimals(gaps: Floats) -> list[float]:
    """Return the largest step of few decimals that divides all gaps."""
    for decimals in range(_MOST_DECIMALS + 1):
        whole = np.round(gaps * 10**decimals)
        if np.abs(whole - gaps * 10**decimals).max() <= 1e-6 * max(1.0, float(whole.max())):
            return [float(np.gcd.reduce(whole.astype(np.int64))) / 10**decimals]
    return []


def fits_steps(before: Floats, raw: Floats, undone: Floats) -> bool | None:
    """Say whether values lie on the usual steps only once a break is undone.

    Parameters
    ----------
    before, raw, undone : ndarray of shape (rows,)
        The values before; those that came; and the same with the break undone.

    Returns
    -------
    bool or None
        False where the values that came lie on the steps, and the others do not: then nothing
        was broken so. None where the steps tell nothing.

    Examples
    --------
    >>> celsius = np.array([10.5, 11.0, 13.5, 9.0])
    >>> fits_steps(celsius, celsius * 1.8 + 32, celsius)
    True
    >>> fits_steps(celsius, celsius + 9.5, (celsius + 9.5) / 1.609)
    False
    """
    lattice = Lattice.of(before)
    if lattice is None:
        return None
    came, were = lattice.share_of(raw), lattice.share_of(undone)
    if came <= _OFF and were >= _ON:
        return True
    return False if came >= _ON and were <= _OFF else None
