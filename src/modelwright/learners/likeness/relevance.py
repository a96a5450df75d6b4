"""How much each column tells: the slope of what was learned along it.

Radhakrishnan, Beaglehole, Pandit and Belkin, "Mechanism for feature learning in neural networks and
backpropagation-free machine learning models" (2024): a machine that stretches columns by the
slopes of the one before it learns which of them count.
"""

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from modelwright.learners.likeness.centres import Centres
from modelwright.predictor.operations.base import Floats

_PENALTY = 0.1
"""Of the squared coefficients of a machine that is only asked for its slopes."""
_LEAST = 1e-3
"""A column that tells nothing is kept, but hardly counts."""


def stretch_by_slopes(centres: Centres, points: Floats, wanted: Floats, weight: Floats) -> Floats:
    """Return what columns are to be multiplied by, 1 for the one that tells most.

    Parameters
    ----------
    centres
        What rows are compared with.
    points : ndarray of shape (n, columns)
        Rows to learn from, not stretched.
    wanted : ndarray of shape (n, outputs)
        What they should be answered, in units of about 1.
    weight : ndarray of shape (n,)
        How much each row counts.

    Returns
    -------
    ndarray of shape (columns,)
        From 0.001 to 1.
    """
    design = centres.turned(points)
    middle = np.average(wanted, axis=0, weights=weight)
    products = design.T @ (design * weight[:, None])
    products[np.diag_indices(len(products))] += _PENALTY
    found = cho_solve(cho_factor(products), design.T @ ((wanted - middle) * weight[:, None]))
    squares = _squared_slopes(centres, centres.back(found))
    steepest = float(squares.max())
    if not steepest > 0:
        return np.ones(len(squares))
    return np.asarray(np.maximum(np.sqrt(squares / steepest), _LEAST))


def _squared_slopes(centres: Centres, coefficients: Floats) -> Floats:
    """Return the mean squared slope along each column at the centres, over all outputs."""
    likeness = centres.likeness(centres.places / centres.stretch)
    total = np.zeros(len(centres.stretch))
    for each in coefficients.T:
        pull = likeness * each
        slopes = pull @ centres.places - centres.places * pull.sum(axis=1)[:, None]
        total += (slopes**2).mean(axis=0)
    return np.asarray(total * centres.stretch**2)
