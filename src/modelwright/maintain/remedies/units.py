"""A column that comes in another unit, or on another scale, is read as before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from modelwright.maintain.inputs.units import CONVERSIONS
from modelwright.maintain.remedies.base import PlainRemedy, Situation, Treatment
from modelwright.maintain.remedies.columns import Then, changed_columns, is_binned
from modelwright.maintain.remedies.swaps import swapped_pair
from modelwright.predictor.mending import convert_column
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.predictor.reference.distribution import Binned
from modelwright.tasks.figures import figure

_FEWEST_EDGES = 5
_MOST_ALONE = 3
_NEAR = 0.1
"""How far converted quantiles may lie from training on average, as a part of their range."""
_NEARER = 3.0
"""How many times farther those that were not converted must lie."""
_USUAL = 0.08
"""How far the factor may be from that of a usual conversion that is taken for it: a season moves a
column too."""
_AS_WIDE = (0.7, 1.4)
"""By which factors the spread may differ from what a usual conversion makes of it."""


@dataclass(frozen=True)
class Conversion:
    """What happened to a column: ``new = factor * old + offset``; a known slip, or what fits."""

    name: str
    factor: float
    offset: float
    is_known: bool = False

    @property
    def sentence(self) -> str:
        """How it is undone."""
        shown = f"{self.name!r}"
        if self.offset:
            sign = "-" if self.offset > 0 else "+"
            shown = f"({shown} {sign} {figure(abs(self.offset))})"
        return f"{shown} / {figure(self.factor)}" if self.factor != 1.0 else shown


def _plan(situation: Situation) -> Iterator[Treatment]:
    # What changed places looks like another scale too.
    swapped = {*swapped_pair(situation)} if situation.broken else set[str]()
    changed = (each for each in changed_columns(situation) if each.name not in swapped)
    found = [ways for each in changed if (ways := _conversions_of(each))]
    if found:
        first = [ways[0] for ways in found]
        # Those that changed are those that broke at once, where some did.
        is_evident = bool(situation.broken) and all(each.is_known for each in first)
        offered = _treatment(first, situation.program, way="all")
        yield replace(offered, is_evident=is_evident)
    # A season moves many columns a little in the same way; a slip moves one, and that far.
    for ways in found[:_MOST_ALONE]:
        for way, conversion in zip(("likeliest", "other"), ways, strict=False):
            if len(found) > 1 or way == "other":
                yield _treatment([conversion], situation.program, way=way)


def _treatment(conversions: list[Conversion], program: Program, *, way: str) -> Treatment:
    names = tuple(sorted(each.name for each in conversions))
    return Treatment(
        option=f"convert {', '.join(names)}, {way}",
        sentence="Read " + " and ".join(each.sentence for each in conversions) + ".",
        program=_converted(program, conversions),
        columns=names,
    )


def _converted(program: Program, conversions: list[Conversion]) -> Program:
    for each in conversions:
        program = convert_column(program, each.name, factor=each.factor, offset=each.offset)
    return program


def _conversions_of(column: Then) -> list[Conversion]:
    """Return what may have happened to a column, the likeliest first; none where it is no slip."""
    trained = column.trained
    if not (isinstance(trained, Binned) and is_binned(trained)):
        return []
    known = column.values[np.isfinite(column.values)]
    if len(trained.edges) < _FEWEST_EDGES or len(known) < _FEWEST_EDGES:
        return []
    edges, counts = np.array(trained.edges), np.array(trained.counts[:-1])
    live = np.quantile(known, np.cumsum(counts)[:-1] / counts.sum(), method="inverted_cdf")
    fitted = min(_fits(edges, live), key=lambda each: _miss(edges, live, *each))
    least = _miss(edges, live, *fitted)
    if least >= min(_NEAR, _miss(edges, live, 1.0, 0.0) / _NEARER):
        return []
    usual = _usual_one(edges, live)
    if usual is None:
        ways = [fitted]
    elif _is_clear(edges, live, *usual):
        ways = [usual]
    else:
        ways = [fitted, usual]
    is_known = usual is not None and ways == [usual]
    return [Conversion(column.name, *way, is_known=is_known) for way in dict.fromkeys(ways)]


def _fits(edges: Floats, live: Floats) -> Iterator[tuple[float, float]]:
    """Yield a mere factor, a mere offset, and both."""
    some = edges != 0
    if some.any() and (factor := float(np.median(live[some] / edges[some]))) > 0:
        yield factor, 0.0
    yield 1.0, float(np.median(live - edges))
    slope, offset = np.polyfit(edges, live, 1)
    if slope > 0:
        yield float(slope), float(offset)


def _usual_one(edges: Floats, live: Floats) -> tuple[float, float] | None:
    """Return the nearest conversion between units that spreads as the column now spreads."""
    widened = float(live.std() / edges.std())
    usual = [
        (factor, offset)
        for _, factor, offset in CONVERSIONS
        if _AS_WIDE[0] < widened / factor < _AS_WIDE[1]
    ]
    return min(usual, key=lambda each: _miss(edges, live, *each), default=None)


def _is_clear(edges: Floats, live: Floats, factor: float, offset: float) -> bool:
    some = edges != 0
    ratio = float(np.median((live[some] - offset) / edges[some] / factor))
    return _miss(edges, live, factor, offset) < _NEAR and abs(ratio - 1.0) < _USUAL


def _miss(edges: Floats, live: Floats, factor: float, offset: float) -> float:
    return float(np.abs((live - offset) / factor - edges).mean() / np.ptp(edges))


FIX_UNITS = PlainRemedy(
    "fix units",
    "Reads a column of numbers in the unit that the model learned.",
    _plan,
)
