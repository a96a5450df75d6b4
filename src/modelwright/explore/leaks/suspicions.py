"""Columns that are too strong, or strong and named like an outcome.

Neither is proof: honest columns can be the only strong ones, and names lie in both directions. So
these columns are kept and shown to a person, who knows when they are recorded.
"""

import re

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case, in_percent

_STRONG = 0.5
_GAP = 0.1
_STRONGEST = 3
_SUFFICIENT = 0.05
_NAMED = 0.2
_NAMES = re.compile(
    "actual|after|approved|arrival|cancell?ed|cancell?ation|cause|churned|closed|closing|collected"
    "|completed|completion|discharged?|duration|elapsed|ended|final|finished|outcome|paid|payout"
    "|reason|recovered|recover(?:y|ies)|refund(?:ed)?|resolution|resolved|response|result|settled"
    "|settlement|terminated|termination"
)


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
    return found


def _named_like_outcomes(case: Case) -> list[Leak]:
    return [
        _leak(name, f"is named like an outcome and tells {in_percent(strength)} of the answer")
        for name in case.names
        if (strength := case.strengths[name].association) >= _NAMED
        and any(map(_NAMES.fullmatch, words_of(name)))
    ]


def words_of(name: str) -> set[str]:
    """Return the lower-case words of a column's name.

    Examples
    --------
    >>> sorted(words_of("CallDuration_s"))
    ['call', 'duration', 's']
    """
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def _leak(name: str, sentence: str) -> Leak:
    return Leak(
        columns=(name,),
        verdict="suspicious",
        evidence=f"{name} {sentence}. Was it known at the moment of the prediction?",
    )
