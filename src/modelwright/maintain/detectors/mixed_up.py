"""Values that do not belong to their rows: joined by a wrong key, or of another meaning."""

from collections.abc import Iterator

from modelwright.data.schema import Kind
from modelwright.maintain.aspects import Aspect
from modelwright.maintain.belonging import BELONGING
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look import Look
from modelwright.maintain.wording import percent

_LEAST_TOLD = 0.55
"""How often values were told from borrowed ones before; below that a column belongs nowhere."""
_LOST = 0.5
"""The part of what tells them apart that must be lost."""


def find_mixed_up(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns whose values are hardly told from those of other rows any more.

    Where such a column, or one that it is told by, has other values too, that one has another
    meaning: rows of another mix go on belonging together.
    """
    found = {
        column.name: look.surprise(BELONGING, column.name)
        for column in look.sketch.columns
        if (aspect := look.aspect(BELONGING, column.name)) and _lost(aspect) >= _LOST
    }
    lost = [name for name in sorted(found, key=lambda name: -found[name]) if found[name] >= least]
    if not lost:
        return
    first, evidence = lost[0], found[lost[0]]
    aspect = look.aspect(BELONGING, first)
    assert aspect is not None
    told = (
        f"{first!r} does not belong to its rows: its values fit better than those of other rows "
        f"in {percent(aspect.share)} of rows, in {percent(aspect.usual_share)} before."
    )
    others = [name for name in _near(look, first) if look.surprise("values", name) >= least]
    if others:
        name = max(others, key=lambda name: look.surprise("values", name))
        is_number = look.bundle.schema[name].kind == Kind.NUMERIC
        yield Finding(
            kind="unit change" if is_number else "renamed categories",
            columns=(name,),
            evidence=evidence,
            sentence=f"{name!r} has other values, and they mean something else: {told}",
            is_broken=True,
        )
    else:
        named = tuple(name for name in found if found[name] >= evidence / 2)
        yield Finding(
            kind="mixed-up rows",
            columns=tuple(sorted(named, key=lambda name: -found[name])),
            evidence=evidence,
            sentence=told,
            is_broken=True,
        )


def _near(look: Look, name: str) -> set[str]:
    """Return a column with those that say most of it."""
    pairs = [pair for pair in look.sketch.pairs if name in pair]
    return {name, *(each for pair in pairs for each in pair)}


def _lost(aspect: Aspect) -> float:
    """Return which part of what told own values from borrowed ones is gone."""
    usual = aspect.usual_share
    return (usual - aspect.share) / (usual - 0.5) if usual >= _LEAST_TOLD else 0.0
