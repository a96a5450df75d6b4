"""Columns that mislead: without them what came true would be likelier."""

from collections.abc import Iterator

import numpy as np

from modelwright.data.schema import Kind
from modelwright.documents import CauseKind
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.belonging import BELONGING
from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.hidden import HIDDEN, Hidden, find_hidden
from modelwright.maintain.truths.losses import usual_change
from modelwright.maintain.truths.relation import log_other_relation
from modelwright.maintain.wording import percent

_HARM, _MATERIAL = 0.02, 0.05
"""By which part the loss has to be higher for the one column where it is broken, and where not."""
_PART = 0.25
"""The part of what the loss changes by anyway that it must have grown by beside that without it."""
_TURNED = 0.1
"""The part of the evidence that directions of the misses must show where truths have moved: where a
column tells nothing any more they show little."""
_TIED = 0.7
"""How often values are told from borrowed ones where they clearly belong to their rows."""
_LOST, _KEPT = 0.5, 0.3
"""The part of what tells them apart that is gone where they do not, and where they still do."""
_CLEAR = 2.5
_FOLLOWED = 0.35
"""How far truths follow a column at most, in any part of it, that belongs to other rows."""


def find_misleading(look: Look, least: float) -> Iterator[Finding]:
    """Yield the column without which truths would be likeliest.

    Where its values are others, and more so than those of training ever were, they mean something
    else. Where they are as before, either they belong to other rows, so that they tell nothing, or
    the truth has moved off what was learned.
    """
    of_misses = least - float(np.log(look.bets * HIDDEN))
    found = find_hidden(look, of_misses)
    if found is None or found.growth < max(_HARM, _PART * usual_change(look)):
        return
    name = found.column
    surprise = look.surprise("values", name)
    if surprise >= least + look.bundle.reference.roughness.columns.get(name, 0.0):
        is_number = look.bundle.schema[name].kind == Kind.NUMERIC
        kind: CauseKind = "unit change" if is_number else "renamed categories"
        why = f"{name!r} has other values, and they mean something else"
        yield _finding(found, kind, why, is_broken=True)
    elif surprise < least and _is_mixed(look, found, of_misses):
        why = f"{name!r} does not belong to its rows"
        yield _finding(found, "mixed-up rows", why, is_broken=True)
    elif found.growth >= _MATERIAL:
        why = f"What {name!r} tells of the truth is another than it was"
        yield _finding(found, "concept drift", why)


def _finding(found: Hidden, kind: CauseKind, why: str, *, is_broken: bool = False) -> Finding:
    return Finding(
        kind=kind,
        columns=(found.column,) if is_broken else (),
        evidence=found.evidence,
        sentence=f"{why}: answers that do not know it would be better now, and were worse before. "
        f"The loss has grown by {percent(found.growth)} beside theirs.",
        is_broken=is_broken,
        growth=found.growth,
        is_vague=True,
    )


def _is_mixed(look: Look, found: Hidden, certain: float) -> bool:
    """Say whether values are of other rows: the others say so, or no truth has moved."""
    aspect = look.aspect(BELONGING, found.column)
    if aspect is not None and aspect.usual_share >= _TIED:
        lost = (aspect.usual_share - aspect.share) / (aspect.usual_share - 0.5)
        if lost < _KEPT or look.surprise(BELONGING, found.column) >= _CLEAR:
            return lost >= _LOST
    if found.followed < _FOLLOWED:
        return True
    return log_other_relation(look) < min(certain, _TURNED * found.evidence)
