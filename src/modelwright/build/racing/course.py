"""How the time is divided, settled when the first learner has shown what a fold costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from modelwright.build.aims.aimed import aim_at, aim_of, bare
from modelwright.compute.budget import Budget
from modelwright.learners.base import Learner
from modelwright.learners.settings import settings_of, with_settings

_MOST_FINALISTS, _FEWEST_FINALISTS = 6, 2
"""Learners that go on to the folds on which not all could be tried."""
_ALL_FOLDS_SHARE = 0.45
"""Everybody gets all folds when that takes no more of the time."""
ENOUGH_ROWS, FEW_ROWS = 10_000, 2_000
"""That are scored: more tell learners apart no better than more learners would be worth. With fewer
than these, but not few, all folds are for everybody or for nobody: a blend of the few that had the
time for all of them lacks what errs differently."""
_REFIT_SHARE = 0.4
"""Learning again from all rows may take so much of the time; else the folds' programs ship."""
REFITS = 4
_MORE_ROWS = 1.3
"""What all rows cost beside those of a fold, with a margin. There are more of them, but no rounds
beyond the best and no rows that are scored: on five tables it was 0.55 to 1.1 times as much."""
_FOLD_SHARE = 0.07
"""Of the time, what a fold may take before boosters learn in larger steps."""
_PILOT_SHARE = 0.25
_MOST_HASTE = 4.0
_FASTEST_RATE = 0.25
_USUAL_COST = 1.2
"""Of a learner of the portfolio, in that of the first."""


@dataclass(frozen=True)
class Course:
    """How the time is divided.

    Parameters
    ----------
    first
        Folds on which every learner is tried.
    rest
        Folds that only the finalists learn; none where the time allows no more than the first.
    finalists
        How many these are.
    finals_s
        Seconds of the budget for the finals.
    refits
        Whether those in the blend learn again from all rows.
    haste
        By what boosters' rates are multiplied, so that several fit into the time.
    """

    first: tuple[int, ...]
    rest: tuple[int, ...]
    finalists: int
    finals_s: float
    refits: bool
    haste: float = 1.0


def settle_course(
    order: Sequence[int],
    *,
    fold_rows: float,
    fold_s: float,
    learners: int,
    budget: Budget,
    workers: int,
) -> Course:
    """Divide the time.

    Parameters
    ----------
    order
        The folds, in the order in which they are learned.
    fold_rows
        How many rows a fold scores.
    fold_s
        Seconds that a learner takes on a fold.
    learners
        How many there are.
    budget
        Of the search, the refits included.
    workers
        How many fits run side by side.
    """
    haste = _haste(fold_s, budget)
    fold_s = fold_s / haste * _USUAL_COST
    first, rest = tuple(order[:workers]), tuple(order[workers:])
    scored = len(first) * fold_rows
    refits_s = refits_wall_s([fold_s] * REFITS, workers=workers)
    refits = refits_s <= _REFIT_SHARE * budget.seconds
    search_s = budget.seconds - (refits_s if refits else 0.0)
    everything_s = fold_s * learners * ceil(len(order) / workers)
    if scored < ENOUGH_ROWS and everything_s <= _ALL_FOLDS_SHARE * search_s:
        return Course(tuple(order), (), learners, 0.0, refits, haste)
    one_s = fold_s * len(rest) / workers
    finalists = min(_MOST_FINALISTS, int(_ALL_FOLDS_SHARE * search_s / max(one_s, 1e-9)))
    if scored >= FEW_ROWS or finalists < _FEWEST_FINALISTS:
        return Course(first, (), learners, 0.0, refits, haste)
    return Course(first, rest, finalists, finalists * one_s, refits, haste)


def refits_wall_s(folds_s: Sequence[float], *, workers: int) -> float:
    """Return the wall time in which learners learn again from all rows, side by side.

    Parameters
    ----------
    folds_s
        Seconds that each takes on a fold.
    workers
        How many learn at once.
    """
    if not folds_s:
        return 0.0
    return _MORE_ROWS * max(max(folds_s), sum(folds_s) / workers)


def behind_s(each_s: Sequence[float], *, workers: int) -> list[float]:
    """Return for each piece of work the seconds of what the same worker does after it.

    Parameters
    ----------
    each_s
        Seconds of each piece; who is free first takes the next one.
    workers
        How many work at once.

    Examples
    --------
    >>> behind_s([5.0, 3.0, 2.0, 1.0], workers=2)
    [1.0, 2.0, 0.0, 0.0]
    """
    ends, turns = [0.0] * workers, []
    for seconds in each_s:
        worker = ends.index(min(ends))
        ends[worker] += seconds
        turns.append((worker, ends[worker]))
    return [ends[worker] - end for worker, end in turns]


def most_pilots(course: Course, *, fold_s: float, budget: Budget, workers: int) -> int:
    """Return how many aims of one learner may be tried before the others begin."""
    each_s = fold_s / course.haste * ceil(len(course.first) / workers)
    return max(1, int(_PILOT_SHARE * budget.seconds / max(each_s, 1e-9)))


def bears_haste(learner: Learner) -> bool:
    """Say whether a learner may learn in larger steps: boosters may, networks get lost."""
    settings = settings_of(bare(learner))
    return isinstance(settings.get("rate"), float) and "epochs" not in settings


def hastened(learner: Learner, haste: float) -> Learner:
    """Return a booster that learns in larger steps, so that it needs fewer; others as they are."""
    if not bears_haste(learner) or haste == 1.0:
        return learner
    rate = float(settings_of(bare(learner))["rate"] or 0.0)
    faster = with_settings(bare(learner), rate=min(_FASTEST_RATE, rate * haste))
    aim = aim_of(learner)
    return faster if aim is None else aim_at(faster, aim)


def _haste(fold_s: float, budget: Budget) -> float:
    """Return a power of two, so that small differences of the clock change nothing."""
    wanted = fold_s / max(1e-9, _FOLD_SHARE * budget.seconds)
    return float(np.clip(2.0 ** np.round(np.log2(max(wanted, 1e-9))), 1.0, _MOST_HASTE))
