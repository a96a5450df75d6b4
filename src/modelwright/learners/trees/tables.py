"""Trees of any library as the tables of nodes that the predictor walks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    sets
        By node, the codes that go left, where it asks for a set of them and not for a threshold.
    """

    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    missing_left: Flags
    values: Floats
    sets: Mapping[int, frozenset[int]] = field(default_factory=dict)


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

    Raises
    ------
    ValueError
        When a tree asks for sets, or its nodes are not connected as those of a tree are.

    Examples
    --------
    >>> leaf = np.array([-1])
    >>> tree = Tree(leaf, np.zeros(1), leaf, leaf, np.array([True]), np.array([[2.5]]))
    >>> node_table([tree, tree])["leaves"]
    array([[2.5],
           [2.5]])
    """
    if any(tree.sets for tree in trees):
        raise ValueError("A tree with categorical splits has no place here.")
    joined, roots = _join(trees)
    order, roots = _depth_first(joined, roots)
    position = np.zeros(len(joined.feature), dtype=np.int64)
    position[order] = np.arange(len(order))
    feature = joined.feature[order]
    leaf = feature < 0
    left = position[np.where(leaf, 0, joined.left[order])]
    left[leaf] = np.arange(leaf.sum())
    right = position[np.where(leaf, 0, joined.right[order])]
    return NodeTable(
        roots=roots.astype(np.int32),
        feature=np.where(leaf, -1, feature).astype(np.int32),
        threshold=np.where(leaf, 0.0, joined.threshold[order]),
        left=left.astype(np.int32),
        right=np.where(leaf, 0, right).astype(np.int32),
        missing_left=joined.missing_left[order] & ~leaf,
        leaves=joined.values[order[leaf]],
    )


def codes_of(words: Sequence[int], bits: int) -> frozenset[int]:
    """Return the codes in a set that is written as bits of numbers.

    Parameters
    ----------
    words
        The numbers.
    bits
        How many codes each says of.

    Examples
    --------
    >>> sorted(codes_of([5, 1], 32))
    [0, 2, 32]
    """
    return frozenset(
        place * bits + bit
        for place, word in enumerate(words)
        for bit in range(bits)
        if int(word) >> bit & 1
    )


def in_float32(matrix: Floats) -> NDArray[np.float32]:
    """Return a matrix as the libraries keep it that round to float32; NaN stays.

    Examples
    --------
    >>> in_float32(np.array([[0.5, np.inf, np.nan]]))
    array([[5.e-01, 3.e+38,    nan]], dtype=float32)
    """
    # Clipped on the way: a copy in float64 would be the largest thing in memory.
    rounded = np.empty_like(matrix, dtype=np.float32)
    return np.clip(matrix, -LARGEST_FLOAT32, LARGEST_FLOAT32, out=rounded, casting="unsafe")


def _join(trees: Sequence[Tree]) -> tuple[Tree, NDArray[np.int64]]:
    """Return the nodes of all trees as those of one, and where each tree begins."""
    sizes = [len(tree.feature) for tree in trees]
    roots = np.cumsum([0, *sizes])[:-1]
    shift = np.repeat(roots, sizes)
    joined = Tree(
        feature=np.concatenate([tree.feature for tree in trees]),
        threshold=np.concatenate([tree.threshold for tree in trees]),
        left=np.concatenate([tree.left for tree in trees]) + shift,
        right=np.concatenate([tree.right for tree in trees]) + shift,
        missing_left=np.concatenate([tree.missing_left for tree in trees]),
        values=np.concatenate([tree.values for tree in trees]),
    )
    return joined, roots


def _depth_first(
    tree: Tree, roots: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the nodes depth first, left before right, and where each tree begins then.

    All trees are walked at once, level by level: fits run side by side in threads, and a loop over
    the nodes in Python would keep the others waiting.
    """
    inner = tree.feature >= 0
    ways = np.concatenate([tree.left[inner], tree.right[inner]])
    if ((ways < 0) | (ways >= len(tree.feature))).any():
        raise ValueError("A tree whose nodes lead nowhere has no place here.")
    levels = [roots]
    parents = [roots[tree.feature[roots] >= 0]]
    visited = len(roots)
    while len(parents[-1]):
        visited += 2 * len(parents[-1])
        if visited > len(tree.feature):
            raise ValueError("A tree whose nodes have several parents has no place here.")
        levels.append(np.concatenate([tree.left[parents[-1]], tree.right[parents[-1]]]))
        parents.append(levels[-1][tree.feature[levels[-1]] >= 0])
    size = np.ones(len(tree.feature), dtype=np.int64)
    for nodes in reversed(parents):
        size[nodes] += size[tree.left[nodes]] + size[tree.right[nodes]]
    position = np.zeros(len(tree.feature), dtype=np.int64)
    position[roots] = np.cumsum(size[roots]) - size[roots]
    for nodes in parents:
        position[tree.left[nodes]] = position[nodes] + 1
        position[tree.right[nodes]] = position[nodes] + 1 + size[tree.left[nodes]]
    reached = np.concatenate(levels)
    order = np.empty(len(reached), dtype=np.int64)
    order[position[reached]] = reached
    return order, position[roots]
