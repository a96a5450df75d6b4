"""Axes along which rows that are fewer than their columns can be told apart.

A squared penalty keeps coefficients inside the span of the rows: w = X'a. With X X' = L L' (by
Cholesky), v = L'a has the length of w and L v = X w, so a form of n coefficients over the matrix L
is the same problem with the same penalty as one of very many over X. Its path is walked in L, and
w = X' L'^-1 v leads back. Saunders, Gammerman and Vovk, "Ridge regression learning algorithm in
dual variables" (1998).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from modelwright.learners.lines.factored import Design, Factored
from modelwright.predictor.operations.base import Floats

MAX_ROWS = 3_000
"""The factor of more rows takes longer than it saves."""
_JITTER = 1e-9
"""Of the mean squared length of a row: lets rows that are the same have a factor."""
_CELLS = 1_000_000
"""Of a dense matrix on the way to another one."""
_MOST_PRODUCTS = 4e9
"""Of numbers, for each output, to know all rows by each other: seconds of a processor. Of 2,500
texts of 2,000 letters it took 17 s, and the descent then 1.3 s less."""
_WORTH = 4.0
"""A number of a dense matrix is used so many times sooner than one of a sparse matrix."""


class Axes(Protocol):
    """Another basis of the columns of a design matrix; the first column, all ones, stays."""

    def turn(self, design: Factored) -> Design:
        """Return a design matrix of any rows in this basis, up to the jitter."""

    def back(self, coefficients: Floats) -> Floats:
        """Return coefficients of this basis as those of the columns."""


def axes_of(design: Factored, outputs: int) -> Axes:
    """Return the axes in which a penalised form is found soonest.

    Parameters
    ----------
    design : Factored of shape (n, width)
        The first column is 1.
    outputs
        Of the form.

    Examples
    --------
    >>> wide = sparse.csr_array(np.array([[1.0, 2.0, 0.0, 3.0], [1.0, 0.0, 1.0, 1.0]]))
    >>> wide = Factored(wide, sparse.csr_array(np.eye(4)))
    >>> axes = axes_of(wide, 1)
    >>> v = np.array([[1.0], [2.0], [3.0]])
    >>> np.allclose(axes.turn(wide) @ v, wide @ axes.back(v))
    True
    """
    rows, width = design.shape
    sparse_work = design.left.nnz + width * (20 if outputs > 2 else 2)
    if rows > MAX_ROWS or rows >= width or rows * rows > _WORTH * sparse_work:
        return AS_THEY_ARE
    if rows * design.left.nnz > _MOST_PRODUCTS * outputs:
        return AS_THEY_ARE
    inner = _without_first(design)
    turned = np.ones((rows, rows + 1), order="F")
    gram = turned[:, 1:]
    for some, found in _products(inner, inner):
        gram[:, some] = found
    gram[np.diag_indices(rows)] += _JITTER * max(float(np.trace(gram)) / rows, 1e-300)
    try:
        gram[:] = cholesky(gram, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError:
        return AS_THEY_ARE
    return _Rows(design, turned)


def _without_first(design: Factored) -> Factored:
    return Factored(design.left, sparse.csr_array(design.right)[:, 1:])


def _products(rows: Factored, others: Factored) -> Iterator[tuple[slice, Floats]]:
    """Yield the products of rows with all others, a few rows at a time, of shape (others, few).

    Neither matrix is written out: most functions of a basis are not zero in some row.
    """
    left = sparse.csr_array(rows.left)
    across = sparse.csr_array(rows.right @ others.right.T)
    few = max(1, _CELLS // max(across.shape[1], others.shape[0]))
    for first in range(0, left.shape[0], few):
        some = slice(first, first + few)
        yield some, np.asarray(others.left @ (left[some] @ across).T.toarray())


class _Columns:
    """The columns as they are."""

    def turn(self, design: Factored) -> Factored:
        return design

    def back(self, coefficients: Floats) -> Floats:
        return coefficients


@dataclass(frozen=True)
class _Rows:
    """Axes that the rows span."""

    rows: Factored
    turned: Floats

    def turn(self, design: Factored) -> Floats:
        if design is self.rows:
            return self.turned
        found = np.ones((design.shape[0], self.turned.shape[1]))
        for some, each in _products(_without_first(design), _without_first(self.rows)):
            solved = solve_triangular(self._factor, each, lower=True, check_finite=False)
            found[some, 1:] = solved.T
        return found

    @property
    def _factor(self) -> Floats:
        return self.turned[:, 1:]

    def back(self, coefficients: Floats) -> Floats:
        by_row = solve_triangular(self._factor, coefficients[1:], lower=True, trans="T")
        return np.concatenate([coefficients[:1], _without_first(self.rows).T @ by_row])


AS_THEY_ARE = _Columns()
"""No other axes."""
