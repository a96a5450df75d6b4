"""Another mix of rows: columns that are distributed otherwise than in the recent past."""

from collections.abc import Iterator

import numpy as np

from modelwright.data.schema import Kind
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.cost_of_mix import cost_of_mix
from modelwright.maintain.truths.losses import realised_growth, usual_change
from modelwright.maintain.wording import percent
from modelwright.tasks.figures import figure

_SAME = 0.5
"""Nats that two columns say of each other when they say the same."""

_FAR = 3.0
"""Standard deviations of usual losses beyond which no roughness of training is an excuse."""


def find_other_mix(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns that changed, each with those that say the same, and with the harm.

    A column that changed as much in training must change by more, unless more is lost than ever.
    """
    realised, usual = realised_growth(look), usual_change(look)
    is_lost = realised is not None and np.log1p(realised) > _FAR * np.log1p(usual)
    rough = {} if is_lost else look.bundle.reference.roughness.columns
    changed = {
        column.name: evidence
        for column in look.sketch.columns
        if column.kind != Kind.DATETIME
        and (evidence := look.surprise("values", column.name))
        >= least + rough.get(column.name, 0.0)
    }
    if not changed:
        return
    while changed:
        name = max(changed, key=changed.__getitem__)
        evidence = changed.pop(name)
        others = [other for other in changed if _says_the_same(look, name, other)]
        for other in others:
            changed.pop(other)
        cost = cost_of_mix(look, name)
        yield Finding(
            kind="covariate drift",
            columns=(name, *others),
            evidence=evidence,
            sentence=_say(look, name, None if cost is None else cost.growth),
            growth=None if cost is None else cost.growth,
            doubt=0.0 if cost is None else cost.doubt,
            usual_change=usual,
        )


def _says_the_same(look: Look, one: str, other: str) -> bool:
    pairs = look.sketch.pairs
    return max(pairs.get((one, other), 0.0), pairs.get((other, one), 0.0)) >= _SAME


def _say(look: Look, name: str, growth: float | None) -> str:
    aspect = look.aspect("values", name)
    assert aspect is not None
    before, now = aspect.history.sum(axis=0), aspect.now
    shares = now / now.sum() - before / before.sum()
    most = int(shares.argmax())
    grid = look.sketch.grids[name]
    where = f"in part {most + 1} of {grid.bins}"
    if grid.levels is not None:
        level = next((level for level, number in grid.levels.items() if number == most), None)
        where = "of rarer levels" if level is None else f"with {level!r}"
    elif grid.edges is not None:
        where = (
            f"at most {figure(grid.edges[most])}"
            if most == 0
            else f"above {figure(grid.edges[most - 1])}"
            + (f" and at most {figure(grid.edges[most])}" if most < len(grid.edges) else "")
        )
    harm = "" if growth is None else f" The loss {_grows(growth)}."
    shown = f"{percent(now[most] / now.sum())} of rows, {percent(before[most] / before.sum())}"
    return f"{name!r}: {shown} before, are {where}.{harm}"


def _grows(growth: float) -> str:
    return f"grows by {percent(growth)}" if growth >= 0 else f"shrinks by {percent(-growth)}"
