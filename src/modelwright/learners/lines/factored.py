"""A design matrix as the product of two sparse ones.

The second says what the columns are made of, once for all rows: a number between two knots has two
shares, however many functions of a basis are not zero there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modelwright.predictor.operations.base import Floats


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
        counts = np.diff(part.indptr)
        to = np.repeat(at - part.indptr[:-1], counts)
        to += np.arange(len(to))
        places[to] = part.indices + width
        numbers[to] = part.data
        at += counts
        width += part.shape[1]
    # Places take half the memory where the ends of rows have 32 bits too.
    narrow = ends.astype(np.int32) if ends[-1] <= np.iinfo(np.int32).max else ends
    return sparse.csr_array((numbers, places, narrow), shape=(len(at), width))


Design: TypeAlias = Factored | Floats
"""Of forms; a dense one is of rows that are few, see `dual`."""
