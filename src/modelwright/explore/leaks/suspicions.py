"""Columns that are too strong, or strong and named like an outcome.

Two or three leaks may hide each other: what was spent and its share of the income each tell nearly
all, so that neither stands out while the other is there. Such columns are asked about together.
Neither is proof: honest columns can be the only strong ones, and names lie in both directions. So
these columns are kept and shown to a person, who knows when they are recorded.
"""

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case, in_percent
from modelwright.explore.leaks.names import may_say_ended

_STRONG = 0.5
_GAP = 0.1
_STRONGEST = 3
_STRONG_TOGETHER, _GAP_TOGETHER = 0.75, 0.2
"""Of each of several: honest columns often come in twos."""
_SUFFICIENT = 0.05
_NAMED = 0.2


def find_suspicions(case: Case) -> list[Leak]:
    """Return columns that a person should look at."""
    return [*_too_strong(case), *_named_like_outcomes(case)]


def _too_strong(case: Case) -> list[Leak]:
    strong = sorted(case.names, key=lambda name: -case.strengths[name].association)[:_STRONGEST]
    leaks = set(case.sample.names) - set(case.names)
    sufficient = {name for name in strong if case.strengths[name].unexplained <= _SUFFICIENT}
    found = []
    for name in strong:
        alone = case.strengths[name].association
        if alone < _STRONG or len(case.names) < 2:
            continue
        others = case.rest.without({name} | sufficient | leaks).association
        if alone >= others + _GAP:
            found.append(
                _leak(
                    name,
                    f"tells more alone ({alone:.2f}) than all the other columns together "
                    f"({others:.2f}; 1 is everything)",
                )
            )
    return found or _strong_together(case, strong, leaks)


def _strong_together(case: Case, strong: list[str], leaks: set[str]) -> list[Leak]:
    """Return several columns each of which tells far more than all but these do together."""
    for count in range(2, min(len(strong), len(case.names) - 1) + 1):
        several = strong[:count]
        alone = case.strengths[several[-1]].association
        if alone < _STRONG_TOGETHER:
            break
        others = case.rest.without({*several, *leaks}).association
        if alone >= others + _GAP_TOGETHER:
            named = f"{', '.join(several[:-1])} or {several[-1]}"
            return [
                _leak(
                    name,
                    f"tells more alone ({case.strengths[name].association:.2f}) than all columns "
                    f"but {named} together ({others:.2f}; 1 is everything)",
                )
                for name in several
            ]
    return []


def _named_like_outcomes(case: Case) -> list[Leak]:
    return [
        _leak(name, f"is named like an outcome and tells {in_percent(strength)} of the answer")
        for name in case.names
        if (strength := case.strengths[name].association) >= _NAMED and may_say_ended(name)
    ]


def _leak(name: str, sentence: str) -> Leak:
    return Leak(
        columns=(name,),
        verdict="suspicious",
        evidence=f"{name} {sentence}. {KNOWN}",
    )
