"""Beyond: how much of a window of training was what no earlier row had had.

A month, a season and a year bring values that training has not had yet, and so does all that rises
with time. What half of the training rows had says little of later ones there. Where a window of the
other half lay beyond it, as many rows of a live one may lie beyond the whole.
"""

import numpy as np
from numpy.typing import NDArray

from modelwright.data.column_rules import widened
from modelwright.data.records import Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.roughness import WINDOW_ROWS

_LEVELS = (Kind.CATEGORICAL, Kind.CODED)
_LITTLE = 0.01
"""A part of a window that is not worth a word."""


def shares_beyond(columns: Columns, schema: Schema, order: NDArray[np.int64]) -> dict[str, float]:
    """Return the largest part of a window of the later half that lay beyond the earlier half.

    Parameters
    ----------
    columns
        One array of shape (rows,) per feature, of all training rows.
    schema
        Its numbers and categories are looked at.
    order : ndarray of shape (rows,)
        The rows in the order of time.

    Returns
    -------
    dict
        By feature, without those that hardly did.

    Examples
    --------
    >>> schema = Schema(columns=tuple(Column(name=x, kind=Kind.NUMERIC) for x in ("month", "warm")))
    >>> found = {"month": np.arange(6000) // 1200, "warm": np.arange(6000) % 9.0}
    >>> shares_beyond(found, schema, np.arange(6000))
    {'month': 1.0}
    """
    found = {
        column.name: _share(columns[column.name][order], column)
        for column in schema.features
        if column.kind in (Kind.NUMERIC, *_LEVELS)
    }
    return {name: round(share, 3) for name, share in found.items() if share >= _LITTLE}


def _share(ordered: Value, column: Column) -> float:
    half = len(ordered) // 2
    windows = (len(ordered) - half) // WINDOW_ROWS
    if not windows:
        return 0.0
    later = ordered[len(ordered) - windows * WINDOW_ROWS :]
    is_beyond = (_new if column.kind in _LEVELS else _outside)(ordered[:half], later)
    return float(is_beyond.reshape(windows, WINDOW_ROWS).mean(axis=1).max())


def _new(earlier: Value, later: Value) -> NDArray[np.bool_]:
    known = {*earlier.tolist(), None}
    return np.array([level not in known for level in later.tolist()])


def _outside(earlier: Value, later: Value) -> NDArray[np.bool_]:
    finite = earlier[np.isfinite(earlier)]
    if not len(finite):
        return np.zeros(len(later), bool)
    # As a contract widens what it saw.
    least, greatest = widened(float(finite.min()), float(finite.max()))
    low = -np.inf if least is None else least
    high = np.inf if greatest is None else greatest
    return np.asarray((later < low) | (later > high))
