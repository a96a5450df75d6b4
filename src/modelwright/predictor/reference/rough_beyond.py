"""How training went on: what the windows of its later half had that no row of its earlier half had.

What half of the training rows had says little of later ones in a column that goes on. Where several
windows of the other half lay beyond it, as many rows of a live one may lie beyond the whole; a
broken window of training excuses nothing, unless there are hardly any.
"""

import math
import sys

import numpy as np
from numpy.typing import NDArray

from modelwright.data.contracts.column_rules import widened
from modelwright.data.records import Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.beyond import Beyond, Side
from modelwright.predictor.reference.roughness import WINDOW_ROWS, several

_LEVELS = (Kind.CATEGORICAL, Kind.CODED)
_LITTLE = 0.01
"""A part of a window that is not worth a word."""
_FEW_ROWS = int(_LITTLE * WINDOW_ROWS)
_FARTHER = 10
"""Times as far as the later half of training went: as in five more lengths of training."""
_CALENDAR = (1, 366)
"""Months, weeks and days are counted from the first on, and begin again."""


def rough_beyond(columns: Columns, schema: Schema, order: NDArray[np.int64]) -> dict[str, Beyond]:
    """Return how windows of the later half of training lay beyond its earlier half.

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
    >>> schema = Schema(columns=tuple(Column(name=x, kind=Kind.NUMERIC) for x in ("year", "warm")))
    >>> found = {"year": 2000 + np.arange(6000) // 1200, "warm": np.arange(6000) % 9.0}
    >>> rough_beyond(found, schema, np.arange(6000))
    {'year': Beyond(levels=0.0, below=None, above=Side(share=1.0, end=2024.0))}
    """
    found = {
        column.name: _beyond(columns[column.name][order], column)
        for column in schema.features
        if column.kind in (Kind.NUMERIC, *_LEVELS)
    }
    return {name: beyond for name, beyond in found.items() if beyond != Beyond()}


def _beyond(ordered: Value, column: Column) -> Beyond:
    half = len(ordered) // 2
    windows = (len(ordered) - half) // WINDOW_ROWS
    if not windows:
        return Beyond()
    earlier, later = ordered[:half], ordered[len(ordered) - windows * WINDOW_ROWS :]
    if column.kind in _LEVELS:
        known = {*earlier.tolist(), None}
        is_new = np.array([level not in known for level in later.tolist()])
        return Beyond(levels=_share(is_new))
    earlier = earlier[np.isfinite(earlier)].astype(float)
    if not len(earlier):
        return Beyond()
    later = np.where(np.isfinite(later), later, earlier[0]).astype(float)
    above, below = _side(earlier, later), _mirrored(_side(-earlier, -later))
    if above is not None and below is None and _is_calendar(earlier) and _is_calendar(later):
        below = Side(share=above.share, end=float(_CALENDAR[0]))
    return Beyond(below=below, above=above)


def _side(earlier: Value, later: Value) -> Side | None:
    """Return how far, and in how many rows, later numbers lay above earlier ones."""
    greatest = float(earlier.max())
    # As a contract widens what it saw.
    _, bound = widened(float(earlier.min()), greatest)
    share = _share(later > (math.inf if bound is None else bound))
    if not share:
        return None
    farthest = np.sort(later.reshape(-1, WINDOW_ROWS), axis=1)[:, -_FEW_ROWS]
    end = greatest + (1 + _FARTHER) * (several(farthest) - greatest)
    return Side(share=share, end=min(end, sys.float_info.max))


def _mirrored(side: Side | None) -> Side | None:
    return None if side is None else Side(share=side.share, end=-side.end)


def _share(is_beyond: NDArray[np.bool_]) -> float:
    share = several(is_beyond.reshape(-1, WINDOW_ROWS).mean(axis=1))
    return round(share, 3) if share >= _LITTLE else 0.0


def _is_calendar(numbers: Value) -> bool:
    first, last = _CALENDAR
    return bool(((numbers >= first) & (numbers <= last) & (numbers % 1 == 0)).all())
