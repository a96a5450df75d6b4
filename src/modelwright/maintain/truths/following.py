"""How far truths follow what a column tells, beyond answers that do not know it.

Of a column that belongs to other rows they follow nothing, in no part of it. Where the truth has
moved off what was learned they follow it otherwise, and mostly in some parts: where it turned, they
go the other way.
"""

import numpy as np

from modelwright.maintain.truths.told_rows import ToldRows
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.grids import Codes

_LITTLE = 0.05
"""The part of all that a column tells of which a part of it says nothing."""
_FEWEST_ROWS = 20


def most_followed(rows: ToldRows, hidden: tuple[Floats, Floats], codes: Codes) -> float:
    """Return how far truths follow a column at most, in any part of it, this way or the other.

    Parameters
    ----------
    rows
        With truths.
    hidden
        Answers without the column, by donors of their own: what chance makes of one is not
        in the other.
    codes
        The part of the column that each row has; -1 where it misses it.

    Returns
    -------
    float
        About 1 where truths are as answered, 0 where the column tells nothing of them.
    """
    truths, known = _as_outputs(rows), np.isfinite(rows.truth)
    one, other = (np.nan_to_num(rows.answers - each) for each in hidden)
    missed = np.nan_to_num(truths - hidden[1])
    told, followed = (one * other).sum(axis=1) * known, (one * missed).sum(axis=1) * known
    bins = codes + 1
    by_part, came = (np.bincount(bins, weights=each) for each in (told, followed))
    counts = np.bincount(bins, weights=known)
    tells = (counts >= _FEWEST_ROWS) & (by_part > _LITTLE * max(0.0, float(told.sum())))
    return float(np.abs(came[tells]).sum() / by_part[tells].sum()) if tells.any() else 1.0


def _as_outputs(rows: ToldRows) -> Floats:
    """Return the truths as the answers should have been."""
    outputs = rows.answers.shape[1]
    if outputs == 1:
        return np.asarray(rows.truth[:, None])
    classes = np.nan_to_num(rows.truth, nan=-1.0).astype(np.int64)
    return np.asarray((classes[:, None] == np.arange(outputs)).astype(np.float64))
