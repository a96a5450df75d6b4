"""Trees laid out for the kernel's scan, which asks all nodes of a tree for 64 rows at once.

Why nothing is read outside: a `TreeScan` is made only of tables that `Trees.check` let pass, whose
nodes have one parent each. Counts of thresholds are at most 255, leaves of a tree at most 256, and
of these one always stays: the one that a walk reaches.
"""

import ctypes
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.kernel.buckets import buckets_of
from modelwright.predictor.kernel.library import Library, address_of
from modelwright.predictor.kernel.tables import placed
from modelwright.predictor.operations.base import Floats

if TYPE_CHECKING:
    from modelwright.predictor.operations.trees import Trees

SCAN_ROWS = 64
"""As in `kernel.c`: rows come in as many."""
_BIAS = 128
_PLANE = 8
_MOST_LEAVES = 256
_MOST_CUTS = 255
_MOST_ASKED = 1 << 15
_NODE = np.dtype([("slot", np.uint16), ("code", np.int8), ("clear", np.uint8)])

Places = NDArray[np.int64]


class _Scan(ctypes.Structure):
    """As in `kernel.c`."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("nodes", "first_node", "first_plane")),
        *((name, ctypes.c_void_p) for name in ("first_leaf", "leaves", "outputs")),
        *((name, ctypes.c_void_p) for name in ("cuts", "first_cut", "asked", "base")),
        ("scale", ctypes.c_double),
        *((name, ctypes.c_int64) for name in ("trees", "columns", "leaf_width")),
        *((name, ctypes.c_int64) for name in ("asked_count", "strict")),
        *((name, ctypes.c_void_p) for name in ("buckets", "starts")),
    )


class TreeScan:
    """Trees laid out for the scan.

    Parameters
    ----------
    trees
        Tables that are sound.
    shape
        Of the trees, as `Shape.of` found it.
    """

    def __init__(self, trees: "Trees", shape: "Shape") -> None:
        self.columns = len(trees.base)
        wide = trees.leaves.shape[1] > 1
        cuts = Cuts.of(trees, shape.inner)
        rows = trees.left[shape.leaves]
        sizes = shape.size[trees.roots]
        first_plane = np.append(0, np.cumsum(-(-sizes // _PLANE)))
        tables = (
            *_nodes(trees, shape, cuts, first_plane),
            first_plane,
            np.append(0, np.cumsum(sizes)),
            trees.leaves[rows].astype(np.float64),
            None if wide or self.columns == 1 else trees.outputs.astype(np.int32),
            cuts.values,
            cuts.first,
            cuts.asked,
            trees.base.astype(np.float64),
        )
        # Kept, because the kernel only has their addresses.
        self._kept = [None if each is None else placed(each) for each in tables]
        self._buckets = [placed(each) for each in buckets_of(cuts)]
        addresses = (None if each is None else each.ctypes.data for each in self._kept)
        self._scan = _Scan(
            *addresses,
            trees.scale,
            shape.count,
            self.columns,
            trees.leaves.shape[1],
            len(cuts.asked),
            trees.comparison == "<",
            *(each.ctypes.data for each in self._buckets),
        )
        self.address = ctypes.addressof(self._scan)
        self.asked = len(cuts.asked)

    @classmethod
    def of(cls, trees: "Trees") -> "TreeScan | None":
        """Return trees laid out; None where a walk serves them better, or where they do not fit.

        They fit with up to 256 leaves each and 255 thresholds a column, as boosters have that cut
        columns into bins.
        """
        shape = Shape.of(trees)
        if shape is None:
            return None
        cuts = Cuts.of(trees, shape.inner)
        # To count thresholds takes a column about as long as two walks.
        if cuts.most > _MOST_CUTS or not 0 < len(cuts.asked) < min(_MOST_ASKED, 2 * shape.count):
            return None
        return cls(trees, shape)

    def add_up(self, matrix: Floats, library: Library) -> Floats:
        """Return base + scale * (sum of leaves) for each row.

        Parameters
        ----------
        matrix : ndarray of shape (a multiple of SCAN_ROWS, width)
            In rows, as wide as a walk of the same trees was asked to look.
        library
            The compiled kernel.

        Raises
        ------
        MemoryError
            When there is no room for the rows.
        """
        rows, width = matrix.shape
        answers = np.empty((rows, self.columns))
        failed = library.unlocked.modelwright_scan(
            self.address, address_of(matrix), rows, width, address_of(answers)
        )
        if failed:
            raise MemoryError(f"There is no room for {SCAN_ROWS} rows of {width} columns.")
        return answers


@dataclass(frozen=True)
class Shape:
    """Where each node lies in its tree.

    Parameters
    ----------
    count
        How many trees there are.
    tree : ndarray of shape (nodes,)
        The tree of each node.
    start, size : ndarray of shape (nodes,)
        The first leaf below each node, from the left, and how many there are.
    inner, leaves : ndarray
        Nodes that ask, tree after tree; those that do not, from left to right in each.
    """

    count: int
    tree: Places
    start: Places
    size: Places
    inner: Places
    leaves: Places

    @classmethod
    def of(cls, trees: "Trees") -> "Shape | None":
        """Find it, a level at a time; None where nodes are shared or a tree has too many leaves."""
        asks = trees.feature >= 0
        nodes = len(asks)
        children = np.concatenate([trees.left[asks], trees.right[asks], trees.roots])
        if np.bincount(children, minlength=nodes).max() > 1:
            return None
        tree, size = np.full(nodes, -1), np.ones(nodes, dtype=np.int64)
        tree[trees.roots] = np.arange(len(trees.roots))
        levels = [trees.roots.astype(np.int64)]
        while len(above := levels[-1][asks[levels[-1]]]):
            children = np.stack([trees.left[above], trees.right[above]], axis=1)
            below = children.ravel().astype(np.int64)
            tree[below] = np.repeat(tree[above], 2)
            levels.append(below)
            if len(levels) > _MOST_LEAVES:
                return None
        inner_levels = [level[asks[level]] for level in levels]
        for above in reversed(inner_levels):
            size[above] = size[trees.left[above]] + size[trees.right[above]]
        if size[trees.roots].max() > _MOST_LEAVES:
            return None
        start = np.zeros(nodes, dtype=np.int64)
        for above in inner_levels:
            left, right = trees.left[above], trees.right[above]
            start[left], start[right] = start[above], start[above] + size[left]
        reached = np.concatenate(levels)
        inner, leaves = reached[asks[reached]], reached[~asks[reached]]
        return cls(
            len(trees.roots),
            tree,
            start,
            size,
            inner[np.argsort(tree[inner], kind="stable")],
            leaves[np.lexsort((start[leaves], tree[leaves]))],
        )


@dataclass(frozen=True)
class Cuts:
    """The thresholds of each column.

    Parameters
    ----------
    asked
        Columns that are asked.
    values, first
        Their thresholds, rising, one column after the other, and where each column's begin.
    slot, code
        Of each inner node: its column among those asked, and its threshold among the column's.
    """

    asked: Places
    values: Floats
    first: Places
    slot: Places
    code: Places

    @classmethod
    def of(cls, trees: "Trees", inner: Places) -> "Cuts":
        feature, threshold = trees.feature[inner], trees.threshold[inner]
        asked, slot = np.unique(feature, return_inverse=True)
        order = np.lexsort((threshold, slot))
        slots, cuts = slot[order], threshold[order]
        is_new = np.ones(len(order), dtype=np.bool_)
        is_new[1:] = (slots[1:] != slots[:-1]) | (cuts[1:] != cuts[:-1])
        first = np.append(0, np.cumsum(np.bincount(slots[is_new], minlength=len(asked))))
        code = np.empty(len(order), dtype=np.int64)
        code[order] = np.cumsum(is_new) - 1 - first[slots]
        return cls(asked.astype(np.int64), np.ascontiguousarray(cuts[is_new]), first, slot, code)

    @cached_property
    def most(self) -> int:
        """Thresholds of the column that has most."""
        return int(np.diff(self.first).max(initial=0))


def _nodes(
    trees: "Trees", shape: Shape, cuts: Cuts, first_plane: Places
) -> tuple[NDArray[np.void], Places]:
    """Return what is asked, plane after plane, and where each plane begins.

    A node stands in each plane that has leaves of its left subtree.
    """
    begin = shape.start[shape.inner]
    end = begin + shape.size[trees.left[shape.inner]]
    planes = (end - 1) // _PLANE - begin // _PLANE + 1
    node = np.repeat(np.arange(len(planes)), planes)
    plane = (
        begin[node] // _PLANE + np.arange(len(node)) - np.repeat(np.cumsum(planes) - planes, planes)
    )
    low = np.clip(begin[node] - _PLANE * plane, 0, _PLANE)
    high = np.clip(end[node] - _PLANE * plane, 0, _PLANE)
    asked = np.zeros(len(node), _NODE)
    asked["slot"] = (2 * cuts.slot + ~trees.missing_left[shape.inner])[node]
    asked["code"] = (cuts.code - _BIAS)[node]
    asked["clear"] = (1 << high) - (1 << low)
    place = first_plane[shape.tree[shape.inner[node]]] + plane
    first = np.append(0, np.cumsum(np.bincount(place, minlength=first_plane[-1])))
    return asked[np.lexsort((asked["slot"], place))], first
