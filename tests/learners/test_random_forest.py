import numpy as np

from modelwright.compute.budget import Budget
from modelwright.learners.random_forest import RandomForest
from modelwright.testing import example_rows


def test_criteria_give_forests_that_differ():
    rows = example_rows("binary", count=200, seed=0)
    answers = [
        RandomForest(criterion=criterion, rows_per_leaf=5)
        .fit(rows, rounds=10, budget=Budget.start(60), seed=0)
        .program.run(rows.columns)
        for criterion in ("gini", "entropy")
    ]
    assert not np.array_equal(*answers)


def test_numbers_are_split_by_squares_whatever_the_criterion():
    rows = example_rows("regression", count=200, seed=0)
    fitted = RandomForest(criterion="entropy").fit(rows, rounds=10, budget=Budget.start(60), seed=0)
    assert "criterion" not in fitted.recipe.settings
    answers = fitted.program.run(rows.columns)[:, 0]
    assert np.corrcoef(answers, rows.target)[0, 1] > 0.9
