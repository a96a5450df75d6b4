from itertools import count

import numpy as np
import pytest
import sklearn.ensemble
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)

from modelwright.compute.budget import Budget
from modelwright.learners.extra_trees import ExtraTrees
from modelwright.learners.random_forest import RandomForest
from modelwright.learners.trees.encoding import encode_for_forests
from modelwright.learners.trees.forests import EXTRA_TREES, RANDOM_FOREST, USUAL_TREES, read_steps
from modelwright.learners.trees.tables import LARGEST_FLOAT32, in_float32
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.storage.storage import write_program
from modelwright.tasks.task import Task
from modelwright.testing import example_rows, hostile_columns

KINDS = ("binary", "multiclass", "regression")
LEARNERS = (ExtraTrees(), RandomForest(), RandomForest(criterion="entropy", rows_per_leaf=3))
FAMILIES = [
    (ExtraTreesClassifier, ExtraTreesRegressor),
    (RandomForestClassifier, RandomForestRegressor),
]


def _slow(seconds: float) -> Budget:
    """Return a budget whose clock goes on by half a second at each look."""
    ticks = count(step=0.5)
    return Budget.start(seconds, clock=lambda: next(ticks))


def _trees(program) -> Trees:
    return next(step for step in program.steps if isinstance(step, Trees))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("settings", [{}, {"max_leaf_nodes": 9}, {"max_depth": 1}])
def test_the_program_answers_as_scikit_learn_does(kind, family, settings):
    rows = example_rows(kind, count=300, seed=5)
    encoded = encode_for_forests(rows, budget=Budget.start(60), seed=0)
    forest = family[kind == "regression"](n_estimators=12, random_state=0, **settings)
    forest.fit(in_float32(encoded.matrix), rows.target)
    program = encoded.encoding.program(
        rows.task, read_steps(forest.estimators_, encoded.encoding, rows.task)
    )
    hostile = hostile_columns()
    # Infinity, which scikit-learn refuses, goes right where all that is known goes left.
    for name in ("size", "age", "member"):
        hostile[name] = np.clip(hostile[name], -LARGEST_FLOAT32, LARGEST_FLOAT32)
    for columns in (example_rows(kind, count=200, seed=6).columns, hostile):
        matrix = in_float32(encoded.encoding.matrix(columns))
        theirs = (
            forest.predict(matrix)[:, None]
            if kind == "regression"
            else forest.predict_proba(matrix)
        )
        np.testing.assert_allclose(program.run(columns), theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_forest_is_the_same_however_often_the_clock_is_asked(learner):
    rows = example_rows("regression", count=200, seed=0)
    slow = learner.fit(rows, rounds=40, budget=_slow(1_000), seed=3)
    quick = learner.fit(rows, rounds=40, budget=Budget.start(60), seed=3)
    assert write_program(slow.program) == write_program(quick.program)


@pytest.mark.parametrize("learner", LEARNERS)
def test_fixed_trees_give_what_was_cut_short(learner):
    rows = example_rows("binary", count=200, seed=0)
    cut = learner.fit(rows, rounds=400, budget=_slow(14), seed=3)
    assert cut.cut_short
    assert 0 < cut.rounds < 400
    again = learner.fit(rows, rounds=cut.rounds, budget=Budget.start(60), seed=3)
    assert write_program(again.program) == write_program(cut.program)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("learner", LEARNERS)
def test_the_recipe_grows_the_same_forest(learner, kind):
    rows = example_rows(kind, count=200, seed=0)
    fitted = learner.fit(rows, rounds=10, budget=Budget.start(60), seed=3)
    recipe = fitted.recipe
    assert (recipe.library, recipe.encoding, recipe.rounds) == ("scikit-learn", "rounded", 10)
    encoded = encode_for_forests(rows, budget=Budget.start(60), seed=3)
    family = getattr(sklearn.ensemble, recipe.estimator)
    forest = family(n_estimators=recipe.rounds, **recipe.settings)
    forest.fit(in_float32(encoded.matrix), rows.target, sample_weight=rows.weight)
    program = encoded.encoding.program(
        rows.task, read_steps(forest.estimators_, encoded.encoding, rows.task)
    )
    assert write_program(program) == write_program(fitted.program)


def test_the_program_stays_small_with_many_classes():
    rows = example_rows("multiclass", count=3_000, seed=0)
    fitted = ExtraTrees(rows_per_leaf=1).fit(rows, budget=Budget.start(60), seed=0)
    trees = _trees(fitted.program)
    assert fitted.rounds == USUAL_TREES
    assert trees.leaves.nbytes + 21 * len(trees.feature) < 11 << 20


@pytest.mark.parametrize("family", [EXTRA_TREES, RANDOM_FOREST])
def test_a_tree_sees_some_rows_only_of_a_large_table(family):
    task = Task(kind="regression")
    few = family.settings(task, shape=(1_000, 20), feature_fraction=0.5)
    assert few["max_samples"] is None
    assert few["bootstrap"] == family.resamples
    many = family.settings(task, shape=(1_000_000, 20), feature_fraction=0.5)
    assert many["bootstrap"]
    assert many["max_samples"] * 10 == family.numbers_per_tree
    wide = family.settings(task, shape=(1_000, 10_000), feature_fraction=1.0)
    assert wide["max_samples"] == 500


def test_a_split_into_known_and_missing_has_a_finite_threshold():
    rows = example_rows("regression", count=300, seed=0)
    rows.target[:] = np.isnan(rows.columns["size"])
    fitted = RandomForest(rows_per_leaf=1).fit(rows, budget=Budget.start(60), seed=0)
    assert np.isfinite(_trees(fitted.program).threshold).all()
    answers = fitted.program.run(rows.columns)[:, 0]
    assert ((answers > 0.5) == (rows.target > 0.5)).all()
