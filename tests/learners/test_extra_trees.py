import numpy as np

from modelwright.compute.budget import Budget
from modelwright.learners.extra_trees import ExtraTrees
from modelwright.testing import example_rows


def test_rows_per_leaf_are_chosen_unless_given():
    rows = example_rows("binary", count=300, seed=0)
    fitted = [
        ExtraTrees(rows_per_leaf=wanted).fit(rows, rounds=5, budget=Budget.start(60), seed=0)
        for wanted in (None, 30)
    ]
    chosen, given = (each.recipe.settings["min_samples_leaf"] for each in fitted)
    assert chosen in (1, 4, 12)
    assert given == 30


def test_a_few_trees_learn():
    rows = example_rows("multiclass", count=600, seed=0)
    unseen = example_rows("multiclass", count=300, seed=1)
    fitted = ExtraTrees().fit(rows, rounds=30, budget=Budget.start(60), seed=0)
    right = fitted.program.run(unseen.columns).argmax(axis=1) == unseen.target
    assert np.mean(right) > 0.55
