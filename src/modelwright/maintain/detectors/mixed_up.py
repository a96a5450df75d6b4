"""Values that do not belong to their rows: joined by a wrong key, or of another meaning."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from modelwright.data.schema import Kind
from modelwright.documents import CauseKind
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.belonging import BELONGING, told_of_such, told_with
from modelwright.maintain.look.lattices import Lattice
from modelwright.maintain.look.look import TOGETHER, Look
from modelwright.maintain.look.tallies import CATEGORIES, COPIED
from modelwright.maintain.truths.directions import log_turn
from modelwright.maintain.truths.hidden import HIDDEN
from modelwright.maintain.truths.relation import log_other_relation
from modelwright.maintain.wording import percent

_OTHERWISE: Mapping[Kind, CauseKind] = {
    Kind.NUMERIC: "unit change",
    Kind.DATETIME: "shifted clock",
}
"""What it is called where values of other kinds than categories mean something else."""
_LEAST_TOLD = 0.55
"""How often values were told from borrowed ones before; below that a column belongs nowhere."""
_LOST = 0.5
"""The part of what tells them apart that must be lost."""
_BELOW = 3.0
"""Standard deviations by which values that were turned are told less often than by chance."""
_CLEAR = 5.0
"""Nats that tell how a column has changed where that it has is certain."""


def find_mixed_up(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns whose values are hardly told from those of other rows any more.

    Where such a column, or one that it is told by, has other values too, that one has another
    meaning, unless rows of the past with as many of such values were told no better: of a column of
    which only a part comes the others tell less.
    """
    found = {
        column.name: evidence
        for column in look.sketch.columns
        if (evidence := look.surprise(BELONGING, column.name)) >= _CLEAR / 2
        and (aspect := look.aspect(BELONGING, column.name))
        and _lost(aspect.share, aspect.usual_share) >= _LOST
    }
    ranked = sorted(found, key=lambda name: -found[name])
    lost = [
        name
        for name in ranked
        if found[name] >= least or (found[name] >= _CLEAR and _has_other_levels(look, name, least))
    ]
    if not lost and _is_off(look, found, least):
        lost = ranked[:1]
    if not lost:
        return
    first = lost[0]
    others = [name for name in _near(look, first) if look.surprise("values", name) >= least]
    if not others and _is_turned(look, first):
        yield _of_other_meaning(look, first, first)
        return
    if not others:
        named = (name for name in found if found[name] >= found[first] / 2)
        yield _mixed_up(look, first, sorted(named, key=lambda name: -found[name]))
        return
    name = max(others, key=lambda name: look.surprise("values", name))
    if _goes_on(look, first, name):
        return
    if _lost(_share(look, first), told_of_such(look, first, name)) >= _LOST:
        yield _of_other_meaning(look, first, name)


def _is_off(look: Look, found: Mapping[str, float], least: float) -> bool:
    """Say whether truths or copies show that rows which hardly belong together are mixed up.

    Rows that came twice do not once they are put together otherwise. How likely truths are is told
    of given rows, so that what rows and what truths tell of a change may be multiplied: it is a bet
    as fair as each of them.
    """
    if not found or look.level is None:
        return False
    of_feed = look.of_feed(least)
    least -= float(np.log(look.bets))
    # What is bet on misses is shared with the columns that mislead.
    of_misses = least - float(np.log(1 - HIDDEN))
    if max(found.values()) >= _CLEAR and (
        _are_copies_gone(look, of_feed) or log_other_relation(look) >= of_misses
    ):
        return True
    of_rows = [
        look.surprise(aspect.kind, *aspect.columns)
        for aspect in look.aspects
        if aspect.kind == BELONGING
    ]
    together = float(np.logaddexp.reduce(of_rows)) - float(np.log(len(of_rows))) + log_turn(look)
    return together >= least - float(np.log(TOGETHER))


def _are_copies_gone(look: Look, least: float) -> bool:
    """Say whether rows that equal others in everything came, as a rule, and hardly do any more."""
    aspect = look.aspect(COPIED)
    return (
        aspect is not None
        and look.surprise(COPIED) >= least
        and aspect.share < (1 - _LOST) * aspect.usual_share
    )


def _mixed_up(look: Look, first: str, columns: Sequence[str]) -> Finding:
    return Finding(
        kind="mixed-up rows",
        columns=tuple(columns),
        evidence=look.surprise(BELONGING, first),
        sentence=_say(look, first),
        is_broken=True,
    )


def _is_turned(look: Look, name: str) -> bool:
    """Say whether values fit worse than borrowed ones: of other rows they would fit as well."""
    aspect = look.aspect(BELONGING, name)
    if aspect is None or not aspect.now.sum():
        return False
    rows = float(aspect.now.sum())
    return aspect.share < 0.5 - _BELOW * 0.5 / float(np.sqrt(rows))


def _of_other_meaning(look: Look, first: str, name: str) -> Finding:
    kind = look.bundle.schema[name].kind
    what = "means" if name == first else "has other values, and they mean"
    return Finding(
        kind=_OTHERWISE.get(kind, "renamed categories"),
        columns=(name,),
        evidence=look.surprise(BELONGING, first),
        sentence=f"{name!r} {what} something else: {_say(look, first)}",
        is_broken=True,
    )


def _goes_on(look: Look, first: str, name: str) -> bool:
    """Say whether a number has only moved on its steps, as the ages of a panel do.

    Then rows belong together once all its values are moved back by as much as its middle has moved;
    what was converted, or bent, does not come back so, or lies between the steps.
    """
    before, now = look.sketch.values[name], look.values[name]
    if look.bundle.schema[name].kind != Kind.NUMERIC or not np.isfinite(now).any():
        return False
    lattice, aspect = Lattice.of(before), look.aspect(BELONGING, first)
    if lattice is None or aspect is None or lattice.share_of(now) < 1.0:
        return False
    moved = np.round((np.nanmedian(now) - np.nanmedian(before)) / lattice.step) * lattice.step
    return _lost(told_with(look, first, name, now - moved), aspect.usual_share) < _LOST


def _say(look: Look, name: str) -> str:
    aspect = look.aspect(BELONGING, name)
    assert aspect is not None
    return (
        f"{name!r} does not belong to its rows: its values fit better than those of other rows "
        f"in {percent(aspect.share)} of rows, in {percent(aspect.usual_share)} before."
    )


def _share(look: Look, name: str) -> float:
    aspect = look.aspect(BELONGING, name)
    return aspect.share if aspect else 0.0


def _has_other_levels(look: Look, name: str, least: float) -> bool:
    """Say whether it is certain that levels have changed, so that only the kind is in question."""
    is_category = look.bundle.schema[name].kind in CATEGORIES
    return is_category and look.surprise("values", name) >= least


def _near(look: Look, name: str) -> set[str]:
    """Return a column with those that say most of it."""
    pairs = [pair for pair in look.sketch.pairs if name in pair]
    return {name, *(each for pair in pairs for each in pair)}


def _lost(share: float, usual: float) -> float:
    """Return which part of what told own values from borrowed ones is gone."""
    return (usual - share) / (usual - 0.5) if usual >= _LEAST_TOLD else 0.0
