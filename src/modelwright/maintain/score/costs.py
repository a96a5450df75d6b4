"""What answers cost in money, estimated before labels come and realised by them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from modelwright.documents import LiveCosts
from modelwright.maintain.inputs.blocks import block_rows
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.past import labelled_part
from modelwright.maintain.score.estimate import LEVEL, Estimate, Estimator
from modelwright.maintain.score.performance import FEWEST_LABELS
from modelwright.predictor.expectation.drawing import DRAWS
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.costs import Costs
from modelwright.tasks.interval import Interval

_ANSWERS = 1_000


def count_costs(
    estimator: Estimator, rows: LiveRows, estimate: Estimate, costs: Costs
) -> LiveCosts | None:
    """Return what a thousand answers cost; None where there is no yes and no.

    Parameters
    ----------
    estimator, rows
        The model, and what it answered.
    estimate
        Of its score: where that is refused, so are costs, and they are as uncertain.
    costs
        What mistakes cost.
    """
    program = estimator.bundle.program
    if program.task.kind != "binary":
        return None
    known = labelled_part(rows)
    realised = saved = None
    if len(known) >= FEWEST_LABELS:
        blocks = block_rows(known.times, len(known))
        paid, spared = _paid(known.truth, known.answers, program, costs)
        realised, saved = _mean(paid, blocks), _mean(spared, blocks)
    return LiveCosts(
        unit=costs.unit,
        estimated=_foreseen(estimator, rows, estimate, costs, which=0),
        realised=realised,
        saved_estimated=_foreseen(estimator, rows, estimate, costs, which=1),
        saved_realised=saved,
    )


def _paid(
    truth: NDArray[Any], answers: Floats, program: Program, costs: Costs
) -> tuple[Floats, Floats]:
    """Return what each answer costs, and what it spares against the cheaper constant answer."""
    by_answer = costs.matrix[truth]
    paid = by_answer[np.arange(len(truth)), program.choose(answers)]
    constant = by_answer[:, int(by_answer.mean(axis=0).argmin())]
    return paid, constant - paid


def _mean(values: Floats, blocks: NDArray[np.int64]) -> Interval:
    """Return the mean with Student's interval, blocks of rows being independent."""
    middle = float(values.mean())
    sums = np.bincount(blocks, weights=values - middle)
    count = len(np.unique(blocks))
    error = float((np.square(sums).sum() * count / max(1, count - 1)) ** 0.5 / len(values))
    reach = float(stats.t.isf((1 - LEVEL) / 2, max(1, count - 1))) * error
    return _of_thousand(middle, reach, "Student's t over blocks of rows")


def _foreseen(
    estimator: Estimator, rows: LiveRows, estimate: Estimate, costs: Costs, *, which: int
) -> Interval | None:
    if estimate.score is None:
        return None
    program = estimator.bundle.program
    figures = estimator.believer.figures(
        lambda truth, answers: float(_paid(truth, answers, program, costs)[which].mean()),
        rows.columns,
        rows.answers,
        DRAWS,
    )
    reach = float(figures.std(ddof=1)) * estimate.reach
    return _of_thousand(float(figures.mean()), reach, "labels drawn as believed")


def _of_thousand(value: float, reach: float, method: str) -> Interval:
    return Interval(
        value=_ANSWERS * value,
        low=_ANSWERS * (value - reach),
        high=_ANSWERS * (value + reach),
        level=LEVEL,
        method=method,
    )
