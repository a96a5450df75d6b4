"""Trees unfolded as ONNX wants them: inner nodes and leaves counted apart, no node shared."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from modelwright.predictor.operations.base import Flags, Floats, Integers, Value
from modelwright.predictor.operations.trees import Trees

MAX_NODES = 1 << 24
"""Where branches meet, unfolding could go on for ever."""


@dataclass(frozen=True)
class Growth:
    """Trees level by level, all roots first.

    Parameters
    ----------
    feature, threshold, missing_left
        Of each inner node.
    left, right
        The number of the child, among inner nodes or among leaves.
    left_is_leaf, right_is_leaf
        Among which of them.
    leaf_rows
        Of each leaf, its row in the table of leaves.
    leaf_trees
        Of each leaf, its tree.
    """

    feature: Integers
    threshold: Floats
    missing_left: Flags
    left: Value
    right: Value
    left_is_leaf: Flags
    right_is_leaf: Flags
    leaf_rows: Integers
    leaf_trees: Value


def unfolded_size(step: Trees) -> float:
    """Return how many nodes trees have when none is shared; beyond `MAX_NODES`, any such number."""
    reached: Floats = np.bincount(step.roots).astype(np.float64)
    size = 0.0
    while reached.any() and size <= MAX_NODES:
        size += float(reached.sum())
        nodes = np.flatnonzero(reached)
        inner = nodes[step.feature[nodes] >= 0]
        children = np.concatenate([step.left[inner], step.right[inner]])
        reached = np.asarray(np.bincount(children, np.tile(reached[inner], 2)), dtype=np.float64)
    return size


def unfold(step: Trees) -> Growth:
    """Number the nodes of trees anew."""
    levels = [*_levels(step)]
    return Growth(**{name: np.concatenate([level[name] for level in levels]) for name in levels[0]})


def _levels(step: Trees) -> Iterator[dict[str, Value]]:
    nodes, trees = step.roots, np.arange(len(step.roots))
    inner_count, leaf_count = len(nodes), 0
    while len(nodes):
        asks = step.feature[nodes] >= 0
        # A tree that is one leaf asks something, and gives the same answer on both sides.
        left = np.where(asks, step.left[nodes], nodes)
        right = np.where(asks, step.right[nodes], nodes)
        children, child_trees = np.stack([left, right], axis=1).ravel(), np.repeat(trees, 2)
        is_leaf = step.feature[children] < 0
        number = np.where(
            is_leaf, leaf_count + np.cumsum(is_leaf), inner_count + np.cumsum(~is_leaf)
        )
        yield {
            "feature": np.maximum(step.feature[nodes], 0),
            "threshold": np.where(asks, step.threshold[nodes], 0.0),
            "missing_left": step.missing_left[nodes],
            "left": number[0::2] - 1,
            "right": number[1::2] - 1,
            "left_is_leaf": is_leaf[0::2],
            "right_is_leaf": is_leaf[1::2],
            "leaf_rows": step.left[children[is_leaf]],
            "leaf_trees": child_trees[is_leaf],
        }
        nodes, trees = children[~is_leaf], child_trees[~is_leaf]
        inner_count, leaf_count = inner_count + len(nodes), leaf_count + int(is_leaf.sum())
