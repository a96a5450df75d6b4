"""Gradient boosting on histograms of scikit-learn, as trees."""

from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.tree_tables import Tree, node_table
from modelwright.predictor.operations.trees import Trees

_LARGEST = np.finfo(np.float64).max


def histogram_score(draft: Draft, model: Any, matrix: str) -> str:
    """Write a HistGradientBoosting model on a matrix and return its raw score.

    scikit-learn has no public way to its trees, so that another version may keep them elsewhere.

    Raises
    ------
    LearnerError
        When it splits categories, or keeps its trees elsewhere.
    """
    if model.is_categorical_ is not None:
        raise refuse(
            f"A {type(model).__name__} with categories of its own",
            "Encode them before it, and train it with categorical_features=None.",
        )
    try:
        rounds, start = model._predictors, np.ravel(model._baseline_prediction)
        trees = [_tree(each.nodes) for one in rounds for each in one]
    except AttributeError as error:
        name = type(model).__name__
        raise refuse(f"A {name} of this version of scikit-learn", f"It has no {error}.") from error
    columns = len(rounds[0])
    return draft.add(
        Trees,
        matrix,
        comparison="<=",
        outputs=np.resize(np.arange(columns, dtype=np.int32), len(trees)),
        base=np.asarray(start, dtype=np.float64),
        **node_table(trees),
    )


def _tree(nodes: Any) -> Tree:
    leaf = nodes["is_leaf"].astype(np.bool_)
    return Tree(
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int64),
        # A split into known and missing is written with an infinite threshold.
        threshold=np.clip(nodes["num_threshold"].astype(np.float64), -_LARGEST, _LARGEST),
        left=nodes["left"].astype(np.int64),
        right=nodes["right"].astype(np.int64),
        missing_left=nodes["missing_go_to_left"].astype(np.bool_),
        values=nodes["value"].astype(np.float64)[:, None],
    )
