"""The simple things to beat: they always end, and what they take is told by one fold."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from modelwright.build.blending.refits import Refit, refit_members
from modelwright.build.racing.fits import Ground
from modelwright.build.racing.outcomes import Outcome, try_on_folds
from modelwright.build.site import Site
from modelwright.compute.budget import Budget
from modelwright.errors import BudgetError
from modelwright.learners.registry import LEARNERS
from modelwright.tasks.answers import score_answers
from modelwright.tasks.metrics import Metric

BASELINES = ("constant", "rule")

_SHARE, _LEAST_S = 0.04, 0.25
"""Of the time, what they may take: a rule asks every column, and there may be thousands."""
_REFITS = 2
"""Learning from all rows takes no longer than so many folds."""


def baselines_s(ground: Ground, *, budget: Budget) -> float:
    """Return the seconds that baselines are expected to take, by the fold that is learned first."""
    last = len(ground.folds) - 1
    # Learners find the rows of this fold prepared.
    ground.fold_rows(last)
    began = budget.clock()
    try_baselines(ground, [last], budget=budget)
    each_s = budget.clock() - began
    return min(each_s * (len(ground.folds) + _REFITS), _SHARE * budget.seconds)


def try_baselines(ground: Ground, folds: Sequence[int], *, budget: Budget) -> tuple[Outcome, ...]:
    """Let baselines learn folds.

    Raises
    ------
    BudgetError
        When not even one of them can.
    """
    simple = tuple(
        try_on_folds(LEARNERS[name], ground, folds, budget=_time_of(budget)) for name in BASELINES
    )
    if all(outcome.answers is None for outcome in simple):
        raise BudgetError(f"Not even a baseline could be made: {simple[0].failure}")
    return simple


def best_baseline(metric: Metric, truth: NDArray[Any], simple: Sequence[Outcome]) -> int:
    """Return the place of the baseline with the best score."""
    best, best_score = -1, float("nan")
    for index, outcome in enumerate(simple):
        if outcome.answers is None:
            continue
        score = score_answers(metric, truth, outcome.answers)
        if best < 0 or metric.better(score, best_score):
            best, best_score = index, score
    return best


def learn_baseline(outcome: Outcome, ground: Ground, *, budget: Budget, seed: int) -> Refit:
    """Let a baseline learn from all rows.

    Raises
    ------
    BudgetError
        When it cannot in its share of the time.
    """
    made = refit_members(
        [outcome],
        [0],
        Site.open(ground),
        budget=_time_of(budget),
        seed=seed,
        report=lambda _: None,
    )
    if not made:
        raise BudgetError("Not even a baseline could learn from all rows in time.")
    return made[0]


def _time_of(budget: Budget) -> Budget:
    return Budget.start(max(_LEAST_S, _SHARE * budget.seconds))
