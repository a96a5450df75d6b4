"""What each learner did on the training rows, as the candidate tells it."""

from math import isfinite
from typing import Any

from numpy.typing import NDArray

from modelwright.build.engine import Built
from modelwright.build.racing.outcomes import Outcome
from modelwright.compute.threads import one_thread_each
from modelwright.documents import FrontierPoint, Trial
from modelwright.documents.candidate import BASELINES
from modelwright.tasks.answers import as_taken
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import Beside, bootstrap_interval
from modelwright.tasks.metrics import Metric
from modelwright.tasks.rule import Rule

_RESAMPLES = 200


@one_thread_each()
def list_trials(
    built: Built, metric: Metric, target: NDArray[Any], *, seed: int
) -> tuple[Trial, ...]:
    """Return one trial per learner, the best score first and the failures last.

    Parameters
    ----------
    built
        What the engine made.
    metric
        The plan's.
    target : ndarray of shape (training rows,)
        Indices of classes or numbers.
    seed
        For the resampling of gains.
    """
    truth = target[built.scored]
    simple = as_taken(metric, built.baseline_answers, rule=built.baseline.rule)
    blend = as_taken(metric, built.answers, rule=built.program.rule)
    beside = Beside(metric, truth, [simple, blend], resamples=_RESAMPLES, seed=seed)
    trials = [
        _trial((outcome, weight, rule), beside, metric=metric, truth=truth)
        for outcome, weight, rule in zip(built.outcomes, built.weights, built.rules, strict=True)
    ]
    sign = -1.0 if metric.direction == "maximize" else 1.0
    return tuple(sorted(trials, key=lambda each: (each.score is None, sign * (each.score or 0.0))))


def list_frontier(built: Built) -> tuple[FrontierPoint, ...]:
    """Return the blends that were worth their cost, the smallest first."""
    learned = built.outcomes[len(BASELINES) :]
    return tuple(
        FrontierPoint(
            members={
                outcome.learner.title: round(weight, 4)
                for outcome, weight in zip(learned, point.weights, strict=True)
                if weight
            },
            score=point.score if isfinite(point.score) else None,
            latency_s=point.cost.latency_s,
            size_bytes=point.cost.size_bytes,
            allowed=point.allowed,
            chosen=point.chosen,
        )
        for point in built.frontier
    )


@one_thread_each()
def out_of_fold_score(built: Built, metric: Metric, target: NDArray[Any], *, seed: int) -> Interval:
    """Return the blend's score on the rows that its members had not learned from."""
    taken = as_taken(metric, built.answers, rule=built.program.rule)
    truth = target[built.scored]
    return bootstrap_interval(metric, truth, taken, resamples=_RESAMPLES, seed=seed)


def _trial(
    tried: tuple[Outcome, float, Rule],
    beside: Beside,
    *,
    metric: Metric,
    truth: NDArray[Any],
) -> Trial:
    """Return what a learner of a weight and a rule did, beside the baseline and the blend."""
    outcome, weight, rule = tried
    answers, gain, beside_blend = outcome.answers, None, None
    if answers is not None:
        taken = as_taken(metric, answers, rule=rule)
        gain, beside_blend = beside.gains(taken)
    return Trial(
        learner=outcome.learner.name,
        title=outcome.learner.title,
        score=None if answers is None else metric.score(truth, taken),
        gain=gain,
        seconds=outcome.seconds,
        weight=weight,
        rounds=outcome.rounds,
        cut_short=outcome.cut_short,
        failure=outcome.failure,
        beside_blend=beside_blend,
    )
