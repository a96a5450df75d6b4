"""Levels that came anew, done to the rows before: what they cost is seen there."""

import numpy as np

from modelwright.predictor.operations.base import Value


def with_new_levels(before: Value, now: Value, random: np.random.Generator) -> Value:
    """Return values before with as many new levels as now: in place of those that are gone.

    Where none is gone, any row gets them.

    Parameters
    ----------
    before, now : ndarray of shape (rows,)
        The levels of a column, before it had new ones and since.
    random
        Draws among the new ones.

    Examples
    --------
    >>> before, now = np.array(["CA", "OR", "OR"] * 9), np.array(["California", "OR", "OR"] * 5)
    >>> with_new_levels(before.astype(object), now.astype(object), np.random.default_rng(0))[:3]
    array(['California', 'OR', 'OR'], dtype=object)
    """
    were, are = before.tolist(), now.tolist()
    known, here = {*were}, {*are}
    strange = now[np.array([value not in known for value in are], dtype=np.bool_)]
    if not len(strange):
        return before
    share = len(strange) / len(now)
    gone = np.array([value not in here for value in were], dtype=np.bool_)
    some = gone if gone.mean() >= share / 2 else random.random(len(before)) < share
    broken = before.copy()
    broken[some] = random.choice(strange, int(some.sum()))
    return broken
