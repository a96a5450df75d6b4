"""Rows and a time budget become one program."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from modelwright.build.baselines import (
    Baselines,
    baseline_outcomes,
    baselines_s,
    best_baseline,
    called,
)
from modelwright.build.blending.blend import mix
from modelwright.build.blending.frontier import Point
from modelwright.build.blending.refits import Refit
from modelwright.build.certainty.calibration import Calibration
from modelwright.build.certainty.decision import Decision
from modelwright.build.certainty.finish import decide, finish
from modelwright.build.question import Question
from modelwright.build.racing.fits import Fold, Ground, Report, scored_rows
from modelwright.build.racing.outcomes import Outcome, outcomes_of
from modelwright.build.racing.race import Raced
from modelwright.build.racing.replay import Replay
from modelwright.build.racing.schedule import schedule_of
from modelwright.build.racing.search import Search
from modelwright.build.site import Site
from modelwright.build.unanswered import require_answers
from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.compute.memory import release_memory
from modelwright.compute.threads import one_thread_each
from modelwright.documents import Schedule
from modelwright.documents.candidate import BASELINES
from modelwright.learners.base import Rows
from modelwright.predictor.compose import blend_programs, ruled_by
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.price import scores_s
from modelwright.tasks.rule import Rule
from modelwright.tasks.task import Task

_LAST_SHARE, _MOST_LAST_SHARE = 0.01, 0.04
"""Of the time, for what comes after the blend; where other work hinders, so many times as much."""
_MOST_HINDRANCE = 3.0
_MOST_RULED = 12_000
"""Probabilities that the weights of classes of one outcome are learned from."""
_RULES = 6
"""Intervals that take as many scores as a threshold for each of twenty learners."""
_NUMBER_S = 2e-6
"""Calibrating one number of an answer, three times what was measured."""


class Work(Protocol):
    """How programs are made: by a search that the clock ends, or as it was recorded."""

    def race(self, site: Site) -> Raced:
        """Let learners learn from folds."""

    def weigh(
        self, truth: NDArray[Any], outcomes: Sequence[Outcome], rows: Rows
    ) -> tuple[Point, ...]:
        """Return blends of the outcomes, one of them chosen; none where there is nothing."""

    def refit(
        self, outcomes: Sequence[Outcome], weights: Sequence[float], site: Site
    ) -> dict[int, tuple[Refit, ...]]:
        """Let those with a weight learn from all rows, with one or several seeds."""


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
    refits
        What the members learned, one seed after the other, by their place among the outcomes.
    schedule
        What was done, so that it can be done again.
    frontier
        Blends that were worth their cost, the smallest first.
    rules
        How the class is chosen: one per outcome, chosen for it alone as the program's is for the
        blend.
    watched
        Rows that stand for those to come, and the answers to them; None for the scored rows.
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
    refits: dict[int, tuple[Refit, ...]]
    schedule: Schedule
    frontier: tuple[Point, ...]
    rules: tuple[Rule, ...]
    watched: tuple[Rows, Floats] | None = None

    @property
    def is_baseline(self) -> bool:
        """Whether the simple thing to beat is all that could be made."""
        used = zip(self.outcomes, self.weights, strict=True)
        return all(each.learner.name in BASELINES for each, weight in used if weight)


@one_thread_each()
def build_program(
    question: Question,
    rows: Rows,
    folds: Sequence[Fold],
    *,
    budget: Budget,
    report: Report,
    schedule: Schedule | None = None,
    crew: Crew | None = None,
) -> Built:
    """Build the best program that the budget allows.

    Learners race on folds; those that help are blended, learn again from all rows, and their
    blend is calibrated. When no learner ends in time, the baseline is what is built.

    Parameters
    ----------
    question
        Metric and costs.
    rows
        Training rows, none of them of the holdout.
    folds
        Rows to learn from and rows to score, by index.
    budget
        Everything here is inside it.
    report
        Told what happens, a sentence at a time.
    schedule
        Do again what was recorded, however long it takes; None to search.
    crew
        Who fits; None for the threads of this process.

    Raises
    ------
    BudgetError
        When not even a baseline could be made.
    InputError
        When a model that was trained elsewhere has no answer to a row.
    """
    ground = Ground(rows, tuple(folds), question.seed)
    work = _work(question, ground, budget, report, schedule)
    site = Site.open(ground, crew)
    raced = work.race(site)
    baselines = Baselines.again(ground, schedule) if schedule else Baselines(ground, budget)
    tried = baselines.race(raced.folds)
    simple = baseline_outcomes(tried, ground)
    outcomes = (*simple, *outcomes_of(raced, ground))
    ground.forget()
    release_memory()
    used = tuple(ground.folds[fold] for fold in raced.folds)
    scored = rows.take(scored_rows(used))
    for each in outcomes if question.is_finished else ():
        if each.program is not None and each.answers is not None:
            require_answers(each.program, scored, each.answers)
    truth = scored.target
    rules = tuple(_rule(question, rows.task, truth, each.answers) for each in outcomes)
    baseline = best_baseline(question.metric, truth, simple, rules)
    plain = baselines.learn(simple[baseline], seed=question.seed)
    frontier = work.weigh(truth, outcomes[len(simple) :], rows)
    chosen = next((point.weights for point in frontier if point.chosen), ())
    wanted = (*(0.0 for _ in simple), *chosen)
    refits = work.refit(outcomes, wanted, site) if any(wanted) else {}
    if not refits:
        report("No learner could end in time: the baseline is the model")
        refits = {baseline: (plain,)}
    weights = _shares(wanted, refits, len(outcomes))
    shares = [weight for weight in weights if weight]
    answers = mix(_answers([outcomes[place] for place in refits]), shares)
    done = finish(question, _blend(refits.values(), shares), truth, answers)
    return Built(
        program=done.program,
        baseline=ruled_by(plain.program, rules[baseline]),
        baseline_title=called(outcomes[baseline], plain.program),
        outcomes=outcomes,
        weights=weights,
        folds=used,
        scored=scored_rows(used),
        answers=done.answers,
        baseline_answers=_answers([outcomes[baseline]])[0],
        calibration=done.calibration,
        decision=done.decision,
        refits=refits,
        schedule=schedule_of(
            raced,
            tried,
            outcomes,
            weights=weights,
            refits=refits,
            baseline={baseline: (plain,)},
            workers=site.workers,
        ),
        frontier=frontier,
        rules=rules,
    )


def _work(
    question: Question,
    ground: Ground,
    budget: Budget,
    report: Report,
    schedule: Schedule | None,
) -> Work:
    if schedule is not None:
        return Replay(schedule, question.seed, report)
    rules_s = scores_s(question.metric, times=_RULES) if ground.rows.task.is_classification else 0.0
    kept = baselines_s(ground, budget=budget) + _last_s(ground.rows, budget) + rules_s
    return Search(
        metric=question.metric,
        learners=question.learners,
        budget=budget.reserve(kept),
        seed=question.seed,
        report=report,
        limits=question.limits.with_room,
        trend=question.trend,
    )


def _last_s(rows: Rows, budget: Budget) -> float:
    """Return the seconds for calibrating a blend, which grow with the numbers of its answers."""
    numbers = len(rows) * rows.task.n_outputs
    alone_s = min(
        _LAST_SHARE * budget.seconds + _NUMBER_S * numbers, _MOST_LAST_SHARE * budget.seconds
    )
    return alone_s * min(budget.hindrance, _MOST_HINDRANCE)


def _rule(question: Question, task: Task, truth: NDArray[Any], answers: Floats | None) -> Rule:
    """Return how the class is chosen by an outcome's answer."""
    if answers is None:
        return Rule()
    # There are many outcomes, and weights of classes take time: a part of the rows tells them.
    step = max(1, answers.size // _MOST_RULED) if task.kind == "multiclass" else 1
    return decide(question, task, truth[::step], answers[::step]).rule


def _shares(wanted: Sequence[float], refitted: Collection[int], outcomes: int) -> tuple[float, ...]:
    """Return the weights of those that are there, adding up to 1."""
    if any(wanted) and all(place in refitted for place, weight in enumerate(wanted) if weight):
        # To divide recorded weights by their sum once more would change their last bits.
        return tuple(wanted)
    kept = np.array([weight * (index in refitted) for index, weight in enumerate(wanted)])
    if not kept.any():
        kept = np.array([float(index in refitted) for index in range(outcomes)])
    return tuple(float(weight) for weight in kept / kept.sum())


def _blend(members: Collection[Sequence[Refit]], shares: Sequence[float]) -> Program:
    """Return the program that shares a member's weight evenly among what it learned."""
    programs = [refit.program for learned in members for refit in learned]
    weights = [
        share / len(learned)
        for learned, share in zip(members, shares, strict=True)
        for _ in learned
    ]
    return blend_programs(programs, weights)


def _answers(outcomes: Sequence[Outcome]) -> list[Floats]:
    return [outcome.answers for outcome in outcomes if outcome.answers is not None]
