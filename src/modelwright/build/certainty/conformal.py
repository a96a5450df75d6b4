"""How far from its answers the truth lies, from out-of-fold answers.

Split conformal prediction (Vovk, Gammerman & Shafer, *Algorithmic Learning in a Random World*,
2005; Papadopoulos et al., ECML 2002) takes the quantile of rank ``ceil((n + 1) * level)`` of n
errors, so that a new row of the same kind is covered with at least the probability stated, however
errors are distributed. The errors are those of the folds: as in CV+ (Barber et al., *Annals of
Statistics* 49, 2021, 486-507) each row is answered by a model that did not learn from it. These
models learned from fewer rows than the one that ships, so their errors are a little larger and the
coverage is a little higher than stated. What was chosen on the same rows, as weights of a blend and
a calibration, takes a little of it back. What is true is measured on the holdout, in
`modelwright.build.judging.coverage`.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.coverage import Coverage, Ranges, Sets
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.task import Task

LEVELS = (0.8, 0.9, 0.95)

_FEWEST_ROWS = 50
"""With 50 rows a stated 90 % is between 81 and 97 % for 95 of 100 samples, with 100 between 84 and
95 %."""
_BAND_ROWS = 200
_FEWEST_IN_BAND = 100
_MOST_BANDS = 20
_FEWEST_IN_CLASS = 50
"""Rarer classes share a threshold."""


@dataclass(frozen=True)
class Conformal:
    """What may be stated beside answers, with its reason; None where rows are too few."""

    coverage: Coverage | None
    reason: str


def fit_coverage(task: Task, truth: NDArray[Any], answers: Floats) -> Conformal:
    """Make ranges or sets that hold the truth of 80, 90 and 95 % of new rows.

    Ranges are made for each band of the answer by itself, sets for each class by itself: that a
    level is kept on average is of little use where it is kept by the easy rows.

    Parameters
    ----------
    task
        What is answered.
    truth : ndarray of shape (rows,)
        Numbers, or indices of classes.
    answers : ndarray of shape (rows, outputs)
        Out of fold, after calibration.

    Examples
    --------
    >>> truth = np.arange(200.0)
    >>> found = fit_coverage(Task(kind="regression"), truth, truth[:, None] + 1)
    >>> found.reason
    'from 200 out-of-fold rows, in 1 band of the answer'
    >>> found.coverage.ends(np.array([[10.0]]), 0.9)
    array([[ 9., 10.]])
    """
    if len(truth) < _FEWEST_ROWS:
        return Conformal(None, f"{len(truth)} rows are too few, {_FEWEST_ROWS} are needed")
    if not np.isfinite(answers).all():
        return Conformal(None, "an out-of-fold answer is not finite")
    rows = f"from {len(truth):,} out-of-fold rows"
    if task.is_classification:
        together = int((_kin(np.bincount(truth, minlength=answers.shape[1])) == 0).sum())
        but = f", {together} rare ones together" if together > 1 else ""
        return Conformal(_fit_sets(truth, answers), f"{rows}, for each class by itself{but}")
    ranges = _fit_ranges(truth, answers[:, 0])
    bands = len(ranges.edges) + 1
    return Conformal(ranges, f"{rows}, in {bands} band{'s' * (bands > 1)} of the answer")


# --- ranges ---------------------------------------------------------------------------------


def _fit_ranges(truth: Floats, numbers: Floats) -> Ranges:
    edges = _edges(numbers)
    bands = np.searchsorted(edges, numbers, side="right")
    missed = truth - numbers
    below, above = np.empty((2, len(LEVELS), len(edges) + 1))
    for band in range(len(edges) + 1):
        errors = np.sort(missed[bands == band])
        for place, level in enumerate(LEVELS):
            rank = _spared(len(errors), (1 - level) / 2)
            # At least zero: a range that does not hold its own answer would puzzle everybody.
            below[place, band] = max(0.0, -errors[rank])
            above[place, band] = max(0.0, errors[-1 - rank])
    # Where a count such as 3 is missed by 1.8 from 1.2 on, the sum of both may lie below 3.
    grain = 4 * np.finfo(np.float64).eps * max(np.abs(truth).max(), np.abs(numbers).max())
    for reach in (below, above):
        reach[reach > 0] += grain
    return Ranges(
        levels=LEVELS,
        edges=edges,
        below=below,
        above=above,
        floor=0.0 if truth.min() >= 0 else None,
    )


def _edges(numbers: Floats) -> Floats:
    """Return edges between bands that hold about as many rows each, and never few."""
    ordered = np.sort(numbers)
    bands = min(_MOST_BANDS, max(1, len(ordered) // _BAND_ROWS))
    wanted = np.unique(ordered[np.arange(1, bands) * len(ordered) // bands])
    edges, start = list[float](), 0
    for edge, place in zip(wanted, np.searchsorted(ordered, wanted), strict=True):
        if min(place - start, len(ordered) - place) >= _FEWEST_IN_BAND:
            edges.append(float(edge))
            start = place
    return np.array(edges, dtype=np.float64)


# --- sets -----------------------------------------------------------------------------------


def _fit_sets(truth: NDArray[np.int64], answers: Floats) -> Sets:
    right = answers[np.arange(len(truth)), truth]
    kin = _kin(np.bincount(truth, minlength=answers.shape[1]))
    # Sorted once, because there may be ten thousand classes.
    order = np.lexsort((right, kin[truth]))
    starts = np.searchsorted(kin[truth][order], np.arange(kin.max() + 2))
    of_kin = np.empty((len(LEVELS), kin.max() + 1))
    for number, (start, end) in enumerate(pairwise(starts)):
        likely = right[order[start:end]]
        for place, level in enumerate(LEVELS):
            of_kin[place, number] = likely[_spared(len(likely), 1 - level)]
    return Sets(levels=LEVELS, thresholds=of_kin[:, kin])


def _kin(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the classes; rare ones share a number, which is 0."""
    order = np.argsort(counts, kind="stable")
    rare = int(np.searchsorted(counts[order], _FEWEST_IN_CLASS))
    while 0 < rare < len(order) and counts[order[:rare]].sum() < _FEWEST_IN_CLASS:
        rare += 1
    kin = np.zeros(len(counts), dtype=np.int64)
    kin[order[rare:]] = np.arange(len(order) - rare) + (rare > 0)
    return kin


def _spared(rows: int, share: float) -> int:
    """Return how many of the smallest may be left out, with the one new row counted in.

    One less than ``floor((rows + 1) * share)``, so that the next one is the quantile.
    """
    # A share such as 1 - 0.9 is a little off; without rounding a whole rank would be lost.
    return max(floor(round((rows + 1) * share, 9)) - 1, 0)
