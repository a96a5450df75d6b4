"""Whether ranges and sets hold the truth as often as they state."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import MeasuredCoverage
from modelwright.predictor.coverage import Coverage, Ranges
from modelwright.predictor.operations.base import Flags, Floats
from modelwright.predictor.program import Program
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import bootstrap_interval, wilson_interval
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.prediction_intervals import for_new_sample


def measure_coverage(
    program: Program,
    answers: Floats,
    truth: NDArray[Any],
    *,
    groups: NDArray[Any] | None = None,
    seed: int = 0,
) -> tuple[MeasuredCoverage, ...]:
    """Return how often the program's ranges or sets hold the truth, level by level.

    Parameters
    ----------
    program
        What answered; when it states no coverage nothing is measured.
    answers : ndarray of shape (rows, outputs)
        To rows that nothing was learned from.
    truth : ndarray of shape (rows,)
        Numbers, or indices of classes.
    groups : ndarray of shape (rows,), optional
        Rows of one day or one entity share a value: they are not independent.
    seed
        Of the resampling of groups.
    """
    stated = program.coverage
    if stated is None:
        return ()
    measured = []
    for level in stated.levels:
        held, sizes = _look_up(program, stated, answers, truth=truth, level=level)
        share = _share(held, groups, seed=seed)
        measured.append(MeasuredCoverage(level=level, share=share, size=float(sizes.mean())))
    return tuple(measured)


def _look_up(
    program: Program, stated: Coverage, answers: Floats, *, truth: NDArray[Any], level: float
) -> tuple[Flags, Floats]:
    """Return which rows are held, and the width of ranges or the number of classes of sets."""
    if isinstance(stated, Ranges):
        low, high = stated.ends(answers, level).T
        return (low <= truth) & (truth <= high), high - low
    held = stated.holding(answers, program.choose(answers), level)
    return held[np.arange(len(truth)), truth], held.sum(axis=1)


def _share(held: Flags, groups: NDArray[Any] | None, *, seed: int) -> Interval:
    """Return the share that is held, with the interval for as many new rows."""
    if groups is None:
        here = wilson_interval(int(held.sum()), len(held))
    else:
        always = np.ones(len(held), dtype=np.int64)
        here = bootstrap_interval(
            METRICS["accuracy"], always, held.astype(np.int64), groups=groups, seed=seed
        )
    return for_new_sample(here, len(held), len(held))
