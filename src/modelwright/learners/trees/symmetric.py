"""Trees that ask the same on every path, unfolded into nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.trees.tables import Tree
from modelwright.predictor.operations.base import Flags, Floats


@dataclass(frozen=True)
class SymmetricTree:
    """A tree in which all nodes of a level ask the same; also called oblivious.

    Parameters
    ----------
    feature : ndarray of shape (levels,)
        The column that each level asks.
    border : ndarray of shape (levels,)
        A row goes right where its number is above it; a missing number goes left.
    values : ndarray of shape (2 ** levels, width)
        What the leaves add. Bit i of a leaf's index says whether its rows went right at level i.
    """

    feature: NDArray[np.int64]
    border: Floats
    values: Floats


def unfold(trees: Sequence[SymmetricTree]) -> list[Tree]:
    """Return the same trees as nodes, with less of them where it makes no difference.

    A question that the path to it has answered is not asked again, and a node whose two sides add
    the same is a leaf. On a few thousand rows that saves about half of the nodes, since most leaves
    of a deep symmetric tree hold no rows.

    Parameters
    ----------
    trees
        Of one width.

    Examples
    --------
    >>> values = np.array([[0.0], [1.0], [0.0], [2.0]])
    >>> tree = SymmetricTree(np.array([0, 1]), np.array([5.0, 7.0]), values)
    >>> [nodes] = unfold([tree])
    >>> nodes.feature[:3], nodes.left[:3], nodes.right[:3]
    (array([0, 1, 1]), array([3, 3, 4]), array([2, 5, 6]))
    """
    unfolded: list[Tree] = []
    for levels, group in groupby(trees, key=lambda tree: len(tree.feature)):
        alike = list(group)
        feature = np.array([tree.feature for tree in alike], dtype=np.int64)
        border = np.array([tree.border for tree in alike], dtype=np.float64)
        values = np.array([tree.values for tree in alike], dtype=np.float64)
        unfolded += _Unfolding(levels, feature, border, values).trees()
    return unfolded


@dataclass(frozen=True)
class _Unfolding:
    """Trees with the same number of levels, all at once.

    Level by level, the nodes of a complete binary tree are numbered 0, 1 to 2, 3 to 6 and so on;
    bit i of a node's place in its level is the answer at level i.
    """

    levels: int
    feature: NDArray[np.int64]
    border: Floats
    values: Floats

    def trees(self) -> list[Tree]:
        count, leaves = len(self.feature), 1 << self.levels
        level_of = np.repeat(np.arange(self.levels), 1 << np.arange(self.levels))
        entry = self._entries()
        root = entry[:, 0]
        feature = np.full((count, 2 * leaves - 1), -1, dtype=np.int64)
        feature[:, : leaves - 1] = self.feature[:, level_of]
        feature[root > 0, 0] = -1
        threshold = np.zeros(feature.shape)
        threshold[:, : leaves - 1] = self.border[:, level_of]
        left, right = np.zeros_like(feature), np.zeros_like(feature)
        places = np.arange(leaves - 1) - ((1 << level_of) - 1)
        first = (2 << level_of) - 1 + places
        left[:, : leaves - 1] = entry[:, first]
        right[:, : leaves - 1] = entry[:, first + (1 << level_of)]
        values = np.zeros((*feature.shape, self.values.shape[2]))
        values[:, leaves - 1 :] = self.values
        values[:, 0] = values[np.arange(count), root]
        missing_left = np.ones(feature.shape[1], dtype=np.bool_)
        return [
            Tree(feature[i], threshold[i], left[i], right[i], missing_left, values[i])
            for i in range(count)
        ]

    def _entries(self) -> NDArray[np.int64]:
        """Return which node stands for each: itself, or one below it that says the same."""
        count, leaves = len(self.feature), 1 << self.levels
        entry = np.tile(np.arange(2 * leaves - 1), (count, 1))
        for level in reversed(range(self.levels)):
            begin, size = (1 << level) - 1, 1 << level
            left = entry[:, begin + size : begin + 2 * size]
            right = entry[:, begin + 2 * size : begin + 3 * size]
            goes_left, goes_right = self._answered(level)
            goes_left |= self._adds_the_same(left, right)
            own = entry[:, begin : begin + size]
            own[:] = np.where(goes_left, left, np.where(goes_right, right, own))
        return entry

    def _answered(self, level: int) -> tuple[Flags, Flags]:
        """Say of the nodes of a level whether the path to them leaves only left, or only right."""
        place = np.arange(1 << level)
        goes_left = np.zeros((len(self.feature), len(place)), dtype=np.bool_)
        goes_right = goes_left.copy()
        for above in range(level):
            same = self.feature[:, above] == self.feature[:, level]
            went_right = (place >> above & 1).astype(np.bool_)
            lower = same & (self.border[:, above] <= self.border[:, level])
            higher = same & (self.border[:, above] >= self.border[:, level])
            goes_left |= lower[:, None] & ~went_right
            goes_right |= higher[:, None] & went_right
        return goes_left, goes_right

    def _adds_the_same(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> Flags:
        """Say where both sides are leaves with the same values."""
        first_leaf = (1 << self.levels) - 1
        row = np.arange(len(left))[:, None]
        here, there = (self.values[row, np.maximum(side - first_leaf, 0)] for side in (left, right))
        both = (left >= first_leaf) & (right >= first_leaf)
        return np.asarray(both & (here == there).all(axis=2))
