"""Whether a correction of the probabilities would mend what went wrong."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from modelwright.predictor.operations.answers import ScaleLogits
from modelwright.predictor.operations.base import Floats

_SMALLEST = 1e-15
_FLATTEST = 1e-3
"""A slope below zero would turn the ranking round, which is no calibration."""


def recalibrate(
    truth: NDArray[np.int64], probabilities: Floats, blocks: NDArray[np.int64]
) -> Floats:
    """Return probabilities corrected by a slope and a bias that were learned from other blocks.

    Even blocks are corrected by what odd ones teach, and the other way round, so that a gain is
    not an effect of fitting (Platt's sigmoid, 1999).

    Parameters
    ----------
    truth : ndarray of shape (rows,)
        0 or 1, none unknown.
    probabilities : ndarray of shape (rows, 2)
        What the program answered.
    blocks : ndarray of shape (rows,)
        The independent block of each row.

    Examples
    --------
    >>> truth = np.arange(400) % 4 // 3
    >>> corrected = recalibrate(truth, np.full((400, 2), 0.5), np.arange(400) // 20)
    >>> corrected[:2].round(2)
    array([[0.75, 0.25],
           [0.75, 0.25]])
    """
    corrected = probabilities.copy()
    _, numbers = np.unique(blocks, return_inverse=True)
    for part in (0, 1):
        held = numbers % 2 == part
        if held.any() and not held.all():
            corrected[held] = _fit(truth[~held], probabilities[~held]).run(probabilities[held])
    return corrected


def _fit(truth: NDArray[np.int64], probabilities: Floats) -> ScaleLogits:
    safe = np.clip(probabilities, _SMALLEST, 1.0)
    logits = np.log(safe[:, 1]) - np.log(safe[:, 0])

    def loss(parameters: Floats) -> tuple[float, Floats]:
        raw = parameters[0] * logits + parameters[1]
        likely = 0.5 * (1 + np.tanh(raw / 2))
        misses = (likely - truth) / len(truth)
        value = (np.logaddexp(0.0, raw) - truth * raw).mean()
        return float(value), np.array([misses @ logits, misses.sum()])

    bounds = [(_FLATTEST, None), (None, None)]
    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds).x
    bias = np.array([0.0, float(found[1])])
    return ScaleLogits(inputs=("",), output="", slope=float(found[0]), bias=bias)
