"""A number that moves with a leak even among rows that answer the same.

What was spent with a card gives away who has one; so does its share of the income, though it is no
copy of the amount. It is asked about when the order of both is nearly the same among the rows of
one class, where the answer itself cannot be the cause, and when the column alone tells nearly all
while all that are no leaks together stay behind. It is never proof: the loan moves with what was
collected of it, and is the honest cause. Where it is weak it is not even asked about.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case
from modelwright.explore.leaks.copies import has_enough_rows, what_is_told

Floats = NDArray[np.float64]

_MOST_UNEXPLAINED = 0.15
_GAP = 3.0
_LEAST_TOGETHER = 0.7
_FEWEST_ROWS, _FEWEST_VALUES = 50, 10


def find_kin(case: Case) -> list[Leak]:
    """Return the strong numbers that move with a leak found before, to be asked about."""
    if not case.sample.task.is_classification or not has_enough_rows(case):
        return []
    numbers = case.sample.numbers
    leaks = [name for leak in case.certain for name in leak.columns if name in numbers]
    near = [
        name
        for name in case.names
        if name in numbers and case.strengths[name].unexplained <= _MOST_UNEXPLAINED
    ]
    found = {name: leak for name in near for leak in leaks if _move_together(case, leak, name)}
    if not found:
        return []
    rest, kind = case.rest_without(found), case.sample.task.kind
    return [
        Leak(
            columns=(name,),
            verdict="suspicious",
            evidence=f"{name} moves with {leak}, which knows the answer, also among rows that "
            f"answer the same, and alone avoids {what_is_told(case.strengths[name], kind)}; all "
            f"weaker columns together {what_is_told(rest, kind)} ({case.sample.in_words()}). "
            f"{KNOWN}",
        )
        for name, leak in found.items()
        if rest.unexplained >= _GAP * case.strengths[name].unexplained
    ]


def _move_together(case: Case, leak: str, name: str) -> bool:
    """Return whether both have the same order in the class in which the leak varies most."""
    one, other = case.sample.numbers[leak], case.sample.numbers[name]
    known = ~(np.isnan(one) | np.isnan(other))
    classes = [known & (case.sample.labels == label) for label in range(case.sample.classes)]
    rows = max(classes, key=lambda those: len(np.unique(one[those])))
    if rows.sum() < _FEWEST_ROWS or min(_different(one[rows]), _different(other[rows])) < (
        _FEWEST_VALUES
    ):
        return False
    return abs(float(spearmanr(one[rows], other[rows]).statistic)) >= _LEAST_TOGETHER


def _different(values: Floats) -> int:
    return len(np.unique(values))
