"""The coefficients of a linear form, by limited-memory BFGS on the penalised loss.

Liu and Nocedal, "On the limited memory BFGS method for large scale optimization" (1989). The
same few lines serve every loss and stop at any iteration when the time ends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from scipy.optimize import minimize

from modelwright.learners.lines.conditioning import (
    Variables,
    products,
    round_variables,
    rows_for_products,
    worth_products,
)
from modelwright.learners.lines.factored import Design, Factored
from modelwright.learners.lines.raw_losses import RawLoss
from modelwright.predictor.operations.base import Floats

MAX_ITERATIONS = 150
TOLERANCE = 1e-4
"""Of the gradient's largest entry, per unit of weight."""
_CELLS = 250_000
"""Rows times outputs whose losses are found at once."""
_ASIDE = 0.5
"""How far to either side slopes are compared: a rounded corner is seen as the curve that it is."""


@dataclass(frozen=True)
class Problem:
    """Rows to fit a linear form to.

    Parameters
    ----------
    design : Factored or ndarray of shape (n, width)
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

    design: Design
    target: Floats
    weight: Floats
    losses: RawLoss
    outputs: int

    @property
    def solver(self) -> Literal["descent", "rounded descent", "descent over rows"]:
        """Which variables a descent moves: coefficients, rounded ones, or one per row (`dual`)."""
        if not isinstance(self.design, Factored):
            return "descent over rows"
        return "rounded descent" if worth_products(self.design) else "descent"

    def loss(self, coefficients: Floats) -> float:
        """Return the weighted mean loss of coefficients of shape (width, outputs)."""
        raw = self.design @ coefficients
        losses = [self.losses(raw[some], self.target[some])[0] for some in self._parts]
        return float(np.average(np.concatenate(losses), weights=self.weight))

    def slope(self, coefficients: Floats) -> tuple[float, Floats]:
        """Return the weighted sum of losses and its gradient of shape (width, outputs)."""
        raw = self.design @ coefficients
        losses = np.empty(len(raw))
        for some in self._parts:
            losses[some], slopes = self.losses(raw[some], self.target[some])
            raw[some] = slopes * self.weight[some, None]
        return float(losses @ self.weight), self.design.T @ raw

    @property
    def _parts(self) -> Iterator[slice]:
        """A few rows at a time, whose scores of all classes are no burden."""
        few = max(1, _CELLS // self.outputs)
        return (slice(first, first + few) for first in range(0, len(self.target), few))

    def bend(self, coefficients: Floats) -> float:
        """Return the mean second derivative of a row's loss by one of its raw scores.

        The scores of a row are moved all at once, each by chance up or down: on average the square
        terms remain. Hutchinson, "A stochastic estimator of the trace of the influence matrix"
        (1990).
        """
        raw = self.design @ coefficients
        signs = np.random.default_rng(0).choice([-1.0, 1.0], size=raw.shape)
        above = self.losses(raw + _ASIDE * signs, self.target)[1]
        below = self.losses(raw - _ASIDE * signs, self.target)[1]
        bends = ((above - below) * signs).sum(axis=1) / (2.0 * _ASIDE * self.outputs)
        return float(bends @ self.weight / max(self.weight.sum(), 1e-300))

    def variables_at(self, coefficients: Floats, penalty: float) -> Variables:
        """Return variables in which the penalised loss is nearly round about there."""
        if self._some is None:
            return Variables(None)
        some, found = self._some
        bend = some.bend(coefficients)
        return round_variables(found, bend=bend, penalty=penalty / self.weight.sum())

    @cached_property
    def _some(self) -> "tuple[Problem, Floats] | None":
        """Some rows and the products of their columns, where they are worth their time.

        They tell enough: on how the loss is bent only the number of steps depends.
        """
        if not isinstance(self.design, Factored) or not worth_products(self.design):
            return None
        rows = rows_for_products(self.design)
        design, weight = self.design.take(rows), self.weight[rows]
        some = replace(self, design=design, target=self.target[rows], weight=weight)
        return some, products(design, weight)


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
    >>> from modelwright.learners.lines.raw_losses import raw_loss
    >>> design = np.array([[1.0, -1.0], [1.0, 1.0]])
    >>> squares = raw_loss("regression", Loss("squared"))
    >>> line = Problem(design, np.array([1.0, 3.0]), np.ones(2), squares, 1)
    >>> descend(line, np.zeros((2, 1)), penalty=1e-9, out_of_time=bool).coefficients.round(3)
    array([[2.],
           [1.]])
    """
    total = problem.weight.sum()
    variables = problem.variables_at(start, penalty)
    stopped = False

    def objective(flat: Floats) -> tuple[float, Floats]:
        point = variables.back(flat.reshape(start.shape))
        loss, gradient = problem.slope(point)
        penalised = point.copy()
        penalised[0] = 0.0
        value = loss + 0.5 * penalty * (penalised**2).sum()
        slope = variables.slope(gradient + penalty * penalised)
        return value / total, slope.ravel() / total

    def after_iteration(_: Floats) -> None:
        nonlocal stopped
        if out_of_time():
            stopped = True
            raise StopIteration

    found = minimize(
        objective,
        variables.of(start).ravel(),
        jac=True,
        method="L-BFGS-B",
        callback=after_iteration,
        options={"maxiter": MAX_ITERATIONS, "maxcor": 20, "gtol": TOLERANCE, "ftol": 1e-7},
    )
    return Descent(variables.back(found.x.reshape(start.shape)), stopped)
