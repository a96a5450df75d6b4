"""The levels of a column are bands of the target: a trip is "slow" above 25 minutes.

It is proof when the values of a level lie between those of its neighbours and nowhere overlap them,
and when the bands meet, as a cut through a measured quantity does. Levels that lie far apart are
none: what a zone costs may be known, and the target made of it. The lowest and the highest bands
may have few rows, as the tails of a rounded number do; the others are the proof. A number of more
levels is the target with fewer digits when none of them overlaps the next. Three cuts that meet are
proof though a fourth goes through a tail, where answers lie apart. Of a column with many levels,
whether it is filled may be a cut. Where there are few different answers bands meet more easily:
that is suspicious. So are bands that lie no further apart than the few answers at one end: a cut
has like answers on both sides, a zone often ends in a tail. And so it is where the target only
grows with time, which any period, such as a year, cuts and is known beforehand.
"""

from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case
from modelwright.explore.leaks.copies import has_enough_rows

_Verdict = Literal["certain", "suspicious"]

_MOST_LEVELS = 12
_FEWEST_ROWS, _FEWEST_VALUES, _MANY_VALUES = 20, 3, 15
"""Rows and different answers of each level; with fewer than many in all it is no proof."""
_FEWEST_ROWS_OF_MANY, _MANY_BANDS = 10, 4
"""Rows of each level where there are many: that so many meet and none overlaps is no chance."""
_FEWEST_OF_SEVERAL = 2
"""Different answers of each of three levels, and of some level where there are more."""
_LEVELS_BESIDE_GAPS = 3
"""So many levels cut without those rows that have none."""
_LEAST_FILLED, _ROWS_OF_A_LEVEL = 0.8, 3
"""Of a number with many levels: rows with a value, and rows of a level."""
_MEET = 0.02
"""Between two bands, by the standard deviation of the target."""
_WIDE_STEP, _EXACT = 0.95, 1e-9
"""A gap between two bands that is no wider than most steps within them is none."""
_NEAR = 11
"""Nor one no wider than a step among so many answers on each side: in a tail they are far apart."""
_GAPS_OF, _WIDEST_GAP = 4, 0.1
"""Suspicious too: one cut in so many between answers that lie apart by chance, but not far."""
_CUTS_THAT_MEET = 3
"""So many are proof, however far answers lie apart at another: levels of their own hardly ever end
so near to the next."""


def find_bands(case: Case) -> list[Leak]:
    """Return the columns whose levels cut the target into pieces."""
    if case.sample.task.is_classification or not has_enough_rows(case):
        return []
    return [leak for name in case.names if (leak := _judge(case, name))]


def _judge(case: Case, name: str) -> Leak | None:
    said = f"The levels of {name} are ranges of the target that"
    levels = _bands(case, name)
    if not levels and _keeps_order(case, name):
        return _leak(case, name, f"{said} nowhere overlap", is_asked=case.rises)
    sides = f"The rows with {name} and those without it are ranges of the target that"
    for bands, of in ((levels, said), (_filled_and_missing(case, name), sides)):
        if verdict := _meeting(bands, case.sample.answers):
            few = sum(len(np.unique(band)) for band in bands) < _MANY_VALUES
            is_asked = case.rises or few or verdict == "suspicious"
            return _leak(case, name, f"{of} meet and nowhere overlap", is_asked=is_asked)
    return None


def _leak(case: Case, name: str, said: str, *, is_asked: bool) -> Leak:
    doubt = " The target keeps step with time, as periods do." if case.rises else ""
    return Leak(
        columns=(name,),
        verdict="suspicious" if is_asked else "certain",
        evidence=f"{said} ({case.sample.in_words()}).{doubt}{f' {KNOWN}' if is_asked else ''}",
    )


def _bands(case: Case, name: str) -> list[NDArray[np.float64]]:
    """Return the answers of each level, the lowest first; none where there are too many levels."""
    levels, answers = case.sample.codes[name], case.sample.answers
    filled = case.sample.frame[name].is_not_null().to_numpy()
    if len(np.unique(levels[filled])) >= _LEVELS_BESIDE_GAPS:
        levels, answers = levels[filled], answers[filled]
    different = np.unique(levels)
    if len(different) > _MOST_LEVELS:
        return []
    return sorted((answers[levels == each] for each in different), key=lambda band: band.min())


def _filled_and_missing(case: Case, name: str) -> list[NDArray[np.float64]]:
    """Return the answers of rows with and without a value, the lower ones first."""
    filled, answers = case.sample.frame[name].is_not_null().to_numpy(), case.sample.answers
    if filled.all() or not filled.any():
        return []
    return sorted((answers[filled], answers[~filled]), key=lambda band: band.min())


def _keeps_order(case: Case, name: str) -> bool:
    """Return whether each level of a number of many levels lies beyond the one before."""
    values = case.sample.numbers.get(name)
    if values is None or (filled := ~np.isnan(values)).mean() < _LEAST_FILLED:
        return False
    values, answers = values[filled], case.sample.answers[filled]
    starts = np.flatnonzero(np.diff(np.sort(values), prepend=-np.inf))
    if len(starts) * _ROWS_OF_A_LEVEL > len(values):
        return False
    order = np.lexsort((answers, values))
    lowest = np.minimum.reduceat(answers[order], starts)
    highest = np.maximum.reduceat(answers[order], starts)
    rises, falls = highest[:-1] <= lowest[1:], lowest[:-1] >= highest[1:]
    return bool(rises.all() or falls.all())


def _meeting(bands: list[NDArray[np.float64]], answers: NDArray[np.float64]) -> _Verdict | None:
    """Return whether bands that meet are proof or suspicious; None where they do not meet."""
    if any(above.min() < below.max() for below, above in pairwise(bands)):
        return None
    bands = _without_thin_bands(bands)
    if len(bands) < 2:
        return None
    values = [np.unique(band) for band in bands]
    # Whether there is any of what is counted may be known: that cuts off one answer.
    fewest = {2: _FEWEST_VALUES, 3: _FEWEST_OF_SEVERAL}.get(len(bands), 1)
    if min(map(len, values)) < fewest or max(map(len, values)) < _FEWEST_OF_SEVERAL:
        return None
    return _verdict_on_gaps(values, float(answers.std()))


def _verdict_on_gaps(values: list[NDArray[np.float64]], spread: float) -> _Verdict | None:
    step = float(np.quantile(np.concatenate([np.diff(each) for each in values]), _WIDE_STEP))
    usual = max(_MEET * spread, step) + _EXACT * spread
    gaps = np.array([above[0] - below[-1] for below, above in pairwise(values)])
    beside = np.array(
        [
            (_widest_step(below[-_NEAR:]), _widest_step(above[:_NEAR]))
            for below, above in pairwise(values)
        ]
    )
    meeting = np.count_nonzero(gaps <= usual)
    if meeting >= _CUTS_THAT_MEET or np.all(gaps <= np.maximum(usual, beside.min(axis=1))):
        return "certain"
    wide = gaps[gaps > np.maximum(usual, beside.max(axis=1))]
    is_near = len(wide) <= len(gaps) // _GAPS_OF and wide.max(initial=0.0) <= _WIDEST_GAP * spread
    return "suspicious" if is_near or 1 < len(gaps) <= 2 * meeting else None


def _widest_step(run: NDArray[np.float64]) -> float:
    return float(np.diff(run).max(initial=0.0))


def _without_thin_bands(bands: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Leave out the lowest and the highest bands that have few rows, as tails do.

    None is left where others have few rows too, but for one that goes to the band below it.
    """
    for fewest, least in ((_FEWEST_ROWS, 2), (_FEWEST_ROWS_OF_MANY, _MANY_BANDS)):
        full = [place for place, band in enumerate(bands) if len(band) >= fewest]
        kept = bands[full[0] : full[-1] + 1] if full else []
        thin = [place for place, band in enumerate(kept) if len(band) < fewest]
        if len(full) < least or len(thin) > (len(full) >= _MANY_BANDS):
            continue
        for place in thin:
            kept[place - 1 : place + 1] = [np.concatenate(kept[place - 1 : place + 1])]
        return kept
    return []
