import lightgbm
import numpy as np
import pytest

from booster_examples import QUESTIONS, booster_rows
from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.loss import Loss
from modelwright.learners.trees.boosting import prepare
from modelwright.learners.trees.lightgbm import read_trees
from modelwright.predictor.storage.storage import write_program
from modelwright.testing import example_rows, hostile_columns

KINDS = ("binary", "multiclass", "regression")


def _train(kind: str, *, settings: dict | None = None):
    rows = example_rows(kind, count=400, seed=5)
    lesson = prepare(rows, None, 20, most_leaves=15, budget=Budget.start(60), seed=0)
    classes = {"num_class": 3} if kind == "multiclass" else {}
    given = {"objective": kind, "num_leaves": 12, "verbosity": -1, "num_threads": 1, **classes}
    data = lightgbm.Dataset(lesson.train.matrix, lesson.train.target)
    return lesson, lightgbm.train({**given, **(settings or {})}, data, 20)


def _library_answers(lesson, booster, columns):
    raw = booster.predict(lesson.encoding.matrix(columns))
    if lesson.task.kind == "binary":
        return np.stack([1 - raw, raw], axis=1)
    if lesson.task.kind == "regression":
        return (raw * lesson.unit.scale + lesson.unit.center)[:, None]
    return raw


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("settings", [{}, {"use_missing": False}, {"min_data_in_leaf": 1000}])
def test_the_program_answers_as_lightgbm_does(kind, settings):
    lesson, booster = _train(kind, settings=settings)
    program = lesson.program((read_trees(booster.model_to_string(), lesson),))
    unseen = example_rows(kind, count=300, seed=6).columns
    unseen["age"][::7] = np.nan  # never missing in training: there missing means zero
    for columns in (unseen, hostile_columns()):
        ours = program.run(columns)
        theirs = _library_answers(lesson, booster, columns)
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("settings", [{"linear_tree": True}, {"zero_as_missing": True}])
def test_trees_that_cannot_be_expressed_are_refused(settings):
    lesson, booster = _train("regression", settings=settings)
    with pytest.raises(ValueError, match="has no place here"):
        read_trees(booster.model_to_string(), lesson)


def test_reading_many_trees_is_quick():
    lesson, booster = _train("regression", settings={"num_leaves": 60, "min_data_in_leaf": 2})
    model = booster.model_to_string()
    began = Budget.start(60)
    read_trees(model, lesson)
    assert began.elapsed_s < 1


def test_early_stopping_keeps_the_best_round():
    rows, check = (example_rows("binary", count=n, seed=n) for n in (400, 200))
    fitted = LightGBM(rate=0.3).fit(rows, check_rows=check, budget=Budget.start(60), seed=0)
    assert 0 < fitted.rounds < 60
    trees = next(step for step in fitted.program.steps if step.output == "raw")
    assert len(trees.roots) == fitted.rounds


def test_what_lightgbm_refuses_becomes_an_input_error():
    rows = example_rows("binary", count=100, seed=0)
    with pytest.raises(InputError, match="LightGBM could not learn"):
        LightGBM(feature_fraction=7.0).fit(rows, rounds=3, budget=Budget.start(60), seed=0)


def test_a_deadline_returns_what_there_is():
    ticks = iter(np.arange(10_000) * 0.5)
    budget = Budget.start(40.0, clock=lambda: float(next(ticks)))
    rows = example_rows("binary", count=300, seed=0)
    fitted = LightGBM().fit(rows, rounds=500, budget=budget, seed=0)
    assert fitted.cut_short
    assert 0 < fitted.rounds < 500


@pytest.mark.parametrize(("kind", "loss"), QUESTIONS)
def test_the_recipe_learns_the_same_trees(kind, loss):
    rows = booster_rows(kind, loss, count=300, seed=1)
    fitted = LightGBM(leaves=8).fit(rows, rounds=12, budget=Budget.start(60), seed=3)
    lesson = prepare(rows, None, 12, most_leaves=8, budget=Budget.start(60), seed=3)
    recipe = fitted.recipe
    assert (recipe.library, recipe.estimator, recipe.rounds) == ("lightgbm", "train", 12)
    assert recipe.encoding == lesson.encoding.output
    settings = dict(recipe.settings)
    target = (rows.target - recipe.center) / recipe.scale
    data = lightgbm.Dataset(lesson.train.matrix, target, weight=rows.weight, params=settings)
    model = lightgbm.train(settings, data, recipe.rounds).model_to_string()
    program = lesson.program((read_trees(model, lesson),))
    assert write_program(program) == write_program(fitted.program)


def test_a_barren_round_does_not_end_it():
    rows = booster_rows("binary", Loss(), count=300, seed=0)
    # Some draws of rows hold so few of either kind that no split is allowed.
    learner = LightGBM(rows_per_leaf=70, row_fraction=0.5, extra_trees=True, feature_fraction=0.1)
    fitted = learner.fit(rows, rounds=40, budget=Budget.start(60), seed=0)
    assert fitted.rounds == 40
    assert len(fitted.program.steps[-2].roots) == 40


def test_it_ends_when_nothing_grows():
    rows = booster_rows("binary", Loss(), count=60, seed=0)
    fitted = LightGBM(rows_per_leaf=50).fit(rows, rounds=40, budget=Budget.start(60), seed=0)
    assert fitted.rounds == 1
    share = np.average(rows.target, weights=rows.weight)
    np.testing.assert_allclose(fitted.program.run(rows.columns)[:, 1], share)
