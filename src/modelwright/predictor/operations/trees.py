"""Ensembles of decision trees, as flat tables of nodes."""

from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.kernel.library import library
from modelwright.predictor.kernel.trees import TreeWalk
from modelwright.predictor.operations.base import Flags, Floats, Integers, Operation, Value

Comparison = Literal["<=", "<"]

_LANES = 1 << 16
"""Pairs of row and tree that are walked at once: what fits the processor's cache."""


class Trees(Operation, frozen=True, kw_only=True, tag="trees", dict=True):
    """Add up the leaves that a row reaches, in the order of the trees, from zero on.

    The compiled kernel does it where there is one, to the same bits.

    Parameters
    ----------
    comparison
        A row goes left where its number stands in this relation to the threshold.
    roots : ndarray of shape (trees,), int32
        The node at which each tree begins. Nodes of a tree follow its root.
    outputs : ndarray of shape (trees,), int32
        The column to which each tree adds; -1 where its leaves hold all columns.
    feature : ndarray of shape (nodes,), int32
        The input column that a node asks; -1 at a leaf.
    threshold : ndarray of shape (nodes,)
        What it is compared with; not read at a leaf.
    left, right : ndarray of shape (nodes,), int32
        Where to go on: always to a later node. At a leaf, `left` is the row of `leaves`.
    missing_left : ndarray of shape (nodes,), bool
        Whether a missing number goes left.
    leaves : ndarray of shape (leaves, 1) or (leaves, columns)
        What a leaf adds.
    base : ndarray of shape (columns,)
        What each column starts from.
    scale : float
        What the sum of leaves is multiplied with: 1 over the trees for a forest.
    """

    comparison: Comparison
    roots: Integers
    outputs: Integers
    feature: Integers
    threshold: Floats
    left: Integers
    right: Integers
    missing_left: Flags
    leaves: Floats
    base: Floats
    scale: float = 1.0

    def check(self, widths: tuple[int, ...]) -> int:
        self._check_shapes()
        self._check_walk(widths[0])
        self._check_leaves()
        return len(self.base)

    def run(self, *values: Value) -> Floats:
        kernel = library()
        if kernel is not None and self.walk is not None:
            return self.walk.add_up(values[0], kernel)
        return self._interpret(values[0])

    def _interpret(self, matrix: Floats) -> Floats:
        total = np.empty((len(matrix), len(self.base)))
        rows_at_once = max(1, _LANES // max(1, len(self.roots)))
        for start in range(0, len(matrix), rows_at_once):
            part = slice(start, start + rows_at_once)
            total[part] = self._add_up(self._reach(matrix[part]))
        return self.base + self.scale * total

    def _add_up(self, reached: NDArray[np.int64]) -> Floats:
        """Sum the leaves of shape (rows, trees), tree after tree."""
        rows, columns = len(reached), len(self.base)
        total = np.zeros((rows, columns))
        if self.leaves.shape[1] > 1 or columns == 1:
            for column in range(columns):
                total[:, column] = _last_sum(self.leaves[:, column][reached])
            return total
        for column in range(columns):
            total[:, column] = _last_sum(self.leaves[:, 0][reached[:, self.outputs == column]])
        return total

    def _reach(self, matrix: Floats) -> NDArray[np.int64]:
        """Walk every row down every tree and return the leaf rows of shape (rows, trees)."""
        rows, trees = len(matrix), len(self.roots)
        sides = _two_sides(matrix)
        node = np.tile(self.roots.astype(np.int64), rows)
        offset = np.repeat(np.arange(rows, dtype=np.int64) * 2 * matrix.shape[1], trees)
        active = np.flatnonzero(self._asks.take(node) >= 0)
        walker, at = node.take(active), offset.take(active)
        while len(active):
            number = sides.take(self._asks.take(walker) + at)
            walker = self._children.take(2 * walker + self._goes_right(number, walker))
            node[active] = walker
            going = np.flatnonzero(self._asks.take(walker) >= 0)
            if len(going) < len(active):
                active, walker, at = active.take(going), walker.take(going), at.take(going)
        return self._leaf_rows.take(node).reshape(rows, trees)

    def _goes_right(self, number: Floats, walker: NDArray[np.int64]) -> Flags:
        bound = self.threshold.take(walker)
        return number > bound if self.comparison == "<=" else number >= bound

    @cached_property
    def walk(self) -> TreeWalk | None:
        """These trees as the kernel walks them; None where it cannot."""
        return TreeWalk(self) if TreeWalk.fits(self) else None

    @cached_property
    def _asks(self) -> NDArray[np.int64]:
        """The number of `_two_sides` that each node asks; -1 at a leaf."""
        asked = 2 * self.feature.astype(np.int64) + ~self.missing_left
        return np.where(self.feature < 0, -1, asked)

    @cached_property
    def _children(self) -> NDArray[np.int64]:
        return np.stack([self.left, self.right], axis=1).ravel().astype(np.int64)

    @cached_property
    def _leaf_rows(self) -> NDArray[np.int64]:
        return np.where(self.feature < 0, self.left, 0).astype(np.int64)

    def _check_shapes(self) -> None:
        nodes = self.feature.shape
        per_node = (self.threshold, self.left, self.right, self.missing_left)
        self.require(len(nodes) == 1 and nodes[0] > 0, "there is no node")
        self.require(all(array.shape == nodes for array in per_node), "tables differ in length")
        self.require(self.roots.ndim == 1 and len(self.roots) > 0, "there is no tree")
        self.require(self.outputs.shape == self.roots.shape, "one output per tree is needed")
        self.require(self.base.ndim == 1 and np.isfinite(self.base).all(), "no finite base")
        self.require(np.isfinite(self.scale), "the scale is not finite")

    def _check_walk(self, width: int) -> None:
        nodes = len(self.feature)
        inner = np.flatnonzero(self.feature >= 0)
        self.require((self.feature >= -1).all() and (self.feature < width).all(), "a column asked")
        self.require((self.roots >= 0).all() and (self.roots < nodes).all(), "a root is outside")
        for child in (self.left[inner], self.right[inner]):
            self.require((child > inner).all() and (child < nodes).all(), "a child is not later")
        self.require(np.isfinite(self.threshold[inner]).all(), "a threshold is not finite")

    def _check_leaves(self) -> None:
        row = self.left[self.feature < 0]
        columns = len(self.base)
        self.require(self.leaves.ndim == 2 and self.leaves.shape[1] in (1, columns), "leaf width")
        self.require((row >= 0).all() and (row < len(self.leaves)).all(), "a leaf is outside")
        self.require(np.isfinite(self.leaves).all(), "a leaf is not finite")
        one = self.leaves.shape[1] == 1 and columns > 1
        self.require((self.outputs >= (0 if one else -1)).all(), "an output is negative")
        self.require((self.outputs < columns).all(), "an output is outside")


def _two_sides(matrix: Floats) -> Floats:
    """Return each number twice: with missing as the smallest and as the largest there is.

    A node then asks the copy that sends a missing number where it belongs, with one look-up.
    """
    missing = np.isnan(matrix)
    low = np.where(missing, -np.inf, matrix)
    high = np.where(missing, np.inf, matrix)
    return np.stack([low, high], axis=2).ravel()


def _last_sum(numbers: Floats) -> Floats:
    """Sum over the last axis from left to right; NumPy's own sum pairs terms by the shape."""
    if not numbers.shape[1]:
        return np.zeros(len(numbers))
    # Zero comes first: it leaves every sum as it is but that of negative zeros.
    return np.asarray(np.add.accumulate(numbers, axis=1)[:, -1] + 0.0)
