"""Numbers summed up part by part, while the processor still has the part at hand."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

_PART = 32_768
_EXACT = 2**53
"""Whole numbers below it are different ones also as floats."""
_DENSE = 8
"""Whole numbers are marked on a board where they lie so close together."""


@dataclass(frozen=True)
class Sums:
    """What there is of a column of numbers.

    Parameters
    ----------
    ends
        The least and the greatest, as a column of its type; empty where nobody asked.
    there
        How many rows have a number.
    """

    ends: pl.Series
    there: int

    @classmethod
    def of(cls, series: pl.Series, *, ended: bool) -> "Sums":
        """Look at each part once; what is not a number is missing.

        Parameters
        ----------
        series
            Of numbers.
        ended
            Whether the ends are asked for.
        """
        found: list[object] = []
        there = 0
        if not ended and not series.dtype.is_float():
            return cls(series.clear(), series.count())
        for part in parts_of(series):
            numbers = _without_nan(part)
            there += numbers.count()
            found += (numbers.min(), numbers.max()) if ended else ()
        every = pl.Series(series.name, found, dtype=series.dtype)
        ends = [every.min(), every.max()] if ended else []
        return cls(pl.Series(series.name, ends, dtype=series.dtype), there)


def parts_of(series: pl.Series) -> Iterator[pl.Series]:
    """Cut a column into parts that the processor still has at hand when it looks again.

    None of them lies in two chunks, so that none has to be copied to be read as an array.
    """
    for chunk in series.get_chunks():
        yield from (part.to_series() for part in chunk.to_frame().iter_slices(_PART))


def count_different(series: pl.Series, ends: pl.Series) -> int | None:
    """Count the different numbers; None where floats would take some as the same.

    Parameters
    ----------
    series
        Of numbers.
    ends
        The least and the greatest of them.

    Examples
    --------
    >>> count_different(pl.Series([3, 5, 3, None]), pl.Series([3, 5]))
    2
    """
    low, high = ends
    known = series.drop_nulls()
    if known.dtype.is_decimal():
        known = known.cast(pl.Float64)  # as the checks of rows read them
    if not isinstance(low, int) or not isinstance(high, int):
        return known.fill_nan(None).drop_nulls().n_unique()
    if max(-low, high) >= _EXACT:
        return None
    if high - low > _DENSE * len(known):
        return known.n_unique()
    board = np.zeros(high - low + 1, dtype=np.bool_)
    for part in parts_of(known):
        board[part.to_numpy() - low] = True
    return int(np.count_nonzero(board))


def _without_nan(part: pl.Series) -> pl.Series:
    if not part.dtype.is_float():
        return part
    if part.null_count():
        return part.fill_nan(None) if part.is_nan().any() else part
    # The least of an array is not a number where any of it is not one.
    return part.fill_nan(None) if len(part) and np.isnan(part.to_numpy().min()) else part
