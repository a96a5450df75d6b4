"""Slow harm: a loss that has crept up since the first windows, and what explains it."""

import numpy as np

from modelwright.data.schema import Kind
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.losses import expected_growth
from modelwright.maintain.watch.creep import Creep
from modelwright.maintain.wording import percent

ANCHORS = 4
"""Windows since the world last changed that are kept, to say later what has changed."""
_EXPLAINED = 0.5
"""The part of the growth that columns must explain to be its cause."""


def find_slow_harm(creep: Creep, look: Look, least: float) -> tuple[Finding, ...]:
    """Return that the loss has crept up; nothing where it has not.

    Parameters
    ----------
    creep
        The losses since the world last changed, with the window.
    look
        The window beside the first windows since then.
    least
        The evidence that the promised rate of false alarms asks for, as a logarithm.
    """
    if not creep.is_full:
        return ()
    rise = creep.rise()
    if rise.evidence < least:
        return ()
    columns = _explaining(look, rise.growth, least)
    since = creep.since[rise.start]
    when = f" since {since}" if since else ""
    why = f"because of {', '.join(map(repr, columns))}" if columns else "and no column explains it"
    return (
        Finding(
            kind="covariate drift" if columns else "concept drift",
            columns=columns,
            evidence=rise.evidence,
            sentence=f"The loss has grown by {percent(rise.growth)}{when}, by little in each "
            f"window, {why}.",
            growth=rise.growth,
        ),
    )


def _explaining(look: Look, growth: float, least: float) -> tuple[str, ...]:
    """Return the columns that changed if the loss grew because of them, the most changed first."""
    surprises = {
        column.name: look.surprise("values", column.name)
        for column in look.sketch.columns
        if column.kind != Kind.DATETIME
    }
    changed = [name for name, surprise in surprises.items() if surprise >= least]
    if not changed or growth <= 0:
        return ()
    explained = {
        name: np.log1p(max(0.0, expected_growth(look, (name,)) or 0.0)) for name in changed
    }
    enough = [name for name in changed if explained[name] >= _EXPLAINED * np.log1p(growth)]
    return tuple(sorted(enough, key=surprises.__getitem__, reverse=True))
