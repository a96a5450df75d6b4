"""Categories that nobody knew, or that have another name."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.tallies import CATEGORIES, unseen_levels
from modelwright.maintain.truths.hidden import HIDDEN
from modelwright.maintain.truths.relation import log_other_relation
from modelwright.maintain.wording import FEWEST_NAMED, percent
from modelwright.predictor.reference.beyond import Beyond
from modelwright.predictor.reference.distribution import Levels
from modelwright.tasks.row_losses import level_of

_JUMP = 0.05
_CLEAR = 5.0
"""Nats that tell that levels are new where it is certain that answers are off."""
_ALIKE = 0.5
"""How far the share of a new name may be from that of the one that vanished, as a part of it."""
_STEADY = 0.25
"""How far the share of a level in training may be from that in the past, as a part of it."""


def find_new_levels(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns with levels that neither training nor the past had.

    Where as many were new in windows of training, that is a note, unless one that is always there
    has another name.
    """
    for column in look.sketch.columns:
        aspect = look.aspect("unseen", column.name)
        if aspect is None or column.kind not in CATEGORIES:
            continue
        evidence = look.surprise("unseen", column.name)
        if evidence >= min(least, _CLEAR) and aspect.share > aspect.usual_share:
            new = unseen_levels(
                look.bundle, look.sketch.past, column, look.rows.columns[column.name]
            )
            if evidence < least and not _carry_what_is_lost(look, column.name, new, least):
                continue
            more = aspect.share - aspect.usual_share
            beyond = look.bundle.reference.roughness.further.get(column.name, Beyond())
            goes_on = more <= beyond.levels
            renamed = _find_renamed(look, column.name, new)
            if renamed and not (goes_on and _comes_and_goes(look, column.name, renamed)):
                yield _renamed(column.name, renamed, evidence)
            elif more >= _JUMP:
                yield Finding(
                    kind="new categories",
                    columns=(column.name,),
                    evidence=evidence,
                    sentence=f"{column.name!r} has levels that nobody knew"
                    f"{_such_as(look, column.name, new)} in {percent(aspect.share)} of rows; "
                    f"{percent(aspect.usual_share)} before.",
                    is_broken=not goes_on,
                )


def _carry_what_is_lost(look: Look, name: str, new: frozenset[str], least: float) -> bool:
    """Say whether answers are off for certain, and mostly in rows with new levels."""
    of_misses = least - float(np.log(look.bets * (1 - HIDDEN)))
    if log_other_relation(look) < of_misses or look.level is None or look.sketch.level is None:
        return False
    values = look.rows.columns[name].tolist()
    others = level_of(look.losses[[value not in new for value in values]])
    before = look.sketch.level[0]
    return others is not None and others[0] - before <= (look.level[0] - before) / 2


def _such_as(look: Look, name: str, new: frozenset[str]) -> str:
    """Name the commonest new level, where several rows have it."""
    counts = Counter(look.rows.columns[name].tolist())
    level = max(sorted(new), key=counts.__getitem__)
    return f", such as {level!r}," if counts[level] >= FEWEST_NAMED else ""


@dataclass(frozen=True)
class _Renamed:
    old: str
    new: str
    share: float
    usual: float


def _renamed(name: str, found: _Renamed, evidence: float) -> Finding:
    return Finding(
        kind="renamed categories",
        columns=(name,),
        evidence=evidence,
        sentence=f"{name!r} has {found.new!r}, which nobody knew, in {percent(found.share)} of "
        f"rows, and {found.old!r} is gone: it looks renamed.",
        is_broken=True,
    )


def _find_renamed(look: Look, name: str, new: frozenset[str]) -> _Renamed | None:
    """Return a level that vanished where one new level became as common."""
    before = Counter(look.sketch.values[name].tolist())
    now = Counter(look.rows.columns[name].tolist())
    gone = {
        level: count for level, count in before.items() if level is not None and level not in now
    }
    if not gone or not new:
        return None
    old, fresh = max(gone, key=gone.__getitem__), max(sorted(new), key=now.__getitem__)
    usual, share = before[old] / before.total(), now[fresh] / now.total()
    alike = abs(share - usual) <= _ALIKE * usual and now[fresh] >= FEWEST_NAMED
    return _Renamed(old, fresh, share, usual) if alike else None


def _comes_and_goes(look: Look, name: str, renamed: _Renamed) -> bool:
    """Say whether the level that vanished was not as common in training as in the past.

    A month or a season is not, which ends where the next one begins.
    """
    trained = look.bundle.reference.in_training(name)
    if not isinstance(trained, Levels) or renamed.old not in trained.levels:
        return True
    share = trained.counts[trained.levels.index(renamed.old)] / sum(trained.counts)
    return abs(share - renamed.usual) > _STEADY * renamed.usual
