"""The weighted median of what several models answer: one question for each pair of them."""

from itertools import combinations
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import dense
from modelwright.learners.foreign.masks import flagged
from modelwright.learners.foreign.thresholds import above

_MOST = 150
"""Models whose pairs are few enough."""


def weighted_median(draft: Draft, answers: str, weights: Any) -> str:
    """Return the least of some numbers at which half of the weight is reached.

    Parameters
    ----------
    draft
        That has written them.
    answers
        A column for each model.
    weights
        Of the models, each above zero.

    Raises
    ------
    LearnerError
        When there are too many.
    """
    shares = np.asarray(weights, dtype=np.float64)
    count = len(shares)
    if count > _MOST:
        raise refuse(f"A median of {count} models", f"Fit it with {_MOST} estimators at most.")
    if count == 1:
        return answers
    # The earlier of two that answer the same stands before the other, so that all have a place.
    pairs = np.array([*combinations(range(count), 2)])
    place = np.arange(len(pairs))
    differences = np.zeros((count, len(pairs)))
    differences[pairs[:, 0], place], differences[pairs[:, 1], place] = 1.0, -1.0
    later = above(draft, dense(draft, answers, differences, None), 0.0)
    before, ranks, own = np.zeros(differences.T.shape), np.zeros(differences.T.shape), shares.copy()
    before[place, pairs[:, 0]], before[place, pairs[:, 1]] = (
        shares[pairs[:, 1]],
        -shares[pairs[:, 0]],
    )
    ranks[place, pairs[:, 0]], ranks[place, pairs[:, 1]] = 1.0, -1.0
    np.add.at(own, pairs[:, 1], shares[pairs[:, 0]])
    reached = dense(draft, later, before, own)
    half = above(draft, reached, float(np.nextafter(0.5 * shares.sum(), -np.inf)))
    # Of those at which half is reached, the median has as many before it as do not reach it.
    rank = dense(draft, later, ranks, np.arange(count, dtype=np.float64))
    every = np.vstack([-np.eye(count), np.eye(count) * count - 1.0])
    last = dense(draft, draft.beside([rank, half]), every, np.zeros(count))
    taken = flagged(draft, answers, above(draft, last, -0.5))
    return dense(draft, taken, np.ones((count, 1)), None)
