"""Trees laid out for one row at a time: several levels together, which ask counts of thresholds.

Why no walk leaves the tables: `TreeCodes` is made only of tables that `Trees.check` let pass and
whose nodes have one parent each; so each way out of a block leads to a leaf of its tree or to a
fork further down in it.
"""

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.kernel.library import Library, address_of
from modelwright.predictor.kernel.scan import Cuts, Shape, TreeScan
from modelwright.predictor.kernel.tables import aligned
from modelwright.predictor.operations.base import Floats

if TYPE_CHECKING:
    from modelwright.predictor.operations.trees import Trees

_MOST_ASKED = 127
"""Columns, of which each has two counts: they are numbered by a byte."""
_WALKS, _LEAVES = 192, 256
_CROWN_WAYS, _FORK_WAYS = 16, 4
"""As in `coded.h`."""


def _block(ways: int) -> np.dtype[np.void]:
    return np.dtype([("slot", np.uint8, ways), ("code", np.uint8, ways), ("way", np.uint16, ways)])


_CROWN, _FORK = _block(_CROWN_WAYS), _block(_FORK_WAYS)

_Places = NDArray[np.int64]


class _Coded(ctypes.Structure):
    """As in `coded.h`."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in ("crowns", "forks", "first", "scan"))


class TreeCodes:
    """Trees laid out for one row at a time.

    Parameters
    ----------
    trees
        Tables that are sound.
    scan
        The same trees laid out for many rows.
    """

    def __init__(self, trees: "Trees", scan: TreeScan) -> None:
        self._columns = len(trees.base)
        shape = Shape.of(trees)
        assert shape is not None, "trees that are scanned have a shape"
        # Kept, because the kernel only has their addresses.
        self._kept = *_blocks(trees, shape), scan
        self._coded = _Coded(*(each.ctypes.data for each in self._kept[:-1]), scan.address)
        self.address = ctypes.addressof(self._coded)

    @classmethod
    def of(cls, trees: "Trees", scan: TreeScan | None) -> "TreeCodes | None":
        """Return trees laid out; None where they cannot be scanned or ask too many columns."""
        return None if scan is None or scan.asked > _MOST_ASKED else cls(trees, scan)

    def add_up(self, matrix: Floats, library: Library) -> Floats:
        """Return base + scale * (sum of leaves) for each row.

        Parameters
        ----------
        matrix : ndarray of shape (rows, width)
            In rows, as wide as a walk of the same trees was asked to look.
        library
            The compiled kernel, which must walk codes.
        """
        rows, width = matrix.shape
        answers = np.empty((rows, self._columns))
        library.for_rows(rows).modelwright_walk_codes(
            self.address, address_of(matrix), rows, width, address_of(answers)
        )
        return answers


@dataclass(frozen=True)
class _Spots:
    """Where each node lies: in the crown of its tree, or in a fork below it.

    Parameters
    ----------
    block, spot : ndarray of shape (nodes,)
        The node with which its block begins, and its place in the block: nodes, then ways out.
    above, way : ndarray of shape (nodes,)
        Of a node with which a fork begins: the block that leads there, and which way.
    is_fork : ndarray of shape (nodes,)
        Whether a fork begins with it.
    """

    block: _Places
    spot: _Places
    above: _Places
    way: _Places
    is_fork: NDArray[np.bool_]

    @classmethod
    def of(cls, trees: "Trees", asks: NDArray[np.bool_]) -> "_Spots":
        """Find it, a level at a time."""
        block, spot, above, way = np.zeros((4, len(asks)), dtype=np.int64)
        is_fork = np.zeros(len(asks), dtype=np.bool_)
        level = trees.roots.astype(np.int64)
        block[level] = level
        while len(upper := level[asks[level]]):
            level = np.stack([trees.left[upper], trees.right[upper]], 1).ravel().astype(np.int64)
            block[level] = np.repeat(block[upper], 2)
            spot[level] = np.stack([2 * spot[upper] + 1, 2 * spot[upper] + 2], 1).ravel()
            ways = np.where(is_fork[block[level]], _FORK_WAYS, _CROWN_WAYS)
            is_out = (spot[level] >= ways - 1) & asks[level]
            new = level[is_out]
            above[new], way[new] = block[new], spot[new] - (ways[is_out] - 1)
            block[new], spot[new], is_fork[new] = new, 0, True
        return cls(block, spot, above, way, is_fork)


def _blocks(trees: "Trees", shape: Shape) -> tuple[NDArray[np.void], NDArray[np.void], _Places]:
    """Return crowns, forks, and where the forks of each group of trees begin."""
    spots = _Spots.of(trees, trees.feature >= 0)
    forks = np.flatnonzero(spots.is_fork)
    # What lies below a fork follows it.
    forks = forks[np.lexsort((-shape.size[forks], shape.start[forks], shape.tree[forks]))]
    number = shape.tree.copy()
    number[forks] = np.arange(len(forks))
    groups = shape.tree[forks] // _WALKS
    first = np.searchsorted(groups, np.arange(-(-shape.count // _WALKS)))
    crowns, below = aligned(shape.count, _CROWN), aligned(max(1, len(forks)), _FORK)
    cuts = Cuts.of(trees, shape.inner)
    slot = 1 + 2 * cuts.slot + ~trees.missing_left[shape.inner]
    leaf, leaf_way = _leaf_ways(spots, shape.leaves)
    for blocks, in_forks in ((crowns, False), (below, True)):
        mine = spots.is_fork[spots.block[shape.inner]] == in_forks
        at = number[spots.block[shape.inner[mine]]], spots.spot[shape.inner[mine]]
        blocks["slot"][at], blocks["code"][at] = slot[mine], cuts.code[mine]
        mine = spots.is_fork[spots.block[leaf]] == in_forks
        blocks["way"][number[spots.block[leaf[mine]]], leaf_way[mine]] = shape.start[leaf[mine]]
        mine = spots.is_fork[spots.above[forks]] == in_forks
        led = _LEAVES + np.arange(len(forks)) - first[groups]
        blocks["way"][number[spots.above[forks[mine]]], spots.way[forks[mine]]] = led[mine]
    return crowns, below, first.astype(np.int64)


def _leaf_ways(spots: _Spots, leaves: _Places) -> tuple[_Places, _Places]:
    """Return leaves, each as often as ways lead there, and these ways."""
    spot = spots.spot[leaves]
    level = np.log2(spot + 1).astype(np.int64)
    count = np.where(spots.is_fork[spots.block[leaves]], _FORK_WAYS, _CROWN_WAYS) >> level
    first = (spot + 1 - (1 << level)) * count
    way = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - first, count)
    return np.repeat(leaves, count), way
