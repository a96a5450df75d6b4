"""Trees of any library as the tables of nodes that the predictor walks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Flags, Floats, Integers

LARGEST_FLOAT32 = 3e38
"""Libraries that keep float32 refuse infinity; a number beyond this is kept there instead."""


@dataclass(frozen=True)
class Tree:
    """One tree; its root is node 0.

    Parameters
    ----------
    feature : ndarray of shape (nodes,)
        The column that a node asks; below zero at a leaf.
    threshold : ndarray of shape (nodes,)
        What it is compared with; not read at a leaf.
    left, right : ndarray of shape (nodes,)
        Where to go on, in any numbering; not read at a leaf.
    missing_left : ndarray of shape (nodes,)
        Whether a missing number goes left.
    values : ndarray of shape (nodes, width)
        What a leaf adds; not read elsewhere.
    """

    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    missing_left: Flags
    values: Floats


class NodeTable(TypedDict):
    """The nodes of all trees, as `Trees` takes them."""

    roots: Integers
    feature: Integers
    threshold: Floats
    left: Integers
    right: Integers
    missing_left: Flags
    leaves: Floats


def node_table(trees: Sequence[Tree]) -> NodeTable:
    """Return trees one after another, each numbered depth first, so that children come later.

    Parameters
    ----------
    trees
        At least one. Nodes that no path reaches are left out.

    Examples
    --------
    >>> leaf = np.array([-1])
    >>> tree = Tree(leaf, np.zeros(1), leaf, leaf, np.array([True]), np.array([[2.5]]))
    >>> node_table([tree, tree])["leaves"]
    array([[2.5],
           [2.5]])
    """
    moved = [_depth_first(tree) for tree in trees]
    sizes = [len(tree.feature) for tree in moved]
    roots = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    shift = np.repeat(roots, sizes)
    feature = np.concatenate([tree.feature for tree in moved])
    leaf = feature < 0
    left = np.concatenate([tree.left for tree in moved]) + shift
    left[leaf] = np.arange(leaf.sum())
    right = np.concatenate([tree.right for tree in moved]) + shift
    return NodeTable(
        roots=roots.astype(np.int32),
        feature=np.where(leaf, -1, feature).astype(np.int32),
        threshold=np.where(leaf, 0.0, np.concatenate([tree.threshold for tree in moved])),
        left=left.astype(np.int32),
        right=np.where(leaf, 0, right).astype(np.int32),
        missing_left=np.concatenate([tree.missing_left for tree in moved]) & ~leaf,
        leaves=np.concatenate([tree.values for tree in moved])[leaf],
    )


def in_float32(matrix: Floats) -> NDArray[np.float32]:
    """Return a matrix as the libraries keep it that round to float32; NaN stays.

    Examples
    --------
    >>> in_float32(np.array([[0.5, np.inf, np.nan]]))
    array([[5.e-01, 3.e+38,    nan]], dtype=float32)
    """
    return np.clip(matrix, -LARGEST_FLOAT32, LARGEST_FLOAT32).astype(np.float32)


def _depth_first(tree: Tree) -> Tree:
    order = np.array(_walk(tree), dtype=np.int64)
    position = np.zeros(len(tree.feature), dtype=np.int64)
    position[order] = np.arange(len(order))
    inner = tree.feature[order] >= 0
    return Tree(
        feature=tree.feature[order],
        threshold=tree.threshold[order],
        left=position[np.where(inner, tree.left[order], 0)],
        right=position[np.where(inner, tree.right[order], 0)],
        missing_left=tree.missing_left[order],
        values=tree.values[order],
    )


def _walk(tree: Tree) -> list[int]:
    """Return the nodes depth first, left before right."""
    feature, left, right = tree.feature.tolist(), tree.left.tolist(), tree.right.tolist()
    order, ahead = [], [0]
    while ahead:
        node = ahead.pop()
        order.append(node)
        if feature[node] >= 0:
            ahead += (right[node], left[node])
    return order
