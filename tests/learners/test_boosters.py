"""What both boosting libraries keep."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count

import numpy as np
import pytest

from booster_examples import QUESTIONS, booster_rows
from modelwright.compute.budget import Budget
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.loss import Loss
from modelwright.learners.memo import Memo
from modelwright.learners.xgboost import XGBoost
from modelwright.predictor.storage.storage import write_program
from modelwright.testing import hostile_columns

LIGHTGBM = (
    LightGBM(rate=0.3, leaves=8),
    LightGBM(
        rate=0.3,
        leaves=8,
        extra_trees=True,
        rows_per_leaf=40,
        row_fraction=0.5,
        lambda_l1=0.5,
        path_smooth=1.0,
        bins=31,
    ),
)
XGBOOST = (
    XGBoost(rate=0.3, leaves=8),
    XGBoost(rate=0.3, by_depth=True, depth=3, row_fraction=0.5, lambda_l1=0.5, least_weight=1.0),
)


def _slow(seconds: float) -> Budget:
    """Return a budget whose clock goes on by half a second at each look."""
    ticks = count(step=0.5)
    return Budget.start(seconds, clock=lambda: next(ticks))


@pytest.mark.parametrize(("kind", "loss"), QUESTIONS)
@pytest.mark.parametrize("budget", [partial(Budget.start, 60), partial(_slow, 12)])
@pytest.mark.parametrize("learner", [*LIGHTGBM, *XGBOOST])
def test_fixed_rounds_give_what_was_stopped_early(learner, budget, kind, loss):
    rows, check = (booster_rows(kind, loss, count=n, seed=n) for n in (300, 100))
    stopped = learner.fit(rows, check_rows=check, budget=budget(), seed=3)
    cold = replace(rows, memo=Memo())
    for each in (rows, cold):
        again = learner.fit(each, rounds=stopped.rounds, budget=Budget.start(60), seed=3)
        assert again.rounds == stopped.rounds
        assert write_program(again.program) == write_program(stopped.program)


@pytest.mark.parametrize("learners", [LIGHTGBM, XGBOOST])
def test_learners_of_the_same_rows_share_bins(learners):
    rows, check = (booster_rows("binary", Loss(), count=n, seed=n) for n in (300, 100))
    alone = [
        each.fit(replace(rows, memo=Memo()), check_rows=check, budget=Budget.start(60), seed=3)
        for each in learners
    ]
    with ThreadPoolExecutor(4) as pool:
        fit = partial(_fit_with, rows=rows, check_rows=check)
        together = list(pool.map(fit, [*learners, *learners]))
    for ours, theirs in zip(together, [*alone, *alone], strict=True):
        assert write_program(ours.program) == write_program(theirs.program)


def _fit_with(learner, rows, check_rows):
    return learner.fit(rows, check_rows=check_rows, budget=Budget.start(60), seed=3)


@pytest.mark.parametrize("learner", [LIGHTGBM[0], XGBOOST[0]])
def test_a_quantile_has_its_share_of_answers_below(learner):
    rows = booster_rows("regression", Loss("quantile", 0.9), count=2_000, seed=1)
    fitted = learner.fit(rows, rounds=40, budget=Budget.start(60), seed=0)
    below = rows.target <= fitted.program.run(rows.columns)[:, 0]
    assert 0.85 < below.mean() < 0.97


@pytest.mark.parametrize("learner", [LIGHTGBM[0], XGBOOST[0]])
def test_counts_are_never_answered_below_zero(learner):
    rows = booster_rows("regression", Loss("poisson"), count=400, seed=1)
    rows.target[:] = np.random.default_rng(0).poisson(np.exp(np.nan_to_num(rows.columns["size"])))
    fitted = learner.fit(rows, rounds=60, budget=Budget.start(60), seed=0)
    answers = fitted.program.run(rows.columns)[:, 0]
    assert (answers > 0).all()
    assert answers.mean() == pytest.approx(rows.target.mean(), rel=0.1)
    assert (fitted.program.run(hostile_columns()) > 0).all()
