"""Counting values in bins, and by level."""

from collections import Counter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.operations.base import Floats, Value

MAX_BINS = 20

Measure = Literal["value", "moment", "length"]
"""What of a column is binned: numbers, microseconds since 1970, or the characters of a text."""


def edges_of(known: Floats) -> tuple[float, ...]:
    """Return the ends of bins that hold about as many of these numbers each."""
    if not len(known):
        return ()
    shares = np.arange(1, MAX_BINS) / MAX_BINS
    # Values that occur, so that no bin is empty; the largest one would leave the last bin empty.
    quantiles = np.unique(np.quantile(known, shares, method="inverted_cdf"))
    return tuple(float(edge) for edge in quantiles if edge < known.max())


def count_bins(edges: tuple[float, ...], numbers: Floats) -> NDArray[np.int64]:
    """Count numbers per bin, and then those that are missing."""
    return np.bincount(bin_numbers(edges, numbers), minlength=len(edges) + 2).astype(np.int64)


def bin_numbers(edges: tuple[float, ...], numbers: Floats) -> NDArray[np.int64]:
    """Return the bin of each number; the last one is for those that are missing."""
    inside = np.searchsorted(np.array(edges), numbers, "left")
    return np.where(np.isnan(numbers), len(edges) + 1, inside).astype(np.int64)


def count_levels(levels: tuple[str, ...], values: Value) -> NDArray[np.int64]:
    """Count values per level, then those of other levels, then those that are missing."""
    counter = Counter(values)
    missing = counter.pop(None, 0)
    known = [counter.pop(level, 0) for level in levels]
    return np.array([*known, counter.total(), missing], dtype=np.int64)


def measured(values: Value, measure: Measure) -> Floats:
    """Return what of a column is binned, NaN where it is missing."""
    match measure:
        case "value":
            return np.asarray(values, dtype=np.float64)
        case "moment":
            numbers = values.astype(np.float64)
            numbers[values == MISSING_DATETIME] = np.nan
            return np.asarray(numbers)
        case "length":
            return np.array([_length(text) for text in values], dtype=np.float64)


def _length(text: Any) -> float:
    return np.nan if text is None else float(len(text))
