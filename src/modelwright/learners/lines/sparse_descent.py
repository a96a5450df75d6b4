"""The coefficients of a linear form of few columns, by steps that set the others to zero.

The elastic net: Zou and Hastie, "Regularization and variable selection via the elastic net" (2005).
Each step goes down the slope and shrinks every coefficient by the same amount, those within reach
of zero to zero, with the momentum of Beck and Teboulle, "A fast iterative shrinkage-thresholding
algorithm for linear inverse problems" (2009), which begins anew where it led uphill.
"""

from collections.abc import Callable

import numpy as np

from modelwright.learners.lines.descent import Descent, Problem
from modelwright.predictor.operations.base import Floats

MAX_ITERATIONS = 150
TOLERANCE = 1e-6
"""Of the penalised loss: smaller gains end a descent."""
STEPS = 12
"""Of the path; each has half the penalty of the one before."""
_FALL = 0.5
_ABSOLUTE = 0.9
"""Share of the penalty on absolute values; the rest, on squares, keeps columns that say the same
together."""
_LONGER, _SHORTER = 1.4, 0.5
_INTERCEPT_STEPS = 30


def begin(problem: Problem) -> tuple[Floats, tuple[float, ...]]:
    """Return coefficients of the intercept alone, and the penalties of a path that begins there.

    The first is half of the least with which every other coefficient is zero.

    Parameters
    ----------
    problem
        The rows.
    """
    start = np.zeros((problem.design.shape[1], problem.outputs))
    total = max(float(problem.weight.sum()), 1e-300)
    for _ in range(_INTERCEPT_STEPS):
        _, slope = problem.slope(start)
        start[0] -= slope[0] / total
    _, slope = problem.slope(start)
    strongest = float(np.abs(slope[1:]).max(initial=0.0)) / _ABSOLUTE or 1.0
    return start, tuple(strongest * _FALL ** (step + 1) for step in range(STEPS))


def descend_sparsely(
    problem: Problem, start: Floats, *, penalty: float, out_of_time: Callable[[], bool]
) -> Descent:
    """Minimise the sum of losses plus a penalty on absolute values and squares of coefficients.

    Parameters
    ----------
    problem
        The rows.
    start : ndarray of shape (width, outputs)
        Where to begin.
    penalty
        Above zero.
    out_of_time
        Asked after each iteration.

    Examples
    --------
    >>> from modelwright.learners.loss import Loss
    >>> from modelwright.learners.lines.raw_losses import raw_loss
    >>> design = np.array([[1.0, -1.0, 0.1], [1.0, 1.0, 0.1], [1.0, 1.0, -0.2]])
    >>> squares = raw_loss("regression", Loss("squared"))
    >>> line = Problem(design, np.array([1.0, 3.0, 3.0]), np.ones(3), squares, 1)
    >>> end = descend_sparsely(line, np.zeros((3, 1)), penalty=0.5, out_of_time=bool)
    >>> end.coefficients.round(2)
    array([[2.06],
           [0.82],
           [0.  ]])
    """
    squares = penalty * (1.0 - _ABSOLUTE)
    best, ahead = start, start
    value, momentum, length = np.inf, 1.0, 1.0 / max(float(problem.weight.sum()), 1e-300)
    for _ in range(MAX_ITERATIONS):
        smooth, slope = _smooth(problem, ahead, squares)
        after, length = _shrunk(problem, ahead, smooth, slope, length * _LONGER, penalty)
        reached = _smooth(problem, after, squares)[0] + penalty * _ABSOLUTE * _size(after)
        gained = value - reached
        if gained < 0:
            # Momentum led uphill.
            ahead, momentum = best, 1.0
            if value - reached > -TOLERANCE * abs(value):
                break
            continue
        faster = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        ahead = after + (momentum - 1.0) / faster * (after - best)
        best, value, momentum = after, reached, faster
        if gained < TOLERANCE * abs(reached):
            break
        if out_of_time():
            return Descent(best, cut_short=True)
    return Descent(best, cut_short=False)


def _shrunk(
    problem: Problem, at: Floats, smooth: float, slope: Floats, length: float, penalty: float
) -> tuple[Floats, float]:
    """Return the point after one step, short enough that the loss lies below what it promised."""
    squares = penalty * (1.0 - _ABSOLUTE)
    while True:
        after = at - length * slope
        reach = length * penalty * _ABSOLUTE
        after[1:] -= np.clip(after[1:], -reach, reach)
        moved = after - at
        promised = smooth + float((slope * moved).sum() + (moved**2).sum() / (2.0 * length))
        if _smooth(problem, after, squares)[0] <= promised + 1e-9 * abs(smooth):
            return after, length
        length *= _SHORTER


def _smooth(problem: Problem, at: Floats, squares: float) -> tuple[float, Floats]:
    """Return losses and squares with their gradient."""
    loss, slope = problem.slope(at)
    penalised = at.copy()
    penalised[0] = 0.0
    return loss + 0.5 * squares * float((penalised**2).sum()), slope + squares * penalised


def _size(at: Floats) -> float:
    return float(np.abs(at[1:]).sum())
