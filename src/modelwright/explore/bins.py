"""Every column as a few hundred codes, so that all kinds are measured in the same way."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Codes = NDArray[np.int64]

_MOST_BINS = 200
_ROWS_PER_BIN = 20
_FEWEST_BINS = 10


def codes_of_levels(series: pl.Series) -> Codes:
    """Return a code from 0 on for each level; a missing value has a code of its own.

    Examples
    --------
    >>> codes_of_levels(pl.Series(["b", "a", None, "b"]))
    array([2, 1, 0, 2])
    """
    return series.rank("dense").fill_null(0).to_numpy().astype(np.int64)


def codes_of_numbers(values: NDArray[np.float64]) -> Codes:
    """Return the bin of each number: bins of equal count, 0 for a missing value.

    Numbers with few different values keep one bin for each.

    Parameters
    ----------
    values
        Of shape (n,), NaN for missing.

    Examples
    --------
    >>> codes_of_numbers(np.array([7.0, np.nan, 3.0, 7.0]))
    array([2, 0, 1, 2])
    """
    present = values[~np.isnan(values)]
    edges = _edges(present)
    codes = np.searchsorted(edges, values, side="left") + 1
    return np.where(np.isnan(values), 0, codes).astype(np.int64)


def _edges(present: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the highest value of each bin."""
    bins = int(np.clip(len(present) // _ROWS_PER_BIN, _FEWEST_BINS, _MOST_BINS))
    ordered = np.sort(present)
    starts = np.flatnonzero(np.diff(ordered, prepend=-np.inf))
    if len(starts) <= bins:
        return ordered[starts]
    places = np.linspace(0, len(ordered) - 1, bins + 1)[1:].astype(np.int64)
    return np.unique(ordered[places])
