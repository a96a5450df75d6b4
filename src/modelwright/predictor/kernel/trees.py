"""Trees laid out for the compiled kernel.

Why no walk leaves the tables, whoever wrote the program: a `TreeWalk` is made only of tables that
`Trees.check` let pass, and copies them. Roots, children, leaves and outputs are inside; children
are later than their parents, so every walk ends; no node asks a column at or beyond `width`, and no
narrower matrix is taken.
"""

import ctypes
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.kernel.coded import TreeCodes
from modelwright.predictor.kernel.library import Library, address_of
from modelwright.predictor.kernel.scan import SCAN_ROWS, TreeScan
from modelwright.predictor.kernel.tables import aligned
from modelwright.predictor.operations.base import Floats

if TYPE_CHECKING:
    from modelwright.predictor.operations.trees import Trees

_LANES = 8
"""As in `kernel.c`: what stands where is counted in numbers of as many rows."""
_MAX_NODES = 1 << 31
_MAX_WIDTH = 1 << 27
"""More could not be counted in 32 bits."""
_NODE = np.dtype([("threshold", np.float64), ("asks", np.uint32), ("child", np.uint32)])


class _Ensemble(ctypes.Structure):
    """As in `kernel.c`."""

    _fields_ = (
        ("nodes", ctypes.c_void_p),
        ("outputs", ctypes.c_void_p),
        ("leaves", ctypes.c_void_p),
        ("base", ctypes.c_void_p),
        ("scale", ctypes.c_double),
        ("trees", ctypes.c_int64),
        ("columns", ctypes.c_int64),
        ("strict", ctypes.c_int64),
    )


class TreeWalk:
    """Trees laid out for the kernel: a node in 16 bytes, its two children side by side.

    Parameters
    ----------
    trees
        Tables that are sound. They are checked again here: nothing in the kernel looks at bounds.

    Raises
    ------
    BundleError
        When they are not sound.
    """

    def __init__(self, trees: "Trees") -> None:
        self.width = int(trees.feature.max(initial=-1)) + 1
        self._columns = trees.check((self.width,))
        wide = trees.leaves.shape[1] > 1
        outputs = trees.outputs if self._columns > 1 and not wide else None
        # Kept, because the kernel only has their addresses.
        self._kept = (
            _packed(trees),
            None if outputs is None else _copied(outputs, np.int32),
            _copied(trees.leaves, np.float64) if wide else None,
            _copied(trees.base, np.float64),
        )
        addresses = (None if each is None else each.ctypes.data for each in self._kept)
        self._ensemble = _Ensemble(
            *addresses, trees.scale, len(trees.roots), self._columns, trees.comparison == "<"
        )
        self.address = ctypes.addressof(self._ensemble)
        self._trees = _unchanging(trees)

    @staticmethod
    def fits(trees: "Trees") -> bool:
        """Say whether the kernel can count so many nodes and columns."""
        nodes = len(trees.roots) + 2 * len(trees.feature)
        return nodes < _MAX_NODES and int(trees.feature.max(initial=-1)) < _MAX_WIDTH

    def add_up(self, matrix: Floats, library: Library) -> Floats:
        """Return base + scale * (sum of leaves) for each row.

        Parameters
        ----------
        matrix : ndarray of shape (rows, at least `width`)
        library
            The compiled kernel.

        Raises
        ------
        IndexError
            When the matrix is too narrow.
        MemoryError
            When there is no room for the rows.
        """
        numbers = np.ascontiguousarray(matrix, dtype=np.float64)
        rows, width = numbers.shape
        if width < self.width:
            raise IndexError(f"Trees that ask {self.width} columns were given {width}.")
        scanned = rows - rows % SCAN_ROWS if library.scans(SCAN_ROWS) else 0
        if not scanned or self._scan is None:
            return self._one_by_one(numbers, library)
        answers = self._scan.add_up(numbers[:scanned], library)
        if scanned == rows:
            return answers
        return np.concatenate([answers, self._one_by_one(numbers[scanned:], library)])

    def _one_by_one(self, numbers: Floats, library: Library) -> Floats:
        if self.codes is not None and library.walks_codes:
            return self.codes.add_up(numbers, library)
        return self._walk(numbers, library)

    def _walk(self, numbers: Floats, library: Library) -> Floats:
        rows, width = numbers.shape
        answers = np.empty((rows, self._columns))
        failed = library.for_rows(rows).modelwright_trees(
            self.address, address_of(numbers), rows, width, address_of(answers)
        )
        if failed:
            raise MemoryError(f"There is no room for a row of {width} columns.")
        return answers

    @cached_property
    def _scan(self) -> TreeScan | None:
        """The same trees for many rows at once, laid out when there are as many."""
        return TreeScan.of(self._trees)

    @cached_property
    def codes(self) -> TreeCodes | None:
        """The same trees for one row at a time; None where `address` serves them better."""
        return TreeCodes.of(self._trees, self._scan)


def _unchanging(trees: "Trees") -> "Trees":
    """Return trees in tables that nobody can write to: those that can be written are copied."""
    tables = ("roots", "outputs", "feature", "threshold", "left", "right", "missing_left", "leaves")
    named = {name: getattr(trees, name) for name in (*tables, "base")}
    copies = {name: table.copy() for name, table in named.items() if table.flags.writeable}
    return msgspec.structs.replace(trees, **copies) if copies else trees


def _packed(trees: "Trees") -> NDArray[np.void]:
    """Return the roots and then, for each inner node, its children, left and right.

    A node that two parents share is written once for each; its children are not.
    """
    inner = trees.feature >= 0
    roots = len(trees.roots)
    # A pair then never lies on two lines of the cache.
    first_pair = roots + roots % 2
    node = np.zeros(len(inner), _NODE)
    node["threshold"] = np.where(inner, trees.threshold, _leaf_numbers(trees, inner))
    node["asks"] = np.where(inner, _LANES * _slots(trees), 0)
    node["child"][inner] = 2 * (first_pair + 2 * np.arange(inner.sum()))
    packed = aligned(first_pair + 2 * int(inner.sum()), _NODE)
    packed[:roots] = node[trees.roots]
    packed[first_pair::2] = node[trees.left[inner]]
    packed[first_pair + 1 :: 2] = node[trees.right[inner]]
    # A leaf is its own child: a walk that has arrived stays there.
    stays = packed["asks"] == 0
    packed["child"][stays] = 2 * np.flatnonzero(stays)
    return packed


def _leaf_numbers(trees: "Trees", inner: NDArray[np.bool_]) -> Floats:
    """Return for each leaf what it adds or, where leaves hold all columns, the row of them."""
    row = np.where(inner, 0, trees.left)
    return row.astype(np.float64) if trees.leaves.shape[1] > 1 else trees.leaves[row, 0]


def _slots(trees: "Trees") -> NDArray[np.int64]:
    """Return where each node finds its number: slot 0 is empty, then each column lies twice."""
    return 1 + 2 * trees.feature.astype(np.int64) + ~trees.missing_left


def _copied(array: NDArray[np.generic], dtype: type[np.generic]) -> NDArray[np.generic]:
    return np.array(array, dtype=dtype, order="C")
