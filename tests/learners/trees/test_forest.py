from itertools import islice

import numpy as np
import pytest
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from modelwright.learners.trees.forest import Forest

DRAW = np.random.default_rng(0)
MATRIX = DRAW.integers(0, 9, size=(150, 5)).astype(np.float32)
MATRIX[DRAW.random(MATRIX.shape) < 0.15] = np.nan
MATRIX[:, 4] = DRAW.normal(size=150)
MATRIX[7, 4] = np.nan
"""One alone is missing there, which few samples hold."""
NUMBERS = np.nan_to_num(MATRIX[:, 0]) + DRAW.normal(size=150)
WEIGHT = DRAW.integers(0, 3, size=150) * 0.7
TARGETS = {
    "binary": (NUMBERS > 3).astype(np.int64),
    "multiclass": np.where(np.arange(150) < 3, 3, np.digitize(NUMBERS, [2.0, 5.0])),
    "regression": NUMBERS,
}
FORESTS = {
    (ExtraTreesClassifier, ExtraTreesRegressor): (ExtraTreeClassifier, ExtraTreeRegressor),
    (RandomForestClassifier, RandomForestRegressor): (
        DecisionTreeClassifier,
        DecisionTreeRegressor,
    ),
}
SETTINGS = {"max_features": 0.7, "min_samples_leaf": 2, "max_leaf_nodes": 20}


def nodes(fitted, columns):
    """Return all that a tree is made of, its leaves with a number for each class."""
    tree = fitted.tree_
    values = np.zeros((tree.node_count, columns))
    classes = getattr(fitted, "classes_", np.arange(columns))
    values[:, classes.astype(int)] = tree.value[:, 0, :]
    parts = (tree.children_left, tree.children_right, tree.feature, tree.missing_go_to_left)
    return [part.tolist() for part in (*parts, tree.threshold, tree.n_node_samples, values)]


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["all alike", "weighted"])
@pytest.mark.parametrize(("resamples", "most"), [(False, None), (True, None), (True, 20)])
@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("family", FORESTS)
def test_it_is_the_forest_of_scikit_learn(family, kind, resamples, most, weight):
    number = int(kind == "regression")
    theirs = family[number](
        n_estimators=5, random_state=3, bootstrap=resamples, max_samples=most, **SETTINGS
    )
    theirs.fit(MATRIX, TARGETS[kind], sample_weight=weight)
    tree = FORESTS[family][number]
    ours = Forest(tree, SETTINGS, seed=3, resamples=resamples, sample_rows=most)
    grown = islice(ours.grow(MATRIX, TARGETS[kind], weight), 5)
    columns = 1 if number else len(np.unique(TARGETS[kind]))
    for mine, other in zip(grown, theirs.estimators_, strict=True):
        assert nodes(mine, columns) == nodes(other, columns)


def test_sums_of_huge_numbers_are_no_trouble():
    huge = np.where(np.isnan(MATRIX), -3e38, MATRIX).astype(np.float32)
    huge[MATRIX == 3] = 3e38
    assert next(Forest(DecisionTreeRegressor, {}, seed=1, resamples=True).grow(huge, NUMBERS))
