"""Rows and a time budget become one program."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.build.blend import choose_weights, mix
from modelwright.build.calibration import Calibration, choose_calibration
from modelwright.build.decision import Decision, choose_decision
from modelwright.build.scoring import score_answers
from modelwright.build.threads import one_thread_each
from modelwright.build.trials import (
    Fold,
    Outcome,
    Report,
    refit,
    scored_rows,
    try_learner,
    try_learners,
)
from modelwright.compute.budget import Budget
from modelwright.compute.parallel import cores, map_threads
from modelwright.errors import BudgetError
from modelwright.learners.base import Learner, Rows
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.compose import append_step, blend_programs
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program, check_program
from modelwright.tasks.costs import Costs
from modelwright.tasks.metrics import METRICS, Metric

BASELINES = ("constant", "rule")

_SEARCH_SHARE = 0.8
"""Of the engine's time, for folds and refits; the rest is for blending and calibration."""
_BASELINE_SHARE = 0.2
"""Of what the learners left: a rule asks every column, and there may be thousands."""
_LEAST_BASELINE_S = 0.5


@dataclass(frozen=True)
class Question:
    """What the engine is asked.

    Parameters
    ----------
    metric
        What is improved.
    learners
        In the order in which they are tried.
    costs
        Of mistakes, for the threshold.
    seed
        The same seed and rows give the same program, if the budget cut nothing short.
    """

    metric: Metric
    learners: tuple[Learner, ...]
    costs: Costs | None = None
    seed: int = 0


@dataclass(frozen=True)
class Built:
    """What the engine made.

    Parameters
    ----------
    program, baseline
        The model, and the simple thing to beat.
    outcomes, weights
        What each learner did, baselines first, and its share of the blend.
    folds
        On which the learners were scored.
    scored : ndarray of shape (rows,)
        The training rows that have out-of-fold answers.
    answers, baseline_answers : ndarray of shape (scored rows, outputs)
        Out of fold, the blend's after calibration.
    """

    program: Program
    baseline: Program
    baseline_title: str
    outcomes: tuple[Outcome, ...]
    weights: tuple[float, ...]
    folds: tuple[Fold, ...]
    scored: NDArray[np.int64]
    answers: Floats
    baseline_answers: Floats
    calibration: Calibration
    decision: Decision


@one_thread_each()
def build_program(
    question: Question, rows: Rows, folds: Sequence[Fold], *, budget: Budget, report: Report
) -> Built:
    """Build the best program that the budget allows.

    Learners are tried on folds; those that help are blended, learn again from all rows, and their
    blend is calibrated. When no learner ends in time, the baseline is what is built.

    Parameters
    ----------
    question
        Metric, learners, costs, seed.
    rows
        Training rows, none of them of the holdout.
    folds
        Rows to learn from and rows to score, by index.
    budget
        Everything here is inside it.
    report
        Told what happens, a sentence at a time.

    Raises
    ------
    BudgetError
        When not even a baseline could be made.
    """
    search = budget.share(_SEARCH_SHARE)
    outcomes, used = _try_all(question, rows, folds, budget=search, report=report)
    truth = rows.target[scored_rows(used)]
    baseline = _best(question.metric, truth, outcomes[: len(BASELINES)])
    # Before the learners, because it has to be there in any case.
    little = budget.share(_BASELINE_SHARE)
    simple = refit(outcomes[baseline], rows, budget=little, seed=question.seed).program
    wanted = _weights(question, truth, outcomes)
    refitted = _refit_all(
        outcomes, wanted, rows, budget=budget, seed=question.seed, report=report
    ) or {baseline: simple}
    if baseline in refitted:
        report("No learner could end in time: the baseline is the model")
        refitted[baseline] = simple
    weights = _shares(wanted, refitted)
    shares = [weight for weight in weights if weight]
    answers = mix(_answers([outcomes[index] for index in refitted]), shares)
    calibration = choose_calibration(rows.task, truth, answers, seed=question.seed)
    calibrated = calibration.apply(answers)
    decision = choose_decision(rows.task, question.metric, truth, calibrated, costs=question.costs)
    blended = blend_programs(list(refitted.values()), shares)
    return Built(
        program=_finish(blended, calibration, decision),
        baseline=simple,
        baseline_title=outcomes[baseline].learner.title,
        outcomes=outcomes,
        weights=weights,
        folds=tuple(used),
        scored=scored_rows(used),
        answers=calibrated,
        baseline_answers=_answers([outcomes[baseline]])[0],
        calibration=calibration,
        decision=decision,
    )


def _try_all(
    question: Question, rows: Rows, folds: Sequence[Fold], *, budget: Budget, report: Report
) -> tuple[tuple[Outcome, ...], tuple[Fold, ...]]:
    """Try the learners, then the baselines on the same folds; return baselines first."""
    learners = [each for each in question.learners if each.suits(rows.task)]
    tried, used = try_learners(
        learners, rows, folds, budget=budget, seed=question.seed, report=report
    )
    simple = [
        try_learner(
            LEARNERS[name],
            rows,
            used,
            clock=Budget.start(max(_LEAST_BASELINE_S, _BASELINE_SHARE * budget.remaining_s)),
            seed=question.seed,
        )
        for name in BASELINES
    ]
    if all(outcome.answers is None for outcome in simple):
        raise BudgetError(f"Not even a baseline could be made: {simple[0].failure}")
    return (*simple, *tried), used


def _weights(
    question: Question, truth: NDArray[Any], outcomes: Sequence[Outcome]
) -> tuple[float, ...]:
    """Weigh the learners; the baseline alone when none of them has answers."""
    able = [index for index, outcome in enumerate(outcomes) if outcome.answers is not None]
    learned = [index for index in able if index >= len(BASELINES)]
    chosen = learned or able
    answers = _answers([outcomes[index] for index in chosen])
    found = choose_weights(_proper(question.metric), truth, answers, seed=question.seed)
    weights = np.zeros(len(outcomes))
    weights[chosen] = found
    return tuple(float(weight) for weight in weights)


def _proper(metric: Metric) -> Metric:
    """Return what a blend is chosen by: probabilities where classes are too coarse."""
    return METRICS["log_loss"] if metric.takes == "classes" else metric


def _refit_all(
    outcomes: Sequence[Outcome],
    weights: Sequence[float],
    rows: Rows,
    *,
    budget: Budget,
    seed: int,
    report: Report,
) -> dict[int, Program]:
    """Let those with a weight learn again from all rows; those without time for it are left out."""
    waiting = [index for index, weight in enumerate(weights) if weight]
    report(
        "Learning again from all rows: "
        + ", ".join(outcomes[index].learner.title for index in waiting)
    )
    share = max(budget.remaining_s / ceil(len(waiting) / cores()), 1e-3)

    def learn_again(index: int) -> Program | None:
        try:
            return refit(outcomes[index], rows, budget=Budget.start(share), seed=seed).program
        except BudgetError as error:
            report(f"{outcomes[index].learner.title}: left out. {error}")
            return None

    programs = map_threads(learn_again, waiting, workers=cores())
    found = zip(waiting, programs, strict=True)
    return {index: program for index, program in found if program is not None}


def _shares(wanted: Sequence[float], refitted: Collection[int]) -> tuple[float, ...]:
    """Return the weights of those that are there, adding up to 1."""
    kept = np.array([weight * (index in refitted) for index, weight in enumerate(wanted)])
    if not kept.any():
        kept[list(refitted)] = 1.0
    return tuple(float(weight) for weight in kept / kept.sum())


def _best(metric: Metric, truth: NDArray[Any], outcomes: Sequence[Outcome]) -> int:
    """Return the place of the outcome with the best score."""
    best, best_score = -1, float("nan")
    for index, outcome in enumerate(outcomes):
        if outcome.answers is None:
            continue
        score = score_answers(metric, truth, outcome.answers)
        if best < 0 or metric.better(score, best_score):
            best, best_score = index, score
    return best


def _answers(outcomes: Sequence[Outcome]) -> list[Floats]:
    return [outcome.answers for outcome in outcomes if outcome.answers is not None]


def _finish(program: Program, calibration: Calibration, decision: Decision) -> Program:
    if calibration.step is not None:
        program = append_step(program, calibration.step)
    if decision.threshold is not None:
        program = msgspec.structs.replace(program, threshold=decision.threshold)
    check_program(program)
    return program
