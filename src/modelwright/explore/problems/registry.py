"""All kinds of problems, and the search for them."""

from collections.abc import Sequence

from modelwright.documents import Risk, gravest_first
from modelwright.explore.problems.base import Problem, Subject
from modelwright.explore.problems.columns import (
    find_far_values,
    find_many_levels,
    find_nothing_left,
)
from modelwright.explore.problems.entities import find_entities
from modelwright.explore.problems.flattered import find_flattered
from modelwright.explore.problems.near_copies import find_near_copies
from modelwright.explore.problems.over_time import find_drift
from modelwright.explore.problems.personal import find_personal
from modelwright.explore.problems.places import find_places
from modelwright.explore.problems.rows import (
    find_copies,
    find_few_rows,
    find_rare_classes,
    find_unanswered,
)
from modelwright.explore.problems.sensitive import find_gaps
from modelwright.explore.problems.small_holdout import find_small_holdout
from modelwright.explore.problems.wrong_labels import find_wrong_labels

PROBLEMS: dict[str, Problem] = {
    "nothing left": find_nothing_left,
    "duplicate rows": find_copies,
    "near copies": find_near_copies,
    "missing target": find_unanswered,
    "rare class": find_rare_classes,
    "few rows": find_few_rows,
    "many levels": find_many_levels,
    "far values": find_far_values,
    "drift": find_drift,
    "flattery": find_flattered,
    "unnamed things": find_entities,
    "places": find_places,
    "small holdout": find_small_holdout,
    "personal data": find_personal,
    "gap between groups": find_gaps,
    "labels": find_wrong_labels,
}
"""Kinds of problems, in the order in which those of one severity are told."""


LEARNED = ("near copies", "flattery", "unnamed things", "places", "small holdout", "labels")
"""What only a quick model shows."""


def list_problems(subject: Subject) -> tuple[Risk, ...]:
    """List what may spoil the model or its score, the gravest first, and what had no time."""
    found: list[Risk] = []
    left_out: list[str] = []
    for name, find in PROBLEMS.items():
        if name in LEARNED and subject.plan.adopts:
            continue
        if name in LEARNED and not subject.has_time:
            left_out.append(name)
        else:
            found += find(subject)
    told = gravest_first(found)
    return (*told, _not_looked_for(left_out)) if left_out else told


def _not_looked_for(names: Sequence[str]) -> Risk:
    return Risk(
        name="not looked for",
        sentence="More than half of the time was gone, and the rest was kept to build: not looked "
        f"for was what only quick models show ({', '.join(names)}). modelwright explore looks for "
        "it.",
    )
