"""Variables in which a penalised loss falls about as steeply in every direction.

A descent is short where the loss is nearly round. About any point the loss is bent like
c X'WX + p I (c: how much one row's loss bends, on average). With R'R of that, R times the
coefficients are variables of a nearly round loss, and for squares of an exactly round one, which a
single step solves. Nocedal and Wright, "Numerical optimization" (2006), chapter 5.1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from modelwright.learners.lines.factored import Factored
from modelwright.predictor.operations.base import Floats

MAX_WIDTH = 1_500
"""Wider matrices of products would take tens of megabytes."""
_WORTH = 6_000
"""Multiplications of a factor that take as long as the steps of a descent that each number of the
design matrix would else take part in."""
_LEAST_NUMBERS = 10_000
"""A step over a smaller matrix hardly takes less time."""
MIN_ROWS = 4_000
_ROWS_PER_COLUMN = 4
_LEAST_BEND = 1e-3
_JITTER = 1e-9


@dataclass(frozen=True)
class Variables:
    """Variables that coefficients are multiplied into.

    Parameters
    ----------
    factor : ndarray of shape (width, width), optional
        Upper triangular; None where the coefficients themselves are the variables.
    """

    factor: Floats | None

    def of(self, coefficients: Floats) -> Floats:
        """Return the variables of coefficients of shape (width, k)."""
        return coefficients if self.factor is None else self.factor @ coefficients

    def back(self, variables: Floats) -> Floats:
        """Return the coefficients of variables."""
        if self.factor is None:
            return variables
        return np.asarray(solve_triangular(self.factor, variables, check_finite=False))

    def slope(self, gradient: Floats) -> Floats:
        """Return the gradient by the variables, given that by the coefficients."""
        if self.factor is None:
            return gradient
        return np.asarray(solve_triangular(self.factor, gradient, trans="T", check_finite=False))


def worth_products(design: Factored) -> bool:
    """Say whether products of columns take less time than they save."""
    width = design.shape[1]
    return width <= MAX_WIDTH and width**3 <= _WORTH * (_LEAST_NUMBERS + design.left.nnz)


def rows_for_products(design: Factored) -> NDArray[np.int64]:
    """Return places of rows that tell enough of all."""
    rows, width = design.shape
    enough = max(MIN_ROWS, _ROWS_PER_COLUMN * width)
    return np.arange(0, rows, max(1, rows // enough))


def products(design: Factored, weight: Floats) -> Floats:
    """Return the weighted mean products of columns.

    Parameters
    ----------
    design : Factored of shape (n, width)
    weight : ndarray of shape (n,)

    Returns
    -------
    ndarray of shape (width, width)
    """
    # Few places of a row are not zero, while most functions of a basis are not zero in some row.
    weighted = design.left.multiply(weight[:, None])
    of_places = sparse.csr_array(design.left.T @ weighted).toarray()
    found: Floats = design.right.T @ (of_places @ design.right)
    return found / max(float(weight.sum()), 1e-300)


def round_variables(found: Floats, *, bend: float, penalty: float) -> Variables:
    """Return variables for a mean loss.

    Parameters
    ----------
    found : ndarray of shape (width, width)
        What `products` returned.
    bend
        Mean second derivative of a row's loss by its score.
    penalty
        Per unit of weight; the first coefficient has none.

    Examples
    --------
    >>> matrix = Factored(sparse.csr_array(np.diag([1.0, 3.0])), sparse.csr_array(np.eye(2)))
    >>> mean = products(matrix, np.ones(2))
    >>> round_variables(mean, bend=2.0, penalty=0.0).factor.round(3)
    array([[1., 0.],
           [0., 3.]])
    """
    curve = max(bend, _LEAST_BEND) * found
    curve[np.diag_indices(len(curve))] += _JITTER
    curve[np.diag_indices(len(curve))] += penalty * (np.arange(len(curve)) > 0)
    try:
        return Variables(cholesky(curve, overwrite_a=True, check_finite=False))
    except LinAlgError:
        return Variables(None)
