"""Columns that are named like the outcome and tell much of it together.

What was paid, refunded or collected of a loan is recorded after it; each such column tells little
alone, and together they give the rate away. Names lie, so a name alone is no proof; nor is
strength. Both are together: at least two columns whose names say that something has ended or was
paid, without which the other columns leave at least twice as much open.
"""

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows
from modelwright.explore.leaks.names import says_ended

_FEWEST = 2
_TIMES = 2.0
_LEAST_TOLD = 0.15


def find_outcomes(case: Case) -> list[Leak]:
    """Return the columns named like outcomes, if together they tell much that no other tells."""
    named = [name for name in case.names if says_ended(name)]
    if len(named) < _FEWEST or not has_enough_rows(case):
        return []
    leaks = set(case.sample.names) - set(case.names)
    with_them = case.rest.without(leaks).unexplained
    without = case.rest.without(leaks | set(named)).unexplained
    if without < _TIMES * with_them or without - with_them < _LEAST_TOLD:
        return []
    together = ", ".join(named)
    return [
        Leak(
            columns=(name,),
            verdict="certain",
            evidence=f"{together} are named like outcomes, and without them the other columns "
            f"leave {in_percent(min(1.0, without))} open instead of {in_percent(with_them)} "
            f"({case.sample.in_words()}).",
        )
        for name in named
    ]
