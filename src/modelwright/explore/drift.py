"""Whether columns changed between the first and the last part of the training time."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial.distance import jensenshannon
from scipy.stats import rankdata

from modelwright.explore.bins import codes_of_levels, codes_of_numbers
from modelwright.explore.sample import numbers_of

_PART = 0.2
_FEWEST_ROWS = 200
_MOST_ROWS = 20_000
_BINS = 20
_LEAST = 0.25
_CLOCK = 0.9
"""A column that goes with time as closely as this is a calendar, not news."""


def drifting_columns(
    rows: pl.DataFrame, names: tuple[str, ...], *, by: str
) -> list[tuple[str, float]]:
    """Return the columns that moved, the farthest first.

    Parameters
    ----------
    rows
        Prepared rows.
    names
        The columns to compare.
    by
        The column of time.

    Returns
    -------
    list of (name, distance)
        The Jensen-Shannon distance between the first and the last fifth of the rows in order of
        time, in 20 bins or by level: 0 the same, 1 disjoint; only those of 0.25 and more.
    """
    ordered = rows.filter(rows[by].is_not_null()).sort(by)
    ordered = ordered.gather_every(max(1, len(ordered) // _MOST_ROWS))
    part = int(len(ordered) * _PART)
    if part < _FEWEST_ROWS:
        return []
    distances = {
        name: _distance(ordered[name], part)
        for name in names
        if name != by and not _is_calendar(ordered[name])
    }
    moved = [(name, distance) for name, distance in distances.items() if distance >= _LEAST]
    return sorted(moved, key=lambda each: -each[1])


def _distance(series: pl.Series, part: int) -> float:
    codes = _few_codes(series)
    wide = int(codes.max(initial=0)) + 1
    first, last = (np.bincount(codes[rows], minlength=wide) for rows in _ends(part))
    # Levels by chance differ between two parts; half a row for each keeps rare ones quiet.
    return float(jensenshannon(first + 0.5, last + 0.5, base=2))


def _ends(part: int) -> tuple[slice, slice]:
    return slice(None, part), slice(-part, None)


def _few_codes(series: pl.Series) -> NDArray[np.int64]:
    if series.dtype.is_numeric() or series.dtype.is_temporal():
        values = numbers_of(series)
        places = rankdata(values, nan_policy="omit") / max(len(values), 1)
        return codes_of_numbers(np.ceil(places * _BINS))
    codes = codes_of_levels(series)
    commonest = np.argsort(-np.bincount(codes), kind="stable")[:_BINS]
    return np.where(np.isin(codes, commonest), codes, codes.max(initial=0) + 1)


def _is_calendar(series: pl.Series) -> bool:
    if series.dtype.is_temporal():
        return True
    if not series.dtype.is_numeric():
        return False
    values = numbers_of(series)
    known = ~np.isnan(values)
    if np.ptp(values[known]) == 0 if known.any() else True:
        return True
    places = np.flatnonzero(known)
    return bool(abs(np.corrcoef(rankdata(values[known]), places)[0, 1]) >= _CLOCK)
