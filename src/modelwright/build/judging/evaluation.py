"""The holdout, opened once and scored with the program that ships."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.build.engine import Built
from modelwright.build.judging.answered import Answered
from modelwright.build.judging.behaviour import look_at
from modelwright.build.judging.coverage import measure_coverage
from modelwright.build.judging.curves import draw_curves
from modelwright.compute.budget import Budget
from modelwright.compute.threads import one_thread_each
from modelwright.documents import Evaluation, MeasuredQuantile
from modelwright.learners.base import Rows
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.slices import score_slices
from modelwright.tasks.answers import as_taken
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import bootstrap_interval, paired_difference
from modelwright.tasks.metrics import METRICS, Metric
from modelwright.tasks.prediction_intervals import as_wide_as, for_later_periods, for_new_sample
from modelwright.tasks.rates import Rates
from modelwright.tasks.rule import Rule
from modelwright.tasks.shares import measure_rates, share_interval
from modelwright.tasks.task import Task

_OTHERS: dict[str, tuple[str, ...]] = {
    "binary": ("roc_auc", "average_precision", "log_loss", "accuracy", "f1", "brier"),
    "multiclass": ("log_loss", "accuracy", "macro_f1"),
    "regression": ("rmse", "mae", "r2"),
}

RESAMPLES = 1_000
_RESAMPLES_OF_OTHERS = 200
"""Metrics that decide nothing need no fine intervals."""


@dataclass(frozen=True)
class Holdout:
    """Rows that nothing was learned from.

    Parameters
    ----------
    rows
        None of them with a missing target.
    groups : ndarray of shape (rows,), optional
        Rows of one day or one entity share a value: they are not independent.
    openings
        How often these rows have been opened, this time included.
    earlier
        In a split by time, scores and rows of the periods before; later ones will differ as these
        did.
    out_of_fold
        The training rows' score out of fold and how many rows it rests on: being more, they know
        better how often a row is missed by far.
    more
        Yields further rows of the holdout, in pieces, with their groups: those that memory does
        not hold.
    share
        Of those further rows: so many are scored, drawn at random.
    """

    rows: Rows
    groups: NDArray[Any] | None
    openings: int
    earlier: tuple[tuple[float, int], ...] = ()
    out_of_fold: tuple[Interval, int] | None = None
    more: Callable[[], Iterator[tuple[Rows, NDArray[Any] | None]]] | None = None
    share: float = 1.0


@one_thread_each()
def evaluate(
    built: Built,
    metric: Metric,
    holdout: Holdout,
    *,
    budget: Budget,
    resamples: int = RESAMPLES,
    seed: int,
    names: Collection[str] | None = None,
) -> Evaluation:
    """Score the program, beside the baseline, on rows that it has never seen.

    The interval is one for the score on as many new rows of the same kind, so that it holds for
    what comes later, not only for these rows. Slices and importances are those of the rows in
    memory.

    Parameters
    ----------
    built
        The program and the baseline.
    metric
        The plan's.
    holdout
        The rows.
    budget
        For what drives the answers and what disturbs them; everything else is done in any case.
    resamples
        How often the holdout is drawn again to see how sure a score is.
    seed
        For resampling and shuffling.
    names
        Columns whose importance a build measured before, for a replay; None for as many as there
        is time for.
    """
    rows, task = holdout.rows, holdout.rows.task
    every = Answered.of(
        built,
        (holdout.rows, holdout.groups),
        holdout.more() if holdout.more else (),
        share=holdout.share,
        seed=seed,
    )
    answers = every.answers
    scorer = _Scorer(holdout, every, built, resamples, seed)
    warned, warned_right, positives = _warnings(task, every.truth, answers, rule=built.program.rule)
    scored = Evaluation(
        rows=len(every.truth),
        there=every.there,
        score=scorer.of_later(metric),
        baseline_score=scorer.interval(metric, scorer.simple(metric)),
        gain=scorer.gain(metric),
        others=scorer.others(task, metric),
        openings=holdout.openings,
        slices=score_slices(
            metric,
            rows.schema,
            rows.columns,
            truth=rows.target,
            answers=answers[: len(rows)],
            rule=built.program.rule,
            groups=None if every.groups is None else every.groups[: len(rows)],
        ),
        curves=draw_curves(task, every.truth, answers),
        coverage=measure_coverage(
            built.program, answers, every.truth, groups=every.groups, seed=seed
        ),
        warned=warned,
        warned_right=warned_right,
        positives=positives,
        rates=_rates(task, every, rule=built.program.rule),
        below=_below(metric, every),
    )
    seen = look_at(built.program, metric, rows, budget=budget, seed=seed, names=names)
    return msgspec.structs.replace(
        scored,
        importances=seen.importances,
        movements=seen.movements,
        dependences=seen.dependences,
        robustness=seen.robustness,
    )


@dataclass(frozen=True)
class _Scorer:
    holdout: Holdout
    every: Answered
    built: Built
    resamples: int
    seed: int

    def taken(self, metric: Metric) -> NDArray[Any]:
        """Return the program's answers as the metric takes them."""
        return as_taken(metric, self.every.answers, rule=self.built.program.rule)

    def simple(self, metric: Metric) -> NDArray[Any]:
        """Return the baseline's, with a rule of its own."""
        return as_taken(metric, self.every.simple, rule=self.built.baseline.rule)

    def defines(self, metric: Metric) -> bool:
        return bool(np.isfinite(metric.score(self.every.truth, self.taken(metric))))

    def interval(
        self, metric: Metric, taken: NDArray[Any], *, resamples: int | None = None
    ) -> Interval:
        truth = self.every.truth
        here = bootstrap_interval(
            metric,
            truth,
            taken,
            groups=self.every.groups,
            resamples=resamples or self.resamples,
            seed=self.seed,
        )
        return for_new_sample(here, len(truth), len(truth))

    def others(self, task: Task, metric: Metric) -> dict[str, Interval]:
        others = (METRICS[name] for name in _OTHERS[task.kind] if name != metric.name)
        return {
            each.name: self.interval(each, self.taken(each), resamples=_RESAMPLES_OF_OTHERS)
            for each in others
            if self.defines(each)
        }

    def of_later(self, metric: Metric) -> Interval:
        here = self.interval(metric, self.taken(metric))
        if self.holdout.out_of_fold:
            trained, count = self.holdout.out_of_fold
            n = len(self.every.truth)
            both = for_new_sample(trained, count, count)
            here = as_wide_as(here, both, n=n, n_other=count)
        last = (here.value, len(self.every.truth))
        return for_later_periods(here, (*self.holdout.earlier, last))

    def gain(self, metric: Metric) -> Interval:
        return paired_difference(
            metric,
            self.every.truth,
            self.taken(metric),
            self.simple(metric),
            groups=self.every.groups,
            resamples=self.resamples,
            seed=self.seed,
        )


def _warnings(
    task: Task, truth: NDArray[Any], answers: Floats, *, rule: Rule
) -> tuple[int, int, int]:
    """Return the rows that it warns about, those of them that are positive, and all positive."""
    if task.kind != "binary":
        return 0, 0, 0
    warned, positive = rule.choose(answers) == 1, truth == 1
    return int(warned.sum()), int((warned & positive).sum()), int(positive.sum())


def _rates(task: Task, every: Answered, *, rule: Rule) -> Rates | None:
    """Return shares with the ranges in which those of as many other rows will lie."""
    if task.kind != "binary":
        return None
    warned = rule.choose(every.answers) == 1
    return measure_rates(every.truth == 1, warned, groups=every.groups, samples=2)


def _below(metric: Metric, every: Answered) -> MeasuredQuantile | None:
    """Return how often a quantile was not exceeded; None where none is asked for."""
    if metric.level is None:
        return None
    reached = every.truth <= every.answers[:, 0]
    share = share_interval(reached, groups=every.groups, samples=2)
    return MeasuredQuantile(level=metric.level, share=share)
