"""The levels of a column are bands of the target: a trip is "slow" above 25 minutes.

It is proof when the values of a level lie between those of its neighbours and nowhere overlap them,
and when the bands meet, as a cut through a measured quantity does. Levels that lie far apart are
none: what a zone costs may be known, and the target made of it. Where the target only grows with
time any period, such as a year, cuts it so, and is known beforehand: that is suspicious.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.copies import has_enough_rows

_MOST_LEVELS = 12
_FEWEST_VALUES = 50
"""Different answers of each level: few are steps, and meet by chance."""
_MEET = 0.02
"""Between two bands, by the standard deviation of the target."""


def find_bands(case: Case) -> list[Leak]:
    """Return the columns whose levels cut the target into pieces."""
    if case.sample.task.is_classification or not has_enough_rows(case):
        return []
    return [
        Leak(
            columns=(name,),
            verdict="suspicious" if case.rises else "certain",
            evidence=f"The levels of {name} are ranges of the target that meet and nowhere overlap "
            f"({case.sample.in_words()})."
            f"{' The target keeps step with time, as periods do.' if case.rises else ''}",
        )
        for name in case.names
        if _cuts(case.sample.codes[name], case.sample.answers)
    ]


def _cuts(levels: NDArray[np.int64], answers: NDArray[np.float64]) -> bool:
    parts = [answers[levels == level] for level in np.unique(levels)[: _MOST_LEVELS + 1]]
    if not 1 < len(parts) <= _MOST_LEVELS:
        return False
    if any(len(np.unique(part)) < _FEWEST_VALUES for part in parts):
        return False
    parts.sort(key=lambda part: float(part.min()))
    between = [float(above.min() - below.max()) for below, above in pairwise(parts)]
    return min(between) >= 0 and max(between) <= _MEET * float(answers.std())
