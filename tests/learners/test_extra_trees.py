import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from modelwright.compute.budget import Budget
from modelwright.learners.extra_trees import USUAL_TREES, ExtraTrees, read_steps
from modelwright.learners.tree_encoding import encode_for_trees
from modelwright.learners.tree_tables import in_float32
from modelwright.testing import example_rows, hostile_columns


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("settings", [{}, {"max_leaf_nodes": 9}, {"max_depth": 1}])
def test_the_program_answers_as_scikit_learn_does(kind, settings):
    rows = example_rows(kind, count=300, seed=5)
    encoded = encode_for_trees(rows, budget=Budget.start(60), seed=0)
    family = ExtraTreesRegressor if kind == "regression" else ExtraTreesClassifier
    forest = family(n_estimators=12, random_state=0, **settings)
    forest.fit(in_float32(encoded.matrix), rows.target)
    program = encoded.encoding.program(rows.task, read_steps(forest, encoded.encoding))
    for columns in (example_rows(kind, count=200, seed=6).columns, hostile_columns()):
        matrix = in_float32(encoded.encoding.matrix(columns))
        theirs = (
            forest.predict(matrix)[:, None]
            if kind == "regression"
            else forest.predict_proba(matrix)
        )
        np.testing.assert_allclose(program.run(columns), theirs, rtol=1e-12, atol=1e-12)


def test_the_forest_is_the_same_however_its_trees_are_dealt():
    rows = example_rows("regression", count=200, seed=0)
    ticks = iter(np.arange(10_000) * 0.5)
    busy = Budget.start(1_000.0, clock=lambda: float(next(ticks)))
    slow = ExtraTrees().fit(rows, rounds=40, budget=busy, seed=3).program.run(rows.columns)
    quick = ExtraTrees().fit(rows, rounds=40, budget=Budget.start(60), seed=3)
    assert np.array_equal(slow, quick.program.run(rows.columns))


def test_a_deadline_returns_what_there_is():
    ticks = iter(np.arange(10_000) * 0.5)
    budget = Budget.start(10.0, clock=lambda: float(next(ticks)))
    fitted = ExtraTrees().fit(
        example_rows("binary", count=200, seed=0), rounds=400, budget=budget, seed=0
    )
    assert fitted.cut_short
    assert 0 < fitted.rounds < 400


def test_the_program_stays_small_with_many_classes():
    rows = example_rows("multiclass", count=3_000, seed=0)
    fitted = ExtraTrees().fit(rows, budget=Budget.start(60), seed=0)
    trees = fitted.program.steps[-1]
    assert fitted.rounds == USUAL_TREES
    assert trees.leaves.nbytes + 21 * len(trees.feature) < 11 << 20
