"""What a bundle keeps of its errors, from answers to rows that nothing was learned from."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.predictor.expectation.drawing import Believer, scorer_of
from modelwright.predictor.expectation.part import Disagreement, Expectation
from modelwright.predictor.expectation.seen import ranges_of, usually_outside
from modelwright.predictor.expectation.spread import fit_spread
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.predictor.reference.reference import Reference
from modelwright.tasks.metrics import Metric
from modelwright.tasks.scale import Scale

_FEWEST_ROWS = 100
_MOST_ROWS = 20_000
_SIZES = (200, 1_000)
"""Rows of the windows in which disagreement is measured."""
_FEWEST_WINDOWS, _MOST_WINDOWS, _DRAWS = 5, 16, 30
_QUICK = 1_000
"""Resamples that a metric allows; a person's own function allows fewer, for it may be slow."""


def fit_expectation(
    program: Program,
    reference: Reference,
    columns: Columns,
    *,
    truth: NDArray[Any],
    answers: Floats,
    metric: Metric,
) -> Expectation | None:
    """Learn what may be true of rows, and how far that is from what was.

    Parameters
    ----------
    program
        The model that ships.
    reference
        Of the same rows.
    columns
        The features of the rows, in the order of time where there is one.
    truth : ndarray of shape (rows,)
        Numbers, or indices of classes.
    answers : ndarray of shape (rows, outputs)
        Out of fold, or of a holdout.
    metric
        By which the model is judged.

    Returns
    -------
    Expectation, optional
        None below a hundred rows, or where an answer is not finite.
    """
    if len(truth) < _FEWEST_ROWS or not np.isfinite(answers).all():
        return None
    kept = np.linspace(0, len(truth) - 1, min(len(truth), _MOST_ROWS)).astype(np.int64)
    some = {name: columns[name][kept] for name in reference.columns}
    is_number = not program.task.is_classification
    part = Expectation(
        rows=len(truth),
        metric=metric.name,
        spread=fit_spread(reference, some, truth[kept], answers[kept]) if is_number else None,
        ranges=ranges_of(reference, some),
        outside=usually_outside(reference, some),
    )
    believer = Believer(program, reference, part)
    found = tuple(
        disagreement
        for size in _SIZES
        if (disagreement := _disagreement(believer, metric, columns, truth, answers, size))
    )
    return msgspec.structs.replace(part, disagreements=found)


def in_time(columns: Columns, moment: str) -> NDArray[np.int64]:
    """Return the rows in the order of the column of their moment, or as they are without one."""
    moments = columns.get(moment)
    if moments is None or moments.dtype != np.int64:
        return np.arange(len(next(iter(columns.values()), ())))
    return np.argsort(moments, kind="stable")


def _disagreement(
    believer: Believer,
    metric: Metric,
    columns: Columns,
    truth: NDArray[Any],
    answers: Floats,
    size: int,
) -> Disagreement | None:
    """Measure how far realised scores of windows lie from what was expected of them."""
    windows = min(len(truth) // size, _MOST_WINDOWS)
    if windows < _FEWEST_WINDOWS or metric.most_resamples < _QUICK:
        return None
    scale, scored = Scale.of(*metric.range), scorer_of(metric, believer.program)
    starts = np.linspace(0, len(truth) - size, windows).astype(int)
    apart, errors = list[float](), list[float]()
    for start in starts:
        part = slice(start, start + size)
        given = {name: columns[name][part] for name in believer.reference.columns}
        foreseen = believer.foresee(metric, given, answers[part], draws=_DRAWS)
        realised = scored(truth[part], answers[part])
        if foreseen is not None and np.isfinite(realised):
            apart.append(scale.inside(realised, size) - foreseen.place)
            errors.append(foreseen.error)
    if len(apart) < _FEWEST_WINDOWS:
        return None
    return Disagreement(rows=size, windows=len(apart), spread=beyond_chance(apart, errors))


def beyond_chance(apart: list[float], errors: list[float]) -> float:
    """Return the standard deviation of differences about zero that chance does not explain.

    The estimate by moments of a model with random effects (DerSimonian and Laird, Controlled
    Clinical Trials 7, 1986, 177-188), about zero, so that a lasting bias counts as spread.
    """
    beyond = float(np.mean(np.square(apart)) - np.mean(np.square(errors)))
    return float(max(0.0, beyond) ** 0.5)
