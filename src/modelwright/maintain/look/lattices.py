"""The steps in which numbers come: tenths, fives of a cent, or whole miles in kilometres.

What comes in steps says more than its distribution: natural values of tomorrow may be higher than
any before, but they lie on the same steps; degrees that were converted lie between them.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from modelwright.maintain.inputs.units import CONVERSIONS
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.reference import between_steps

_FEWEST = 3
"""Values that steps can be told from."""
_MOST_DECIMALS = 6
_NEAR = 0.1
"""How far from a step a value may lie, as a part of the step: one in five lies so by chance."""
_FINE = 1e-4
"""Steps that are a smaller part of the values tell nothing: values may have been rounded."""
_ROUND = (1.0, 2.0, 2.5, 5.0)
_ON, _OFF = 0.9, 0.6
"""The parts of values on steps from which on they are said to lie there, and not to."""
_FEWEST_BETWEEN = 10
_SLACK = 1e-6
_SURE = 9.0
"""Nats: by chance one of thirty conversions explains natural values once in two hundred times."""


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

    def nearest(self, values: Floats) -> Floats:
        """Return the nearest step to each value.

        Examples
        --------
        >>> Lattice(0.0, 0.5).nearest(np.array([0.9, 2.1]))
        array([1., 2.])
        """
        return np.asarray(self.origin + np.round((values - self.origin) / self.step) * self.step)

    @property
    def is_round(self) -> bool:
        """Whether somebody may have rounded to these steps: ones, twos or fives, from zero on.

        Examples
        --------
        >>> Lattice(18.0, 0.5).is_round, Lattice(19.94, 0.18).is_round
        (True, False)
        """
        leading = self.step / 10.0 ** np.floor(np.log10(self.step) + _SLACK)
        is_usual = np.abs(np.array(_ROUND) - leading).min() <= _SLACK
        return bool(is_usual and self.share_of(np.zeros(1)) == 1.0)

    def share_of(self, values: Floats) -> float:
        """Return the part of the values that lie on the steps; 1 of none.

        Examples
        --------
        >>> Lattice(0.0, 0.5).share_of(np.array([1.0, 1.5, 1.7, np.nan])).__round__(2)
        0.67
        """
        steps = (values[np.isfinite(values)] - self.origin) / self.step
        return float((np.abs(steps - np.round(steps)) <= _NEAR).mean()) if len(steps) else 1.0


@dataclass(frozen=True)
class Rounded:
    """Values that may have been converted and rounded.

    Of all steps a conversion reaches one in its factor, and natural values would come between them.

    Parameters
    ----------
    lattice
        Of the values before.
    unit
        To what those that came are rounded.
    raw, different : ndarray
        Those that came, and each of them once.
    """

    lattice: Lattice
    unit: float
    raw: Floats
    different: Floats

    @classmethod
    def of(cls, before: Floats, raw: Floats) -> Self | None:
        """Return what may be undone; None where the values came in no steps, or come in none.

        Parameters
        ----------
        before, raw : ndarray of shape (rows,)
            The values before, and those that came.
        """
        lattice, different = Lattice.of(before), np.unique(raw[np.isfinite(raw)])
        if lattice is None or not len(different):
            return None
        on_steps = lattice.share_of(different) == 1.0
        unit = lattice.step if on_steps else _unit_of(different)
        return None if unit is None else cls(lattice, unit, raw, different)

    def undone(self, factor: float, offset: float) -> Floats | None:
        """Return the values converted back; None where more than a rounding is left.

        Parameters
        ----------
        factor, offset
            Of the conversion that is tried: new = factor x old + offset.

        Examples
        --------
        >>> celsius = np.arange(-10.0, 30.0)
        >>> Rounded.of(celsius, np.round(celsius * 1.8 + 32)).undone(1.8, 32.0)[:3]
        array([-10.,  -9.,  -8.])
        >>> Rounded.of(celsius, celsius + 20.0).undone(1.8, 32.0) is None
        True
        """
        between = np.log(factor * self.lattice.step / self.unit)
        if len(self.different) * between < _SURE or not self._are_roundings(factor, offset):
            return None
        return self.lattice.nearest((self.raw - offset) / factor)

    def excludes(self, factor: float, offset: float) -> bool:
        """Say whether no value before, converted and rounded, can have become those that came.

        Parameters
        ----------
        factor, offset
            As for `undone`.

        Examples
        --------
        >>> celsius = np.arange(-10.0, 30.0)
        >>> Rounded.of(celsius, celsius + 20.0).excludes(1.8, 32.0)
        True
        >>> Rounded.of(celsius, np.round(celsius * 0.6)).excludes(0.6, 0.0)
        False
        """
        is_rounding = self.unit != self.lattice.step or self.lattice.is_round
        return not is_rounding or not self._are_roundings(factor, offset)

    def _are_roundings(self, factor: float, offset: float) -> bool:
        again = self.lattice.nearest((self.different - offset) / factor) * factor + offset
        return bool((np.abs(again - self.different) <= self.unit * (0.5 + _SLACK)).all())


def _unit_of(values: Floats) -> float | None:
    """Return to which power of ten values were rounded; None where they were not."""
    for decimals in range(_MOST_DECIMALS + 1):
        if np.abs(np.round(values, decimals) - values).max() <= _SLACK:
            return float(10.0**-decimals)
    return None


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


def misses_steps(before: Floats, undone: Floats) -> bool:
    """Say whether values lie off the usual steps although a break was undone.

    Parameters
    ----------
    before, undone : ndarray of shape (rows,)
        As for `fits_steps`.

    Examples
    --------
    >>> knots = np.arange(20.0, 120.0, 5.0)
    >>> misses_steps(knots, knots * 1.852 / 2.54), misses_steps(knots, knots)
    (True, False)
    """
    lattice = Lattice.of(before)
    return lattice is not None and lattice.share_of(undone) <= _OFF


def unit_of_steps(values: Floats, decimals: int) -> str:
    """Return the unit from which all values come back to their steps; empty where none does.

    Parameters
    ----------
    values : ndarray of shape (rows,)
        NaN where missing.
    decimals
        Of the values that came before.

    Examples
    --------
    >>> tenths = np.arange(50) / 10
    >>> unit_of_steps(tenths * 1.8 + 32, 1)
    'as if degrees Celsius had become degrees Fahrenheit'
    >>> unit_of_steps(tenths + 0.07, 1), unit_of_steps(tenths, 1)
    ('', '')
    """
    known, finer = np.unique(values[np.isfinite(values)]), np.array([0.1 ** (decimals + 1)])
    if between_steps(known, decimals).sum() < _FEWEST_BETWEEN:
        return ""
    units = (
        said
        for said, factor, offset in CONVERSIONS
        # Not where numbers that only have one decimal more would come back to the steps, too.
        if between_steps(finer / factor, decimals).all()
        and not between_steps((known - offset) / factor, decimals).any()
    )
    return next(units, "")
