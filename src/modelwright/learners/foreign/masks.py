"""Numbers that count where a flag stands, to the last bit: no operation multiplies two columns."""

import numpy as np

from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import dense, weighted
from modelwright.predictor.operations.activation import Activation

_FAR = 1e200
"""No number that is masked is as large."""


def flagged(draft: Draft, numbers: str, flags: str) -> str:
    """Return each number where its flag is 1, and zero where it is 0.

    A number from 0 on, less what of it is left when a very large one is taken away with the flag,
    is itself or nothing: both are exact, in whatever order a host adds up.

    Parameters
    ----------
    draft
        That has written both.
    numbers
        Finite ones.
    flags
        As many columns of 1 and 0.
    """
    each = np.eye(draft.width(numbers))
    sides = _above(draft, dense(draft, numbers, np.hstack([each, -each]), None))
    taken = np.vstack([np.eye(2 * len(each)), np.hstack([each, each]) * -_FAR])
    left = _above(draft, dense(draft, draft.beside([sides, flags]), taken, None))
    difference = np.vstack([each, -each, -each, each])
    return dense(draft, draft.beside([sides, left]), difference, None)


def replaced(draft: Draft, zeros: str, numbers: str, flags: str) -> str:
    """Return numbers where flags stand, and elsewhere what is zero where they stand."""
    return weighted(draft, [flagged(draft, numbers, flags), zeros], [1.0, 1.0])


def _above(draft: Draft, value: str) -> str:
    return draft.add(Activation, value, kind="relu")
