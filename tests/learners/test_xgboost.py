from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count

import numpy as np
import pytest
import xgboost

from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.base import Rows
from modelwright.learners.boosting import prepare
from modelwright.learners.loss import Loss
from modelwright.learners.memo import Memo
from modelwright.learners.tree_tables import in_float32
from modelwright.learners.xgboost import XGBoost, read_steps
from modelwright.predictor.storage import write_program
from modelwright.testing import example_rows, hostile_columns

OBJECTIVES = {
    "binary": "binary:logistic",
    "multiclass": "multi:softprob",
    "regression": "reg:squarederror",
}

QUESTIONS = [
    ("binary", Loss()),
    ("multiclass", Loss()),
    *(("regression", Loss(kind)) for kind in ("squared", "absolute", "quantile", "poisson")),
]
LEARNERS = (
    XGBoost(rate=0.3, leaves=8),
    XGBoost(rate=0.3, by_depth=True, depth=3, row_fraction=0.5, lambda_l1=0.5, least_weight=1.0),
)


def _train(kind: str, settings: dict):
    rows = example_rows(kind, count=400, seed=5)
    lesson = prepare(rows, None, 20, most_leaves=15, budget=Budget.start(60), seed=0)
    classes = {"num_class": 3} if kind == "multiclass" else {}
    given = {"objective": OBJECTIVES[kind], "nthread": 1, "verbosity": 0, **classes, **settings}
    data = xgboost.DMatrix(in_float32(lesson.train.matrix), lesson.train.target)
    return lesson, xgboost.train(given, data, 20)


@pytest.mark.parametrize("kind", OBJECTIVES)
@pytest.mark.parametrize(
    "settings", [{}, {"base_score": 0.25}, {"gamma": 2.0}, {"max_leaves": 9, "max_depth": 0}]
)
def test_the_program_answers_as_xgboost_does(kind, settings):
    lesson, booster = _train(kind, settings)
    program = lesson.program(read_steps(bytes(booster.save_raw("json")), lesson))
    for columns in (example_rows(kind, count=300, seed=6).columns, hostile_columns()):
        matrix = in_float32(lesson.encoding.matrix(columns))
        theirs = booster.predict(xgboost.DMatrix(matrix))
        if kind == "binary":
            theirs = np.stack([1 - theirs, theirs], axis=1)
        ours = (program.run(columns) - lesson.unit.center) / lesson.unit.scale
        np.testing.assert_allclose(ours, theirs.reshape(ours.shape), rtol=1e-5, atol=1e-5)


def test_categorical_splits_are_refused():
    lesson, _ = _train("binary", {})
    codes = np.arange(60.0)[:, None] % 6
    data = xgboost.DMatrix(
        codes, codes[:, 0] > 2, feature_types=["c"], enable_categorical=True, nthread=1
    )
    booster = xgboost.train({"objective": "binary:logistic", "max_cat_to_onehot": 1}, data, 2)
    with pytest.raises(ValueError, match="has no place here"):
        read_steps(bytes(booster.save_raw("json")), lesson)


def test_early_stopping_keeps_the_best_round():
    rows, check = (example_rows("multiclass", count=n, seed=n) for n in (400, 200))
    fitted = XGBoost(rate=0.5).fit(rows, check_rows=check, budget=Budget.start(60), seed=0)
    trees = next(step for step in fitted.program.steps if step.output == "raw")
    assert len(trees.roots) == 3 * fitted.rounds


def test_what_xgboost_refuses_becomes_an_input_error():
    rows = example_rows("binary", count=100, seed=0)
    with pytest.raises(InputError, match="XGBoost could not learn"):
        XGBoost(row_fraction=7.0).fit(rows, rounds=3, budget=Budget.start(60), seed=0)


def test_a_target_far_from_zero_keeps_its_digits():
    rows = example_rows("regression", count=400, seed=0)
    rows.target[:] = 1e9 + np.nan_to_num(rows.columns["size"])
    fitted = XGBoost().fit(rows, rounds=150, budget=Budget.start(60), seed=0)
    answers = fitted.program.run(rows.columns)[:, 0]
    assert np.sqrt(np.mean((answers - rows.target) ** 2)) < 0.3


def _rows(kind: str, loss: Loss, *, count: int, seed: int) -> Rows:
    rows = example_rows(kind, count=count, seed=seed)
    schema = rows.schema.select(tuple(name for name in rows.schema.names if name != "note"))
    return replace(rows, schema=schema, loss=loss)


def _slow(seconds: float) -> Budget:
    """Return a budget whose clock goes on by half a second at each look."""
    ticks = count(step=0.5)
    return Budget.start(seconds, clock=lambda: next(ticks))


@pytest.mark.parametrize(("kind", "loss"), QUESTIONS)
@pytest.mark.parametrize("budget", [partial(Budget.start, 60), partial(_slow, 12)])
@pytest.mark.parametrize("learner", LEARNERS)
def test_fixed_rounds_give_what_was_stopped_early(learner, budget, kind, loss):
    rows, check = (_rows(kind, loss, count=n, seed=n) for n in (300, 100))
    stopped = learner.fit(rows, check_rows=check, budget=budget(), seed=3)
    cold = replace(rows, memo=Memo())
    for each in (rows, cold):
        again = learner.fit(each, rounds=stopped.rounds, budget=Budget.start(60), seed=3)
        assert again.rounds == stopped.rounds
        assert write_program(again.program) == write_program(stopped.program)


def test_learners_of_the_same_rows_share_bins():
    rows, check = (_rows("binary", Loss(), count=n, seed=n) for n in (300, 100))
    alone = [
        each.fit(replace(rows, memo=Memo()), check_rows=check, budget=Budget.start(60), seed=3)
        for each in LEARNERS
    ]
    with ThreadPoolExecutor(4) as pool:
        fit = partial(_fit_with, rows=rows, check_rows=check)
        together = list(pool.map(fit, [*LEARNERS, *LEARNERS]))
    for ours, theirs in zip(together, [*alone, *alone], strict=True):
        assert write_program(ours.program) == write_program(theirs.program)


def _fit_with(learner, rows, check_rows):
    return learner.fit(rows, check_rows=check_rows, budget=Budget.start(60), seed=3)


def test_a_quantile_has_its_share_of_answers_below():
    rows = _rows("regression", Loss("quantile", 0.9), count=2_000, seed=1)
    fitted = LEARNERS[0].fit(rows, rounds=40, budget=Budget.start(60), seed=0)
    below = rows.target <= fitted.program.run(rows.columns)[:, 0]
    assert 0.85 < below.mean() < 0.97


def test_counts_are_never_answered_below_zero():
    rows = _rows("regression", Loss("poisson"), count=400, seed=1)
    rows.target[:] = np.random.default_rng(0).poisson(np.exp(np.nan_to_num(rows.columns["size"])))
    fitted = LEARNERS[0].fit(rows, rounds=60, budget=Budget.start(60), seed=0)
    answers = fitted.program.run(rows.columns)[:, 0]
    assert (answers > 0).all()
    assert answers.mean() == pytest.approx(rows.target.mean(), rel=0.1)
    assert (fitted.program.run(hostile_columns()) > 0).all()


@pytest.mark.parametrize(("kind", "loss"), QUESTIONS)
def test_the_recipe_learns_the_same_trees(kind, loss):
    rows = _rows(kind, loss, count=300, seed=1)
    fitted = XGBoost(leaves=8).fit(rows, rounds=12, budget=Budget.start(60), seed=3)
    lesson = prepare(rows, None, 12, most_leaves=8, budget=Budget.start(60), seed=3)
    recipe = fitted.recipe
    assert (recipe.library, recipe.estimator, recipe.rounds) == ("xgboost", "train", 12)
    assert recipe.encoding == "rounded"
    target = (rows.target - recipe.center) / recipe.scale
    data = xgboost.QuantileDMatrix(in_float32(lesson.train.matrix), target, weight=rows.weight)
    model = xgboost.train(dict(recipe.settings), data, recipe.rounds).save_raw("json")
    program = lesson.program(read_steps(bytes(model), lesson))
    assert write_program(program) == write_program(fitted.program)
