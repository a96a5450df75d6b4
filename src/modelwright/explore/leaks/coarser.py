"""A column that a leak determines and that is nearly as strong as the leak.

The sub-grade gives the interest rate; the grade is the sub-grade without its digit. It is proof
when the level of a leak gives the level of the column without exception, and the column alone
still tells far more than all columns that are no leaks together. It is no proof when the column
is weak: a country is determined by a postal code, and honest.
"""

import numpy as np

from modelwright.documents import Leak
from modelwright.explore.bins import Codes
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.copies import what_is_told

_ROWS_PER_LEVEL = 20
_MOST_EXCEPTIONS = 0.002
_MOST_UNEXPLAINED = 0.2
_GAP = 1.5


def find_coarser(case: Case) -> list[Leak]:
    """Return the strong columns that a leak found before determines."""
    near = [name for name in case.names if case.strengths[name].unexplained <= _MOST_UNEXPLAINED]
    leaks = [name for leak in case.certain for name in leak.columns if _has_levels(case, name)]
    found = {name: leak for name in near for leak in leaks if _determines(case, leak, name)}
    if not found:
        return []
    rest = case.rest_without(found)
    kind = case.sample.task.kind
    return [
        Leak(
            columns=(name,),
            verdict="certain",
            evidence=f"{name} is determined by {leak}, which knows the answer, and alone tells "
            f"{what_is_told(case.strengths[name], kind)}; all weaker columns together "
            f"{what_is_told(rest, kind)} ({case.sample.in_words()}).",
        )
        for name, leak in found.items()
        if rest.unexplained >= _GAP * case.strengths[name].unexplained
    ]


def _has_levels(case: Case, name: str) -> bool:
    return name in case.sample.codes and name not in case.sample.numbers


def _determines(case: Case, leak: str, name: str) -> bool:
    """Return whether rows of one level of the leak (nearly) always share a level of the column."""
    of_leak, own = case.sample.codes[leak], case.sample.codes[name]
    levels = int(of_leak.max()) + 1
    if levels * _ROWS_PER_LEVEL > len(own) or name in case.sample.numbers:
        return False
    return _exceptions(of_leak, own) <= _MOST_EXCEPTIONS * len(own)


def _exceptions(of_leak: Codes, own: Codes) -> int:
    wide = int(own.max()) + 1
    together = np.bincount(of_leak * wide + own, minlength=(int(of_leak.max()) + 1) * wide)
    return int(len(own) - together.reshape(-1, wide).max(axis=1).sum())
