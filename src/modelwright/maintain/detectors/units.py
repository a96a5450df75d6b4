"""Numbers that come in another unit."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from modelwright.data.schema import Kind
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.inputs.units import CONVERSIONS
from modelwright.maintain.look.lattices import Rounded, fits_steps, misses_steps, unit_of_steps
from modelwright.maintain.look.live_rules import LiveRule, rules_of
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.sudden import left_at_once
from modelwright.maintain.look.tallies import FRACTIONS
from modelwright.maintain.wording import percent
from modelwright.predictor.operations.base import Floats
from modelwright.report.words import plural

_EXPLAINED = 0.8
"""The part of the evidence that must vanish when values are converted back."""
_MOST_LEFT = 0.5
"""The part of the step from the last rows to the first that may be left once converted back."""
_FEWEST_VALUES = 2
_FEWEST_MOVED = 10
"""Rows that another unit must have changed: a zero is a zero in feet, too."""
_COMMON = 0.1
"""The part of values that are known ones from which on that says something."""
_FOREIGN = 0.1
"""The part of rows that must break a rule where the steps of the values speak against a unit."""
_JUMP = 0.03
"""By how much the share of fractions must grow."""
_OTHER = 3.0
"""Nats from which on values are others, too, where they come with more decimals than ever."""
_ROUNDED = 1e-4
"""How far a value that was converted and back may lie from the known one, as a part of it."""


def find_other_units(look: Look, least: float) -> Iterator[Finding]:
    """Yield the columns that are as before once converted back, or lie between their steps now."""
    rules = defaultdict[tuple[str, ...], list[LiveRule]](list)
    for rule in rules_of(look.bundle).rows:
        rules[rule.check.columns].append(rule)
    for column in look.sketch.columns:
        if column.kind == Kind.NUMERIC:
            broken = _of_rules(look, rules[(column.name,)])
            found = _converted(look, column.name, broken, least) or _in_fractions(
                look, column.name, least
            )
            if found:
                yield found


def _converted(look: Look, name: str, broken: float, least: float) -> Finding | None:
    surprise = look.surprise("values", name)
    evidence = max(surprise, broken)
    if evidence < least:
        return None
    values, known = look.values[name], _known(look.sketch.values[name])
    if min(len(known), len(_known(values))) < _FEWEST_VALUES:
        return None
    tried = list(_undone(look, name))
    # Steps that are not reached tell it, too: then half of the surprise may be the rows' own.
    rounded = [each for each in tried if each.is_rounded and each.left < _MOST_LEFT * evidence]
    best = min(rounded or tried, key=lambda each: (each.left, each.said))
    # Converted back it must be as before: what is left would be no alarm.
    is_back = best.left < min((1 - _EXPLAINED) * surprise, least)
    if not rounded and not (is_back and _is_of_unit(look, name, best, least)):
        return None
    return Finding(
        kind="unit change",
        columns=(name,),
        evidence=evidence,
        sentence=_told(name, look, best),
        is_broken=True,
    )


@dataclass(frozen=True)
class _Undone:
    """A column converted back from a unit, and the surprise that is left."""

    said: str
    values: Floats
    is_rounded: bool
    is_excluded: bool
    left: float


def _undone(look: Look, name: str) -> Iterator[_Undone]:
    """Convert a column back from each unit: to known values, or to steps where it was rounded."""
    usual, values = look.sketch.values[name], look.values[name]
    known, rounded = _known(usual), Rounded.of(usual, values)
    for said, factor, offset in CONVERSIONS:
        to_steps = rounded.undone(factor, offset) if rounded else None
        back = _near(known, (values - offset) / factor) if to_steps is None else to_steps
        excluded = rounded is not None and rounded.excludes(factor, offset)
        yield _Undone(said, back, to_steps is not None, excluded, look.recount(name, back))


def _told(name: str, look: Look, best: _Undone) -> str:
    """Name the unit, but where its values do not come back to the steps that they had."""
    if not best.is_rounded and misses_steps(look.sketch.values[name], best.values):
        return f"{name!r} comes on another scale: its values lie between the steps that they had."
    return f"{name!r} looks {best.said}: converted back it is as before."


def _in_fractions(look: Look, name: str, least: float) -> Finding | None:
    """Return that a column lies between its steps: what it tells is on another scale."""
    aspect, evidence = look.aspect(FRACTIONS, name), look.surprise(FRACTIONS, name)
    if aspect is None or evidence < least or aspect.share - aspect.usual_share < _JUMP:
        return None
    decimals = look.bundle.reference.decimals.get(name, 0)
    said = unit_of_steps(look.rows.columns[name], decimals)
    if decimals and not said and look.surprise("values", name) < _OTHER:
        # They are no longer rounded, and as before.
        return None
    has = f"more than {plural(decimals, 'decimal')}" if decimals else "fractions"
    return Finding(
        kind="unit change",
        columns=(name,),
        evidence=evidence,
        sentence=f"{name!r} has {has} in {percent(aspect.share)} of rows, in "
        f"{percent(aspect.usual_share)} before: "
        + (f"it looks {said}." if said else "it comes on another scale."),
        is_broken=True,
    )


def _of_rules(look: Look, rules: Sequence[LiveRule]) -> float:
    """Return how surely a column breaks a rule: each row can, although neighbours are alike."""
    found = 0.0
    for rule in rules:
        evidence, aspect = look.surprise(rule.tally), look.aspect(rule.tally)
        if evidence > found and aspect is not None and aspect.share > aspect.usual_share:
            found = evidence
    return found


def _is_of_unit(look: Look, name: str, undone: _Undone, least: float) -> bool:
    """Say whether the values that another unit would have changed were changed by one."""
    raw, usual = look.values[name], look.sketch.values[name]
    moved = np.abs(undone.values - raw) > _ROUNDED * np.abs(raw)
    values, converted = raw[moved], undone.values[moved]
    if len(values) < _FEWEST_MOVED:
        return False
    fits = fits_steps(usual, values, converted)
    if fits:
        return True
    breaks_rule = _breaks_rule(look, name)
    rough = look.bundle.reference.roughness.columns.get(name, 0.0)
    if not breaks_rule and look.surprise("values", name) < least + rough:
        # Windows of training differed as much, and nothing was converted in them.
        return False
    if fits is False and undone.is_excluded:
        return False
    came, were = (float(np.isin(each, usual).mean()) for each in (values, converted))
    # A season stays on the steps, or has values that came before, and would not if converted back.
    # So may what was converted and rounded, but it has values that nothing had.
    is_natural = fits is False or came > max(_COMMON, were)
    if is_natural and came >= _COMMON and not breaks_rule:
        return False
    # Of a column of many values hardly any comes twice, whatever happens.
    if 1 - len(_known(usual)) / max(1, len(usual)) <= 0.5:
        return _is_sudden(look, name, values, converted)
    if came > 0.9:
        # All of them are values that the past had: then other rows came.
        return False
    all_strange = came < 0.1 and were > 0.9
    return all_strange or _is_sudden(look, name, values, converted)


def _breaks_rule(look: Look, name: str) -> bool:
    """Say whether values of a column break a rule, which those of a season hardly do."""
    rules = (rule for rule in rules_of(look.bundle).rows if rule.check.columns == (name,))
    aspects = (look.aspect(rule.tally) for rule in rules)
    return any(aspect is not None and aspect.share > _FOREIGN for aspect in aspects)


def _is_sudden(look: Look, name: str, values: Floats, converted: Floats) -> bool:
    """Say whether the first rows follow the last ones better when they are converted back."""
    before = look.sketch.past[-1].columns[name]
    if not np.isin(0.0, values):
        # What no unit changes is left out on both sides.
        before = before[before != 0.0]
    return left_at_once(before, values, converted) <= _MOST_LEFT


def _known(values: Floats) -> Floats:
    return np.unique(values[~np.isnan(values)])


def _near(known: Floats, values: Floats) -> Floats:
    """Return the known value for each that is as good as one: conversions are rounded."""
    above = np.clip(np.searchsorted(known, values), 1, len(known) - 1)
    low, high = known[above - 1], known[above]
    nearest = np.where(values - low < high - values, low, high)
    is_near = np.abs(values - nearest) <= _ROUNDED * np.maximum(np.abs(nearest), _ROUNDED)
    return np.where(is_near, nearest, values)
