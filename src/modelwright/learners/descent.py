"""The coefficients of a linear form, by limited-memory BFGS on the penalised loss.

Liu and Nocedal, "On the limited memory BFGS method for large scale optimization" (1989). The
same few lines serve every loss and stop at any iteration when the time ends.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from modelwright.learners.raw_losses import RawLoss
from modelwright.predictor.operations.base import Floats

MAX_ITERATIONS = 150
TOLERANCE = 1e-4
"""Of the gradient's largest entry, per unit of weight."""


@dataclass(frozen=True)
class Problem:
    """Rows to fit a linear form to.

    Parameters
    ----------
    design : sparse array or ndarray of shape (n, width)
        The first column is 1; its coefficients are not penalised.
    target : ndarray of shape (n,)
        Indices of classes, or numbers.
    weight : ndarray of shape (n,)
        How much each row counts.
    losses
        Of raw scores.
    outputs
        Columns of the linear form: 1, or the classes of a multiclass task.
    """

    design: sparse.csr_array | Floats
    target: Floats
    weight: Floats
    losses: RawLoss
    outputs: int

    def loss(self, coefficients: Floats) -> float:
        """Return the weighted mean loss of coefficients of shape (width, outputs)."""
        losses, _ = self.losses(self.design @ coefficients, self.target)
        return float(np.average(losses, weights=self.weight))

    def slope(self, coefficients: Floats) -> tuple[float, Floats]:
        """Return the weighted sum of losses and its gradient of shape (width, outputs)."""
        losses, slopes = self.losses(self.design @ coefficients, self.target)
        return float(losses @ self.weight), self.design.T @ (slopes * self.weight[:, None])


@dataclass(frozen=True)
class Descent:
    """Where a descent ended.

    Parameters
    ----------
    coefficients : ndarray of shape (width, outputs)
        The best point seen.
    cut_short
        Whether it was told to stop.
    """

    coefficients: Floats
    cut_short: bool


def descend(
    problem: Problem, start: Floats, *, penalty: float, out_of_time: Callable[[], bool]
) -> Descent:
    """Minimise the sum of losses plus half the penalty times the squared coefficients.

    Parameters
    ----------
    problem
        The rows.
    start : ndarray of shape (width, outputs)
        Where to begin.
    penalty
        Above zero: the inverse of what scikit-learn calls C.
    out_of_time
        Asked after each iteration.

    Examples
    --------
    >>> from modelwright.learners.loss import Loss
    >>> from modelwright.learners.raw_losses import raw_loss
    >>> design = sparse.csr_array(np.array([[1.0, -1.0], [1.0, 1.0]]))
    >>> squares = raw_loss("regression", Loss("squared"))
    >>> line = Problem(design, np.array([1.0, 3.0]), np.ones(2), squares, 1)
    >>> descend(line, np.zeros((2, 1)), penalty=1e-9, out_of_time=bool).coefficients.round(3)
    array([[2.],
           [1.]])
    """
    total = problem.weight.sum()
    stopped = False

    def objective(flat: Floats) -> tuple[float, Floats]:
        point = flat.reshape(start.shape)
        loss, gradient = problem.slope(point)
        penalised = point.copy()
        penalised[0] = 0.0
        value = loss + 0.5 * penalty * (penalised**2).sum()
        return value / total, (gradient + penalty * penalised).ravel() / total

    def after_iteration(_: Floats) -> None:
        nonlocal stopped
        if out_of_time():
            stopped = True
            raise StopIteration

    found = minimize(
        objective,
        start.ravel(),
        jac=True,
        method="L-BFGS-B",
        callback=after_iteration,
        options={"maxiter": MAX_ITERATIONS, "maxcor": 20, "gtol": TOLERANCE, "ftol": 1e-7},
    )
    return Descent(found.x.reshape(start.shape), stopped)
