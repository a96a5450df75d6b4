"""The levels of a column are bands of the target: a trip is "slow" above 25 minutes.

It is proof when the values of a level lie between those of its neighbours and nowhere overlap them,
and when the bands meet, as a cut through a measured quantity does. Levels that lie far apart are
none: what a zone costs may be known, and the target made of it. Where a level has few different
answers (a wind in steps of five knots) bands meet more easily: that is suspicious. So it is where
the target only grows with time, which any period, such as a year, cuts and is known beforehand.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.copies import has_enough_rows

_MOST_LEVELS = 12
_FEWEST_ROWS, _FEWEST_VALUES, _MANY_VALUES = 20, 3, 20
"""Rows and different answers of each level; with fewer than many it is no proof."""
_LEVELS_BESIDE_GAPS = 3
"""So many levels cut without those rows that have none."""
_MEET = 0.02
"""Between two bands, by the standard deviation of the target; a usual step of it meets, too."""


def find_bands(case: Case) -> list[Leak]:
    """Return the columns whose levels cut the target into pieces."""
    if case.sample.task.is_classification or not has_enough_rows(case):
        return []
    found = []
    for name in case.names:
        bands = _bands(case, name)
        if not _meet(bands, case.sample.answers):
            continue
        few = min(len(np.unique(band)) for band in bands) < _MANY_VALUES
        said = " The target keeps step with time, as periods do." if case.rises else ""
        found.append(
            Leak(
                columns=(name,),
                verdict="suspicious" if case.rises or few else "certain",
                evidence=f"The levels of {name} are ranges of the target that meet and nowhere "
                f"overlap ({case.sample.in_words()}).{said}",
            )
        )
    return found


def _bands(case: Case, name: str) -> list[NDArray[np.float64]]:
    """Return the answers of each level, the lowest first; none where there are too many levels."""
    levels, answers = case.sample.codes[name], case.sample.answers
    filled = case.sample.frame[name].is_not_null().to_numpy()
    if len(np.unique(levels[filled])) >= _LEVELS_BESIDE_GAPS:
        levels, answers = levels[filled], answers[filled]
    different = np.unique(levels)
    if len(different) > _MOST_LEVELS:
        return []
    return sorted((answers[levels == each] for each in different), key=lambda band: band.min())


def _meet(bands: list[NDArray[np.float64]], answers: NDArray[np.float64]) -> bool:
    if len(bands) < 2 or min(map(len, bands)) < _FEWEST_ROWS:
        return False
    values = [np.unique(band) for band in bands]
    if min(map(len, values)) < _FEWEST_VALUES:
        return False
    between = [float(above.min() - below.max()) for below, above in pairwise(bands)]
    step = float(np.median(np.concatenate([np.diff(each) for each in values])))
    return min(between) >= 0 and max(between) <= max(_MEET * float(answers.std()), step)
