"""Models in XGBoost's JSON format as trees of a program."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from modelwright.learners.trees.tables import Tree
from modelwright.predictor.operations.base import Floats


def list_trees(forest: Mapping[str, Any]) -> list[Tree]:
    """Return the trees of a model, in their order.

    Parameters
    ----------
    forest
        ``learner.gradient_booster.model`` of the JSON.

    Raises
    ------
    ValueError
        When a tree cannot be expressed: vectors as leaves.
    """
    return [_tree(fields) for fields in forest["trees"]]


def base_score(learner: Mapping[str, Any], columns: int) -> Floats:
    """Return the raw score before the first tree: one number, or since 3.1 one per class.

    It is written as an answer, before the objective's link.
    """
    written = learner["learner_model_param"]["base_score"].strip("[]").split(",")
    start = np.array(written, dtype=np.float32).astype(np.float64)
    if learner["objective"]["name"] == "binary:logistic":
        start = np.log(start / (1.0 - start))
    if learner["objective"]["name"] == "count:poisson":
        start = np.log(start)
    return np.resize(start, columns)


def _tree(fields: Mapping[str, Any]) -> Tree:
    left = np.array(fields["left_children"], dtype=np.int64)
    right = np.array(fields["right_children"], dtype=np.int64)
    missing_left = np.array(fields["default_left"], dtype=np.bool_)
    if fields["tree_param"]["size_leaf_vector"] not in ("0", "1"):
        raise ValueError("A tree with vectors as leaves has no place here.")
    sets = _sets(fields)
    # XGBoost sends a set to the right.
    turned = np.isin(np.arange(len(left)), [*sets])
    # At a leaf, XGBoost keeps what it adds where inner nodes keep their threshold.
    numbers = np.array(fields["split_conditions"], dtype=np.float32).astype(np.float64)
    return Tree(
        feature=np.where(left < 0, -1, np.array(fields["split_indices"], dtype=np.int64)),
        threshold=numbers,
        left=np.where(turned, right, left),
        right=np.where(turned, left, right),
        missing_left=missing_left ^ turned,
        values=numbers[:, None],
        sets=sets,
    )


def _sets(fields: Mapping[str, Any]) -> dict[int, frozenset[int]]:
    """Return the codes that a node asks for, by node."""
    written = (fields.get(f"categories_{name}", ()) for name in ("nodes", "segments", "sizes"))
    return {
        int(node): frozenset(int(code) for code in fields["categories"][first : first + size])
        for node, first, size in zip(*written, strict=True)
    }
