"""Votes: the class that each of several models names, as one of its columns."""

from typing import Any

import numpy as np

from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.given import steps_of
from modelwright.learners.foreign.layers import dense
from modelwright.learners.foreign.thresholds import above
from modelwright.predictor.operations.base import Floats


def largest(draft: Draft, values: str) -> str:
    """Return 1 for the largest of some columns, the first of several, and 0 for the others.

    Parameters
    ----------
    draft
        That has written them.
    values
        Two columns or more; or one, a score that is above zero for the second of two.
    """
    width = draft.width(values)
    if width == 1:
        second = above(draft, values, 0.0)
        return dense(draft, second, np.array([[-1.0, 1.0]]), np.array([1.0, 0.0]))
    pairs = np.array([(one, other) for one in range(width) for other in range(one)])
    place = np.arange(len(pairs))
    differences = np.zeros((width, len(pairs)))
    differences[pairs[:, 0], place], differences[pairs[:, 1], place] = 1.0, -1.0
    # The later of two wins only where it is larger.
    won = above(draft, dense(draft, values, differences, None), 0.0)
    wins = differences.T.copy()
    start = np.arange(width, dtype=np.float64)[::-1]
    return above(draft, dense(draft, won, wins, start), width - 1.5)


def counts_votes(model: Any) -> bool:
    """Say whether a model names the class that most others name."""
    return type(model).__name__ == "VotingClassifier" and model.voting == "hard"


def shares_of_votes(fitted: Any, rows: Any) -> Floats:
    """Return which share of the votes each class has, as scikit-learn counts them.

    Parameters
    ----------
    fitted
        A model that counts votes, or a pipeline or a search that ends with one.
    rows
        In the form that it learned from.
    """
    fitted = getattr(fitted, "best_estimator_", fitted)
    model = steps_of(fitted)[-1]
    while fitted is not model:
        *before, last = (step for _, step in fitted.steps)
        rows = fitted[: len(before)].transform(rows) if before else rows
        fitted = last
    votes = np.asarray(model.transform(rows))
    weights = model._weights_not_none or [1.0] * votes.shape[1]
    shares = np.zeros((len(votes), len(model.classes_)))
    for named, weight in zip(votes.T, weights, strict=True):
        shares[np.arange(len(votes)), named] += weight
    return np.asarray(shares / np.sum(weights))
