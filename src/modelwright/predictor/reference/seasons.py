"""Seasons: how training rows were distributed in each month, and at each time of the week."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.operations.base import Floats

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_QUARTERS = ("0 to 6", "6 to 12", "12 to 18", "18 to 24")
_MONTHS = tuple(f"month {number}" for number in range(1, 13))
_TIMES = tuple(f"{days}, {part} h" for days in ("weekdays", "weekends") for part in _QUARTERS)
_SPANS = {_MONTHS: 300 * _DAY, _TIMES: 21 * _DAY}
"""Microseconds that training must cover: what it saw once only may be no season."""
_FEWEST_ROWS = 200


class Season(msgspec.Struct, frozen=True, kw_only=True):
    """A month of the year, or a time of the week.

    Parameters
    ----------
    name
        Such as "month 3" or "weekends, 6 to 12 h".
    rows
        Training rows in it.
    counts
        Of each column, in the bins of the reference.
    loss
        The mean loss of answers to rows that were not learned from; None for too few of them.
    """

    name: str
    rows: int
    counts: dict[str, tuple[int, ...]]
    loss: float | None = None


def season_names(moments: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the month and the time of the week of each moment, each (rows,).

    Parameters
    ----------
    moments : ndarray of shape (rows,)
        Microseconds since 1970 in UTC.

    Examples
    --------
    >>> [str(name[0]) for name in season_names(np.array([0]))]
    ['month 1', 'weekdays, 0 to 6 h']
    """
    months = moments.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64) % 12
    # The first of January 1970 was a Thursday.
    weekend = (moments // _DAY + 3) % 7 >= 5
    quarter = (moments % _DAY) // (6 * _HOUR)
    return np.array(_MONTHS)[months], np.array(_TIMES)[4 * weekend + quarter]


def seasons_of(
    codes: Mapping[str, NDArray[np.int64]],
    moments: NDArray[np.int64],
    *,
    bins: Mapping[str, int],
) -> tuple[Season, ...]:
    """Count training rows by season; none where training is too short to have seen any.

    Parameters
    ----------
    codes
        The bin of each row, (rows,), by column.
    moments : ndarray of shape (rows,)
        Microseconds since 1970 in UTC.
    bins
        How many bins each column has.

    Examples
    --------
    >>> moments = np.arange(4000) * 86_400_000_000 // 10
    >>> seasons = seasons_of({"warm": np.arange(4000) % 2}, moments, bins={"warm": 3})
    >>> seasons[0].name, seasons[0].counts
    ('month 1', {'warm': (310, 310, 0)})
    """
    known = moments != MISSING_DATETIME
    if not known.any():
        return ()
    moments = moments[known]
    span = int(moments.max() - moments.min())
    found = list[Season]()
    for kind, names in zip(_SPANS, season_names(moments), strict=True):
        for name in kind if span >= _SPANS[kind] else ():
            rows = np.flatnonzero(known)[names == name]
            if len(rows) >= _FEWEST_ROWS:
                counts = {
                    column: tuple(np.bincount(each[rows], minlength=bins[column]).tolist())
                    for column, each in codes.items()
                }
                found.append(Season(name=name, rows=len(rows), counts=counts))
    return tuple(found)


def with_losses(
    seasons: tuple[Season, ...], moments: NDArray[np.int64], losses: Floats
) -> tuple[Season, ...]:
    """Return the seasons with the mean loss of rows that were not learned from.

    Parameters
    ----------
    seasons
        As `seasons_of` made them.
    moments, losses : ndarray of shape (rows,)
        Of these rows; NaN where a loss is not known.
    """
    known = (moments != MISSING_DATETIME) & np.isfinite(losses)
    months, times = season_names(moments[known])
    found = losses[known]
    means = {each.name: found[(months == each.name) | (times == each.name)] for each in seasons}
    return tuple(
        msgspec.structs.replace(each, loss=float(means[each.name].mean()))
        if len(means[each.name]) >= _FEWEST_ROWS
        else each
        for each in seasons
    )
