"""Trees in the fewest numbers that a short loop can walk.

Nodes stand depth first, so that the left child is the next node. A leaf asks nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.trees import Trees


@dataclass(frozen=True)
class TreeNodes:
    """An ensemble's nodes.

    Parameters
    ----------
    roots : ndarray of shape (trees,)
    number : ndarray of shape (nodes,)
        What is compared with; at a leaf what it adds or, where leaves hold several columns, the row
        of them.
    asks : ndarray of shape (nodes,)
        0 at a leaf; else 1 + twice the column, and one more where a missing number goes left.
    right : ndarray of shape (nodes,)
        How many nodes further the right child stands; 0 at a leaf.
    """

    roots: NDArray[np.int64]
    number: Floats
    asks: NDArray[np.int64]
    right: NDArray[np.int64]


def tree_nodes(trees: Trees) -> TreeNodes:
    """Return the nodes of an ensemble, depth first."""
    order = _depth_first(trees)
    return _numbered(trees) if order is None else _in_order(trees, *order)


def _numbered(trees: Trees) -> TreeNodes:
    inner = trees.feature >= 0
    here = np.arange(len(inner))
    return TreeNodes(
        roots=trees.roots.astype(np.int64),
        number=_numbers(trees, inner),
        asks=_asks(trees, inner),
        right=np.where(inner, trees.right - here, 0).astype(np.int64),
    )


def _in_order(trees: Trees, old: list[int], roots: list[int], right: list[int]) -> TreeNodes:
    inner = trees.feature >= 0
    return TreeNodes(
        roots=np.array(roots, dtype=np.int64),
        number=_numbers(trees, inner)[old],
        asks=_asks(trees, inner)[old],
        right=np.array(right, dtype=np.int64),
    )


def _depth_first(trees: Trees) -> tuple[list[int], list[int], list[int]] | None:
    """Return the old number of each node, the roots and the right steps; None where all stands so.

    A node that two parents share is written once for each.
    """
    inner = np.flatnonzero(trees.feature >= 0)
    if (trees.left[inner] == inner + 1).all():
        return None
    old: list[int] = []
    roots: list[int] = []
    right: list[int] = []
    for root in trees.roots.tolist():
        roots.append(len(old))
        # Each entry is a node and the place of the parent whose right child it is; -1 for none.
        waiting = [(root, -1)]
        while waiting:
            node, parent = waiting.pop()
            if parent >= 0:
                right[parent] = len(old) - parent
            old.append(node)
            right.append(0)
            if trees.feature[node] >= 0:
                waiting.append((int(trees.right[node]), len(old) - 1))
                waiting.append((int(trees.left[node]), -1))
    return old, roots, right


def _numbers(trees: Trees, inner: Value) -> Floats:
    row = np.where(inner, 0, trees.left)
    wide = trees.leaves.shape[1] > 1
    leaf = row.astype(np.float64) if wide else trees.leaves[row, 0]
    return np.where(inner, trees.threshold, leaf)


def _asks(trees: Trees, inner: Value) -> NDArray[np.int64]:
    asked = 1 + 2 * trees.feature.astype(np.int64) + trees.missing_left
    return np.where(inner, asked, 0)
