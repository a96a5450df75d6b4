"""What learners cost and score on small samples of this very table."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.schema import Schema
from modelwright.data.splitting.splits import Split, holdout_mask
from modelwright.errors import BudgetError, ModelwrightError
from modelwright.learners.base import Fitted, Learner, Rows
from modelwright.learners.faults import faults_told
from modelwright.learners.rows import rows_of
from modelwright.predictor.storage.storage import write_program
from modelwright.tasks.metrics import Metric
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task

_SIZES = (1_000, 4_000)
_MOST_CELLS = 400_000
_FEWEST_ROWS = 200
_FEWEST_LEARNED = 10
_CHECK_SHARE = 0.25
_STEEPEST = 0.6
"""Programs of trees grow no faster than this power of the rows."""
_GROWTH = 2.0
"""A larger sample is tried when its share of the time is this many times what the smaller took."""


@dataclass(frozen=True)
class Measure:
    """One fit.

    Parameters
    ----------
    rows
        Rows that were learned from.
    seconds
        Wall time.
    size_bytes
        Of the program as it is kept on disk.
    """

    rows: int
    seconds: float
    size_bytes: int = 0


@dataclass(frozen=True)
class Probe:
    """One learner on samples.

    Parameters
    ----------
    measures
        Its fits, on ever more rows; none where the time was too short.
    score
        On rows that the last fit did not see; None where there is none.
    cut_short
        Whether the last fit would have gone on.
    failure
        Why it cannot learn such rows.
    """

    learner: Learner
    measures: tuple[Measure, ...] = ()
    score: float | None = None
    cut_short: bool = False
    failure: str = ""

    def expected_s(self, rows: int) -> float | None:
        """Return the seconds expected for a fit on so many rows; None where nothing was measured.

        The line through the two measures is followed, but never less than half as steep as the
        line from zero: on few rows the start costs most.
        """
        if not self.measures:
            return None
        last = self.measures[-1]
        slope = last.seconds / last.rows / 2
        if len(self.measures) > 1:
            first = self.measures[0]
            slope = max(slope, (last.seconds - first.seconds) / max(1, last.rows - first.rows))
        return max(last.seconds + slope * (rows - last.rows), last.seconds * rows / last.rows / 4)

    def expected_bytes(self, rows: int) -> float:
        """Return the size expected of a program that learned from so many rows.

        It grows as a power of the rows, as it did between the two measures: trees do, up to about
        the root, lines and networks hardly.
        """
        if not self.measures:
            return 0.0
        first, last = self.measures[0], self.measures[-1]
        power = 0.0
        if last.rows > first.rows and first.size_bytes:
            power = log(last.size_bytes / first.size_bytes) / log(last.rows / first.rows)
        grown = max(1.0, rows / last.rows) ** min(max(power, 0.0), _STEEPEST)
        return float(last.size_bytes * grown)


@dataclass(frozen=True)
class Ground:
    """What probes are made on.

    Parameters
    ----------
    frame, schema
        Training rows with an answer, none of the holdout, and their columns.
    split
        How rows that are scored are chosen, as the holdout is.
    target, task, metric
        What is predicted, and how answers are judged.
    """

    frame: pl.DataFrame
    schema: Schema
    split: Split
    target: str
    task: Task
    metric: Metric


def probe_learners(
    learners: Sequence[Learner], ground: Ground, *, budget: Budget, seed: int
) -> tuple[Probe, ...]:
    """Fit each learner on a small sample and, where it is quick, on a larger one.

    Parameters
    ----------
    learners
        What to try.
    ground
        The rows; a quarter of each sample is scored and not learned from.
    budget
        Shared evenly; what a quick learner leaves is for the others.
    seed
        For the samples and the learners.
    """
    # When the time is over, to draw samples would only make it later still.
    sizes = _sizes(ground) if budget.remaining_s else ()
    drawn = [_sample(ground, size, seed=seed) for size in sizes]
    samples = [(learn, check) for learn, check in drawn if len(learn) >= _FEWEST_LEARNED]
    return tuple(
        _probe(
            learner,
            samples,
            ground,
            seconds=budget.remaining_s / (len(learners) - position),
            seed=seed,
        )
        for position, learner in enumerate(learners)
    )


def _probe(
    learner: Learner,
    samples: Sequence[tuple[Rows, Rows]],
    ground: Ground,
    *,
    seconds: float,
    seed: int,
) -> Probe:
    if not learner.suits(ground.task):
        return Probe(learner, failure=f"it does not learn {ground.task.kind} tasks")
    probe, left = Probe(learner), Budget.start(max(seconds, 1e-3))
    for learn, check in samples:
        if probe.measures and left.remaining_s < _GROWTH * probe.measures[-1].seconds:
            break
        began = left.elapsed_s
        try:
            with faults_told(learner):
                fitted = learner.fit(
                    learn,
                    check_rows=check,
                    budget=Budget.start(max(left.remaining_s, 1e-3)),
                    seed=seed,
                )
        except BudgetError:
            break
        except ModelwrightError as error:
            return Probe(learner, failure=str(error))
        took = left.elapsed_s - began
        measure = Measure(len(learn), took, sum(map(len, write_program(fitted.program))))
        score = _score(fitted, check, ground.metric)
        probe = Probe(learner, (*probe.measures, measure), score, fitted.cut_short)
    return probe


def _score(fitted: Fitted, check: Rows, metric: Metric) -> float | None:
    if not len(check):
        return None
    answers = fitted.program.run(check.columns)
    match metric.takes:
        case "probabilities":
            prediction: NDArray[Any] = answers
        case "values":
            prediction = answers[:, 0]
        case "classes":
            prediction = fitted.program.choose(answers)
    score = metric.score(check.target, prediction)
    return float(score) if np.isfinite(score) else None


def _sizes(ground: Ground) -> tuple[int, ...]:
    """Return how many rows the samples have: fewer of wide tables."""
    most = max(_FEWEST_ROWS, _MOST_CELLS // max(1, len(ground.schema.features)))
    return tuple(sorted({min(size, most, len(ground.frame)) for size in _SIZES}))


def _sample(ground: Ground, size: int, *, seed: int) -> tuple[Rows, Rows]:
    """Draw rows and divide them as the holdout is; every class is learned from."""
    drawn = np.random.default_rng(seed).permutation(len(ground.frame))[:size]
    if ground.task.is_classification:
        every = encode_target(ground.frame[ground.target], ground.task)
        drawn = np.union1d(drawn, np.unique(every, return_index=True)[1])
    frame = ground.frame[np.sort(drawn)]
    truth = encode_target(frame[ground.target], ground.task)
    again = msgspec.structs.replace(ground.split, boundary="", holdout_fraction=_CHECK_SHARE)
    try:
        held = holdout_mask(frame, again, truth)
    except ModelwrightError:  # so few rows may lie at one moment or in one group
        held = holdout_mask(frame, Split(kind="random", holdout_fraction=_CHECK_SHARE), None)
    if ground.task.is_classification:
        _, firsts = np.unique(truth, return_index=True)
        held[firsts] = False
    learn, check = (
        rows_of(frame.filter(side), ground.schema, target=ground.target, task=ground.task)
        for side in (pl.Series(~held), pl.Series(held))
    )
    return learn, check
