"""Trees laid out for one row at a time: nodes of four bytes, which ask counts of thresholds.

Why no walk leaves the tables: `TreeCodes` is made only of tables that `Trees.check` let pass and
whose nodes have one parent each, so that the children of a node lie behind it in the same tree.
"""

import ctypes
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
_WALKS = 48
"""As in `coded.h`."""
_LINE = 16
"""Nodes on a line of the cache."""
_TOP, _BELOW = 4, 3
"""Levels of a tree that lie together: from its root, and from a pair further down."""
_NODE = np.dtype([("slot", np.uint8), ("code", np.uint8), ("ahead", np.uint16)])


class _Coded(ctypes.Structure):
    """As in `coded.h`."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in ("nodes", "roots", "scan"))


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
        place = _places(trees, shape)
        cuts, inner = Cuts.of(trees, shape.inner), shape.inner
        nodes = aligned(int(place.max()) + 1, _NODE)
        nodes["slot"][place[inner]] = 1 + 2 * cuts.slot + ~trees.missing_left[inner]
        nodes["code"][place[inner]] = cuts.code
        nodes["ahead"][place[inner]] = place[trees.left[inner]] - place[inner]
        nodes["code"][place[shape.leaves]] = shape.start[shape.leaves]
        # Kept, because the kernel only has their addresses.
        self._kept = nodes, _padded(place[trees.roots]), scan
        self._coded = _Coded(nodes.ctypes.data, self._kept[1].ctypes.data, scan.address)
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
        library.for_rows(rows).modelwright_coded(
            self.address, address_of(matrix), rows, width, address_of(answers)
        )
        return answers


def _places(trees: "Trees", shape: Shape) -> NDArray[np.int64]:
    """Return where each node lies: four levels from the root, then pairs with the two below them.

    Either has up to fifteen nodes and lies on one line of the cache, where it can.
    """
    reached, asks = shape.reached, trees.feature >= 0
    rank = np.zeros(len(asks), dtype=np.int64)
    rank[reached] = np.arange(len(reached))
    # Of each node: the root, or the parent of the pair with which its block begins.
    block = np.zeros(len(asks), dtype=np.int64)
    block[trees.roots] = rank[trees.roots]
    level, depth = trees.roots.astype(np.int64), 0
    while len(above := level[asks[level]]):
        depth += 1
        level = np.stack([trees.left[above], trees.right[above]], axis=1).ravel().astype(np.int64)
        begins = depth >= _TOP and (depth - _TOP) % _BELOW == 0
        block[level] = np.repeat(rank[above] if begins else block[above], 2)
    order = reached[np.lexsort((block[reached], shape.tree[reached]))]
    keys = np.stack([shape.tree[order], block[order]], axis=1)
    first = np.flatnonzero(np.append(True, (keys[1:] != keys[:-1]).any(axis=1)))
    sizes = np.diff(np.append(first, len(order)))
    begin, at = [], 0
    for size in sizes.tolist():
        at += -at % _LINE if at % _LINE + size > _LINE else 0
        begin.append(at)
        at += size
    place = np.zeros(len(asks), dtype=np.int64)
    place[order] = np.repeat(np.array(begin) - first, sizes) + np.arange(len(order))
    return place


def _padded(roots: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return roots as the kernel takes them: always as many at once."""
    spare = -len(roots) % _WALKS
    return np.append(roots, np.repeat(roots[-1:], spare)).astype(np.int32)
