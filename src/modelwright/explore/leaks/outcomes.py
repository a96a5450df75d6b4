"""Columns that are named like the outcome and tell much of it.

What was paid, refunded or collected of a loan is recorded after it; each such column tells little
alone, and together they give the rate away. Names lie, so a name alone is no proof; nor is
strength. Both are together: at least two columns whose names say that something has ended or was
paid, or that are a state with a level that says so, without which the other columns leave at least
twice as much open. One column is enough when it is by far the strongest: how long a call took, or
what was decided in the end, is known when the call is over, and tells more than everything that was
known before it. Where a number is asked for, a duration is as likely what is paid for (a flight, a
lease), and such a name is none of an outcome.
"""

import polars as pl

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows
from modelwright.explore.leaks.names import may_say_ended, says_ended, says_state

_FEWEST = 2
_TIMES = 2.0
_LEAST_TOLD = 0.15
_MOST_LEVELS = 30
_LEAST_ALONE = 0.5


def find_outcomes(case: Case) -> list[Leak]:
    """Return the columns named like outcomes that tell much that no other tells."""
    if not has_enough_rows(case):
        return []
    together = _together(case)
    return together + _alone(case.found(together))


def _together(case: Case) -> list[Leak]:
    named = [name for name in case.names if says_ended(name) or _has_ended(case, name)]
    if len(named) < _FEWEST:
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


def _has_ended(case: Case, name: str) -> bool:
    """Return whether a column is a state with a level that says that something has ended."""
    if not says_state(name) or name in case.sample.numbers:
        return False
    levels = case.sample.frame[name].drop_nulls().unique()
    return len(levels) <= _MOST_LEVELS and any(map(says_ended, levels.cast(pl.String)))


def _alone(case: Case) -> list[Leak]:
    """Return columns named like outcomes that alone tell far more than all other ones together."""
    strengths = {name: case.strengths[name].association for name in case.names}
    is_named = may_say_ended if case.sample.task.is_classification else says_ended
    found = []
    for name, alone in strengths.items():
        if alone < _LEAST_ALONE or not is_named(name):
            continue
        others = case.rest_without([name]).association
        if alone >= _TIMES * others:
            found.append(
                Leak(
                    columns=(name,),
                    verdict="certain",
                    evidence=f"{name} is named like an outcome and tells far more alone "
                    f"({alone:.2f}) than all the other columns together ({others:.2f}; 1 is "
                    f"everything; {case.sample.in_words()}).",
                )
            )
    return found
