from dataclasses import replace

import numpy as np
import pytest
from sklearn.tree import ExtraTreeClassifier, ExtraTreeRegressor

from modelwright.compute.budget import Budget
from modelwright.errors import BudgetError
from modelwright.learners.base import Rows
from modelwright.learners.trees.forest import Forest
from modelwright.learners.trees.forest_grain import CHOICES, choose_rows_per_leaf
from modelwright.testing import example_rows

LEARNABLE = np.random.default_rng(0).normal(size=(600, 3)).astype(np.float32)


def _choose(rows: Rows, *, seconds: float = 60.0) -> int:
    tree = ExtraTreeClassifier if rows.task.is_classification else ExtraTreeRegressor
    forest = Forest(tree, {"max_features": 1.0}, seed=4, resamples=False)
    budget = Budget.start(60.0, clock=lambda: 0.0).reserve(60.0 - seconds)
    return choose_rows_per_leaf(forest, LEARNABLE[: len(rows)], rows, trees=64, budget=budget)


def _with_target(kind: str, signal: np.ndarray) -> Rows:
    rows = example_rows(kind, count=len(signal), seed=0)
    if kind == "regression":
        return replace(rows, target=signal)
    edges = np.quantile(signal, np.arange(1, rows.task.n_outputs) / rows.task.n_outputs)
    return replace(rows, target=np.searchsorted(edges, signal).astype(np.int64))


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_leaves_are_small_where_the_target_follows_from_the_inputs(kind):
    assert _choose(_with_target(kind, np.sin(4 * LEARNABLE[:, 0]))) == CHOICES[0]


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_leaves_are_large_where_chance_has_most_of_it(kind):
    noise = np.random.default_rng(1).normal(size=600)
    assert _choose(_with_target(kind, noise)) == CHOICES[-1]


def test_the_choice_is_the_same_each_time():
    rows = _with_target("regression", LEARNABLE[:, 0] + LEARNABLE[:, 1] ** 2)
    assert _choose(rows) == _choose(rows)


def test_a_class_may_lack_in_the_rows_tried():
    rows = _with_target("multiclass", np.arange(20.0))
    rows.target[:] = np.where(np.arange(20) == 3, 2, np.arange(20) % 2)
    assert _choose(rows) in CHOICES


def test_one_row_is_a_leaf():
    rows = example_rows("regression", count=10, seed=0).take(np.arange(1))
    assert _choose(rows) == 1


def test_there_is_no_choice_without_time():
    with pytest.raises(BudgetError):
        _choose(_with_target("regression", LEARNABLE[:, 0]), seconds=0.0)
