"""Models of scikit-learn that compare a row with others, or ask how likely its numbers are."""

from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import affine, dense
from modelwright.learners.foreign.powers import squares
from modelwright.learners.foreign.thresholds import above
from modelwright.predictor.operations.base import Floats


def machine_score(draft: Draft, model: Any, matrix: str) -> str:
    """Write the score of a support vector machine of two classes, or of numbers.

    Raises
    ------
    LearnerError
        When its kernel, or the number of its classes, has no place in a program.
    """
    name = type(model).__name__
    weights = _numbers(model.dual_coef_)
    if len(weights) > 1:
        raise refuse(f"A {name} of more than two classes")
    vectors = _numbers(model.support_vectors_)
    bias = np.asarray(model.intercept_, dtype=np.float64)
    if model.kernel == "linear":
        return dense(draft, matrix, (weights @ vectors).T, bias)
    if model.kernel != "rbf":
        raise refuse(f"A {name} with the kernel {model.kernel!r}")
    return dense(draft, _likeness(draft, matrix, vectors, float(model._gamma)), weights.T, bias)


def _numbers(learned: Any) -> Floats:
    """Return what a machine keeps sparse where it learned from what was."""
    return np.asarray(learned.toarray() if hasattr(learned, "toarray") else learned, np.float64)


def normal_score(draft: Draft, model: Any, matrix: str) -> str:
    """Write GaussianNB: how likely the numbers of each class are, as logarithms."""
    means, spreads = (np.asarray(each, dtype=np.float64) for each in (model.theta_, model.var_))
    # Squares of numbers that lie far from zero would lose what tells them apart.
    centre = means.mean(axis=0)
    matrix, means = affine(draft, matrix, 1.0, -centre), means - centre
    start = np.log(model.class_prior_) - 0.5 * np.log(2.0 * np.pi * spreads).sum(axis=1)
    start -= 0.5 * (means**2 / spreads).sum(axis=1)
    weights = np.hstack([-0.5 / spreads, means / spreads])
    both = draft.beside([squares(draft, matrix), matrix])
    return dense(draft, both, weights.T, start)


def curved_score(draft: Draft, model: Any, matrix: str) -> str:
    """Write QuadraticDiscriminantAnalysis: how likely a row is in each class, as logarithms."""
    turns = [
        np.asarray(rotation / np.sqrt(spread), dtype=np.float64)
        for rotation, spread in zip(model.rotations_, model.scalings_, strict=True)
    ]
    distances = [
        squares(draft, dense(draft, matrix, turn, -mean @ turn))
        for turn, mean in zip(turns, model.means_, strict=True)
    ]
    widths = [turn.shape[1] for turn in turns]
    weights = np.repeat(-0.5 * np.eye(len(turns)), widths, axis=0)
    spreads = np.array([np.log(spread).sum() for spread in model.scalings_])
    return dense(draft, draft.beside(distances), weights, np.log(model.priors_) - 0.5 * spreads)


def counted_score(draft: Draft, model: Any, matrix: str) -> str:
    """Write MultinomialNB: how likely the counts of each class are, as logarithms."""
    weights = np.asarray(model.feature_log_prob_, dtype=np.float64)
    return dense(draft, matrix, weights.T, np.asarray(model.class_log_prior_, dtype=np.float64))


def complement_score(draft: Draft, model: Any, matrix: str) -> str:
    """Write ComplementNB: how unlikely the counts are in all other classes, as logarithms."""
    weights = np.asarray(model.feature_log_prob_, dtype=np.float64)
    start = model.class_log_prior_ if len(weights) == 1 else np.zeros(len(weights))
    return dense(draft, matrix, weights.T, start)


def flagged_score(draft: Draft, model: Any, matrix: str) -> str:
    """Write BernoulliNB: how likely it is in each class that these numbers are large."""
    present = np.asarray(model.feature_log_prob_, dtype=np.float64)
    absent = np.log(1.0 - np.exp(present))
    flags = matrix if model.binarize is None else above(draft, matrix, float(model.binarize))
    start = np.asarray(model.class_log_prior_, dtype=np.float64) + absent.sum(axis=1)
    return dense(draft, flags, (present - absent).T, start)


def _likeness(draft: Draft, matrix: str, others: Floats, gamma: float) -> str:
    """Return exp(-gamma |x - other|^2) for each of some other rows."""
    weights = np.vstack([np.full(others.T.shape, -gamma), 2.0 * gamma * others.T])
    both = draft.beside([squares(draft, matrix), matrix])
    distances = dense(draft, both, weights, -gamma * (others**2).sum(axis=1))
    return draft.link(distances, "exponential")
