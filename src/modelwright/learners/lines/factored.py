"""A design matrix as the product of two sparse ones.

The second says what the columns are made of, once for all rows: a number between two knots has two
shares, however many functions of a basis are not zero there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modelwright.predictor.operations.base import Floats

_NUMBERS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Factored:
    """The product of two sparse matrices, which is never written out.

    Parameters
    ----------
    left : sparse array of shape (n, places)
    right : sparse array of shape (places, width)

    Examples
    --------
    >>> matrix = Factored(sparse.csr_array(np.eye(2)), sparse.csr_array(np.array([[3.0], [4.0]])))
    >>> (matrix @ np.array([[2.0]])).tolist(), (matrix.T @ np.array([[1.0], [1.0]])).tolist()
    ([[6.0], [8.0]], [[7.0]])
    """

    left: sparse.sparray
    right: sparse.sparray

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.left.shape[0]), int(self.right.shape[1])

    @property
    def T(self) -> "Factored":  # noqa: N802 (as NumPy and SciPy call it)
        """The matrix with rows and columns swapped."""
        return Factored(self.right.T, self.left.T)

    def __matmul__(self, coefficients: Floats) -> Floats:
        """Multiply by a dense matrix, the factor beside it first."""
        return np.asarray(self.left @ (self.right @ coefficients))

    def whole(self) -> sparse.csr_array:
        """Write the product out."""
        return sparse.csr_array(self.left @ self.right)

    def take(self, rows: NDArray[np.int64]) -> "Factored":
        """Return some rows."""
        return Factored(sparse.csr_array(self.left)[rows], self.right)


def side_by_side(parts: Iterable[sparse.csr_array]) -> sparse.csr_array:
    """Join matrices of the same rows.

    SciPy holds them three times meanwhile; here each is let go when it has its place, so that a
    generator of large ones costs little more than what it makes.

    Examples
    --------
    >>> one = sparse.csr_array(np.array([[1.0, 0.0], [0.0, 2.0]]))
    >>> side_by_side([one, one]).toarray().tolist()
    [[1.0, 0.0, 1.0, 0.0], [0.0, 2.0, 0.0, 2.0]]
    """
    rest = list(parts)[::-1]
    ends = sum(part.indptr.astype(np.int64) for part in rest)
    places, numbers = np.empty(ends[-1], dtype=np.int32), np.empty(ends[-1])
    at, width = ends[:-1].copy(), 0
    while rest:
        part = rest.pop()
        for some, to in _targets(part.indptr, at):
            places[to] = part.indices[some] + width
            numbers[to] = part.data[some]
        at += np.diff(part.indptr)
        width += part.shape[1]
    # Places take half the memory where the ends of rows have 32 bits too.
    narrow = ends.astype(np.int32) if ends[-1] <= np.iinfo(np.int32).max else ends
    return sparse.csr_array((numbers, places, narrow), shape=(len(at), width))


def _targets(
    ends: NDArray[np.integer[Any]], at: NDArray[np.int64]
) -> Iterator[tuple[slice, NDArray[np.int64]]]:
    """Yield the numbers of some rows of a matrix, and where they go when a row begins at `at`.

    Where they go takes as much memory as the numbers, so that of many it is told bit by bit.
    """
    rows = len(ends) - 1
    few = max(1, rows * _NUMBERS_AT_ONCE // max(1, int(ends[-1])))
    for first in range(0, rows, few):
        here = ends[first : first + few + 1]
        to = np.repeat(at[first : first + few] - here[:-1], np.diff(here))
        to += np.arange(here[0], here[-1])
        yield slice(int(here[0]), int(here[-1])), to


Design: TypeAlias = Factored | Floats
"""Of forms; a dense one is of rows that are few, see `dual`."""
