"""The answers are corrected by what came true."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.base import PlainRemedy, Situation, Treatment
from modelwright.maintain.remedies.past import part_of
from modelwright.predictor.compose import append_step
from modelwright.predictor.operations.answers import ScaleLogits
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Program

_FEWEST_ROWS = 50
_SMALLEST = 1e-15
_RIDGE = 5.0
"""Rows of evidence that the correction of each parameter must outweigh."""
_FLATTEST = 1e-3
"""A slope below zero would turn the ranking round, which is no calibration."""


def _plan(situation: Situation) -> Iterator[Treatment]:
    for span, rows in _spans(situation):
        if len(rows) < _FEWEST_ROWS:
            continue
        for way, said in _WAYS.items():
            program = _corrected(situation, rows, with_slope=way == "level and slope")
            if program is not None:
                yield Treatment(
                    option=f"{way}, {span}",
                    sentence=f"Correct {said} of the answers by {len(rows):,} rows.",
                    program=program,
                )


_WAYS = {"level": "the level", "level and slope": "the level and the slope"}


def _spans(situation: Situation) -> Iterator[tuple[str, LiveRows]]:
    recent = situation.recent
    yield "all recent rows", recent
    if len(recent) >= 4 * _FEWEST_ROWS:
        yield "the last half of them", part_of(recent, len(recent) // 2, len(recent))


def _corrected(situation: Situation, rows: LiveRows, *, with_slope: bool) -> Program | None:
    program = situation.program
    if program.task.is_classification:
        if len(np.unique(rows.truth)) < 2:
            return None
        return append_step(program, fit_logits(rows.truth, rows.answers, with_slope=with_slope))
    squared = situation.judge.metric in ("rmse", "r2")
    weight, bias = _line(rows.truth, rows.answers[:, 0], with_slope=with_slope, squared=squared)
    step = Linear(inputs=("",), output="", weights=np.array([[weight]]), bias=np.array([bias]))
    return append_step(program, step)


def fit_logits(truth: NDArray[Any], answers: Floats, *, with_slope: bool) -> ScaleLogits:
    """Return the correction of probabilities that fits what came true, drawn towards none.

    Parameters
    ----------
    truth : ndarray of shape (rows,)
        Indices of classes, none unknown.
    answers : ndarray of shape (rows, classes)
        Probabilities.
    with_slope
        Whether their spread is corrected too, and not only how often each class is foreseen.

    Examples
    --------
    >>> truth = np.arange(4000) % 4 // 3
    >>> step = fit_logits(truth, np.full((4000, 2), 0.5), with_slope=False)
    >>> step.run(np.array([[0.5, 0.5]])).round(2)
    array([[0.75, 0.25]])
    """
    logs = np.log(np.clip(answers, _SMALLEST, 1.0))
    classes = answers.shape[1]
    hits = np.eye(classes)[truth]

    def loss(parameters: Floats) -> tuple[float, Floats]:
        slope = parameters[0] if with_slope else 1.0
        raw = slope * logs + np.append(0.0, parameters[1:])
        raw = raw - raw.max(axis=1, keepdims=True)
        likely = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
        drawn = parameters - np.append(1.0, np.zeros(classes - 1))
        misses = (likely - hits) / len(truth)
        ridge = _RIDGE / len(truth)
        value = -np.log(np.clip((likely * hits).sum(axis=1), _SMALLEST, 1.0)).mean()
        gradient = np.append((misses * logs).sum() * with_slope, misses.sum(axis=0)[1:])
        return float(value + ridge * (drawn**2).sum() / 2), gradient + ridge * drawn

    start = np.append(1.0, np.zeros(classes - 1))
    bounds = [(_FLATTEST, None), *[(None, None)] * (classes - 1)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    slope = float(found[0]) if with_slope else 1.0
    return ScaleLogits(inputs=("",), output="", slope=slope, bias=np.append(0.0, found[1:]))


def _line(
    truth: NDArray[Any], answers: Floats, *, with_slope: bool, squared: bool
) -> tuple[float, float]:
    """Return weight and bias of numbers; by medians where errors are not squared."""
    middle = np.mean if squared else np.median
    spread = answers.var()
    if not with_slope or not spread > 0:
        return 1.0, float(middle(truth - answers))
    covariance = float(((truth - truth.mean()) * (answers - answers.mean())).mean())
    drawn = _RIDGE / len(truth)
    weight = max(_FLATTEST, (covariance + drawn * spread) / (spread * (1.0 + drawn)))
    return float(weight), float(middle(truth - weight * answers))


RECALIBRATE = PlainRemedy("recalibrate", "Corrects the answers by what came true of late.", _plan)
