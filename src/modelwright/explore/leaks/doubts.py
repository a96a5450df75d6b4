"""Why a column that gives the answer may be honest: it stays, and a person is asked.

Two columns between which the answer lies, now nearer to the one and now to the other, may be what
was agreed beforehand (the least that is taken, and what is asked), or the lowest and highest of the
same day. A number may follow from its period, such as the year, which is known: the name says so,
and the values are whole steps. And a number of one year may be near that of an earlier year, but
never gives its order without a mistake. Of classes names prove no such thing.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from modelwright.explore.association import Strength
from modelwright.explore.leaks.base import KNOWN, Case
from modelwright.explore.leaks.bounds import bounds_among
from modelwright.explore.leaks.names import is_before, says_period

_NOTHING = 1e-9
_MOST_ALIKE = 0.7
"""Which share of the steps between periods is the same; quarters as 20241 to 20244 have fewest."""
_YEAR_WITHIN = r"\b(1[89]|20)[0-9]{2}"


def doubts_about(
    case: Case, names: Sequence[str], strengths: Mapping[str, Strength]
) -> dict[str, str]:
    """Return what speaks for some of the columns that give the answer, with what to ask."""
    bounds = bounds_among(case, names)
    doubts = {
        name: f"The target lies between it and {other}, as between bounds."
        for name, other in bounds.items()
    }
    if _is_number(case):
        for name in names:
            if is_before(name, case.target) and strengths[name].unexplained > _NOTHING:
                doubts.setdefault(name, "By its name it is the same at an earlier time.")
            if says_period(name) and may_be_periods(case, name):
                doubts.setdefault(name, "It is named like a period.")
    return {name: f" {doubt} {KNOWN}" for name, doubt in doubts.items()}


def _is_number(case: Case) -> bool:
    """Return whether a number is asked for, also where it is answered as a class."""
    return not case.sample.task.is_classification or case.levels is not None


def may_be_periods(case: Case, name: str) -> bool:
    """Return whether a column holds moments, whole steps as of a clock, or texts with a year."""
    column = case.sample.frame[name]
    if name not in case.sample.numbers:
        return bool(column.drop_nulls().str.contains(_YEAR_WITHIN).all())
    return column.dtype.is_temporal() or _are_steps(case.sample.numbers[name])


def _are_steps(values: NDArray[np.float64]) -> bool:
    """Return whether different numbers are whole and most follow each other at one distance."""
    different = np.unique(values[~np.isnan(values)])
    if len(different) < 2 or np.any(different % 1):
        return False
    _, counts = np.unique(np.diff(different), return_counts=True)
    return bool(counts.max() >= _MOST_ALIKE * counts.sum())
