"""What rows like those of a window had in the past: a mix of rows moves more than one column.

Where mostly adults come, hardly a row has a child: no feed is stuck. So a sign in one column is
held against another column that has changed, by the past rows of each of its parts.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Kind
from modelwright.maintain.look.look import Look
from modelwright.predictor.reference.grids import missing_in

_CHANGED = 5.0
"""Nats from which on a column is another."""
_DOUBT = 2.0
"""Rows by which a part is drawn to what all past rows had."""


def share_of_such(look: Look, name: str, flags: NDArray[np.bool_]) -> float:
    """Return which part of the past rows had a sign, had they been such rows as the window has.

    Parameters
    ----------
    look
        The window beside the past.
    name
        The column that shows the sign; it does not excuse itself.
    flags : ndarray of shape (past rows,)
        Which past rows had it.

    Returns
    -------
    float
        By the column that has changed and comes to the largest part; as all past rows, at least.
    """
    usual = float(flags.mean())
    return max((usual, *_shares(look, name, flags, usual)))


def share_missing_of_such(look: Look, name: str) -> float:
    """Return which part of the past rows missed a column, had they been such rows.

    Parameters
    ----------
    look
        The window beside the past.
    name
        Of the column.
    """
    return share_of_such(look, name, missing_in(look.sketch.values[name]))


def _shares(look: Look, name: str, flags: NDArray[np.bool_], usual: float) -> Iterator[float]:
    for column in look.sketch.columns:
        other = column.name
        if other == name or column.kind in (Kind.DATETIME, Kind.TEXT):
            continue
        if look.surprise("values", other) < _CHANGED or not _varies(look, other):
            continue
        before = look.sketch.codes[other] + 1
        now = look.sketch.grids[other].codes(look.values[other]) + 1
        bins = look.sketch.grids[other].bins + 1
        rows = np.bincount(before, minlength=bins)
        some = np.bincount(before, weights=flags, minlength=bins)
        shares = (some + _DOUBT * usual) / (rows + _DOUBT)
        yield float(shares[now].mean())


def _varies(look: Look, name: str) -> bool:
    """Say whether a column has several values: one that is stuck itself is no witness."""
    values = look.rows.columns[name]
    known = values[~missing_in(values)]
    return bool(len(known)) and bool((known != known[0]).any())
