"""Two columns between which the target lies: a price between the least and the asked one."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from modelwright.explore.leaks.base import Case

_LEAST_BETWEEN, _LEAST_BEYOND = 0.98, 0.5
"""Rows in which the target is no less and no more; and is truly more, and truly less."""
_MOVES = 0.1
"""How far apart, by their distance, the places of the target between both lie."""
_LEAST_GAP = 0.03
"""From either bound to the target, by the spread of the target: less is the noise of a copy."""
_MOST_COLUMNS = 12


def bounds_among(case: Case, names: Sequence[str]) -> dict[str, str]:
    """Return the columns that are a bound of the target, each with the other bound.

    Copies in another unit, or with a constant added, have the target at one place between them, and
    copies with noise or rounded ones lie close to it: these are no bounds.

    Parameters
    ----------
    case
        The table.
    names
        The columns that may be bounds.
    """
    if case.sample.task.is_classification:
        return {}
    numbers = [name for name in names if name in case.sample.numbers][:_MOST_COLUMNS]
    found: dict[str, str] = {}
    for one, other in combinations(numbers, 2):
        if _is_between(case, one, other) or _is_between(case, other, one):
            found.setdefault(one, other)
            found.setdefault(other, one)
    return found


def _is_between(case: Case, low: str, high: str) -> bool:
    lowest, highest = case.sample.numbers[low], case.sample.numbers[high]
    target = case.sample.answers
    known = ~(np.isnan(lowest) | np.isnan(highest))
    above, below = (target - lowest)[known], (highest - target)[known]
    if not len(above) or np.mean((above >= 0) & (below >= 0)) < _LEAST_BETWEEN:
        return False
    inside = (above > 0) & (below > 0)
    if inside.mean() < _LEAST_BEYOND:
        return False
    closest = min(np.median(above[inside]), np.median(below[inside]))
    if closest < _LEAST_GAP * np.std(target[known]):
        return False
    places = above[inside] / (above + below)[inside]
    return bool(np.subtract(*np.quantile(places, [0.75, 0.25])) >= _MOVES)
