from dataclasses import replace

import numpy as np
import pytest
import xgboost

from booster_examples import QUESTIONS, booster_rows
from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.trees.boosting import prepare
from modelwright.learners.trees.tables import in_float32
from modelwright.learners.xgboost import XGBoost, read_steps
from modelwright.predictor.storage.storage import write_program
from modelwright.testing import example_rows, hostile_columns

OBJECTIVES = {
    "binary": "binary:logistic",
    "multiclass": "multi:softprob",
    "regression": "reg:squarederror",
}


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


def test_a_cut_between_the_largest_numbers_and_missing_ones_is_read():
    rows = example_rows("binary", count=400, seed=5)
    name = next(name for name, values in rows.columns.items() if values.dtype.kind == "f")
    values = np.where(rows.target == 1, np.nan, rows.columns[name])
    values[(rows.target == 0) & (np.arange(400) % 7 == 0)] = np.inf
    rows = replace(rows, columns={**rows.columns, name: values})
    fitted = XGBoost().fit(rows, rounds=20, budget=Budget.start(60), seed=0)
    answers = fitted.program.run(rows.columns)[:, 1]
    assert (answers[np.isfinite(values)] < 0.5).all()


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


@pytest.mark.parametrize(("kind", "loss"), QUESTIONS)
def test_the_recipe_learns_the_same_trees(kind, loss):
    rows = booster_rows(kind, loss, count=300, seed=1)
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
