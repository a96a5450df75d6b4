"""Grids: the bins in which a column's past and present are counted alike."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column, Kind
from modelwright.predictor.operations.base import Floats, Value

BINS = 10
COARSE = 4
_FEW = 3
_MUCH = 0.3
_HOUR = 3_600_000_000
_HOURS_OF_A_BIN = 3

Codes = NDArray[np.int64]
"""The bin of each row, -1 where its value is missing."""


class _BinOf(dict[str | None, int]):
    """The bin of each level; of one that has none it is the last."""

    def __init__(self, grid: "Grid") -> None:
        super().__init__()
        self[None] = -1
        for level, number in (grid.levels or {}).items():
            self[level] = number
        self._last = grid.bins - 1

    def __missing__(self, level: str | None) -> int:
        return self._last


@dataclass(frozen=True)
class Grid:
    """Bins of one column.

    Parameters
    ----------
    edges
        Upper ends, inclusive, of all bins but the last; of numbers.
    levels
        The bin of each level; all others are in the last bin.
    bins
        How many there are.
    """

    bins: int
    edges: Floats | None = None
    levels: dict[str, int] | None = None

    def codes(self, values: Value) -> Codes:
        """Return the bin of each value.

        Parameters
        ----------
        values : ndarray of shape (rows,)
            Numbers with NaN, or texts with None.
        """
        if self.levels is not None:
            return np.fromiter(map(_BinOf(self).__getitem__, values), np.int64, len(values))
        assert self.edges is not None
        found = np.searchsorted(self.edges, values, "left")
        return np.where(np.isnan(values), -1, found).astype(np.int64)

    def counts(self, codes: Codes) -> NDArray[np.int64]:
        """Count rows per bin; missing ones are not counted."""
        return np.bincount(codes[codes >= 0], minlength=self.bins)


def grid_of(values: Value, *, bins: int) -> Grid:
    """Make bins that hold about as many of these values each.

    Parameters
    ----------
    values : ndarray of shape (rows,)
        Numbers with NaN, or texts with None.
    bins
        At most so many.

    Examples
    --------
    >>> grid = grid_of(np.array([1.0, 2.0, 3.0, 4.0]), bins=2)
    >>> grid.counts(grid.codes(np.array([1.5, 9.0, 0.0, np.nan])))
    array([1, 1, 0, 1])
    """
    if values.dtype == object:
        found = Counter(values.tolist())
        found.pop(None, 0)
        common = found.most_common(bins - 1)
        return Grid(len(common) + 1, levels={level: n for n, (level, _) in enumerate(common)})
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return Grid(1, edges=np.empty(0))
    edges = np.unique(np.concatenate([_quantiles(known, bins), _beyond_mode(known, bins)]))
    # What lies beyond all that was seen has bins of its own.
    edges = np.concatenate(
        [[np.nextafter(known[0], -np.inf)], edges[edges < known[-1]], known[-1:]]
    )
    return Grid(len(edges) + 1, edges=edges)


def _quantiles(ordered: Floats, bins: int) -> Floats:
    return np.asarray(ordered[(np.arange(1, bins) * len(ordered)) // bins])


def _beyond_mode(ordered: Floats, bins: int) -> Floats:
    """Return quantiles of the other values, where a value such as 0 makes up much of a column."""
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    counts = np.diff(starts, append=len(ordered))
    if len(starts) < _FEW or counts.max() < _MUCH * len(ordered):
        return np.empty(0)
    mode = ordered[starts[counts.argmax()]]
    return np.concatenate([_quantiles(ordered[ordered != mode], bins // 2), [mode]])


HOURS = Grid(
    24 // _HOURS_OF_A_BIN,
    edges=np.arange(_HOURS_OF_A_BIN, 24, _HOURS_OF_A_BIN, dtype=np.float64) * _HOUR - 1.0,
)
"""Hours of the day."""


def gridded(column: Column, values: Value) -> Value:
    """Return what of a column is put on a grid: lengths of texts, times of day of moments."""
    match column.kind:
        case Kind.TEXT:
            return np.array([np.nan if v is None else float(len(v)) for v in values])
        case Kind.DATETIME:
            times = (values % (24 * _HOUR)).astype(np.float64)
            return np.where(values == MISSING_DATETIME, np.nan, times)
        case _:
            return values


def missing_in(values: Value) -> NDArray[np.bool_]:
    """Say which values are missing, (rows,)."""
    if values.dtype == np.int64:
        return np.asarray(values == MISSING_DATETIME)
    if values.dtype == object:
        return np.array([value is None for value in values], dtype=bool)
    return np.isnan(values)


def joint(one: Codes, other: Codes, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Count rows per pair of bins, flat; rows that miss one are not counted.

    Examples
    --------
    >>> joint(np.array([0, 1, 1, -1]), np.array([0, 1, 1, 0]), (2, 2))
    array([1, 0, 0, 2])
    """
    known = (one >= 0) & (other >= 0)
    flat = one[known] * shape[1] + other[known]
    return np.bincount(flat, minlength=shape[0] * shape[1])


def persistence(codes: Codes, bins: int) -> float:
    """Return how many times as long a value stays as it would among independent rows.

    Examples
    --------
    >>> persistence(np.arange(100) // 10 % 2, 2), persistence(np.arange(100) % 2, 2)
    (5.0, 1.0)
    """
    known = codes[codes >= 0]
    if len(known) < 2:
        return 1.0
    runs = 1 + int((known[1:] != known[:-1]).sum())
    shares = np.bincount(known, minlength=bins) / len(known)
    return max(1.0, float(len(known) / runs * (1 - np.square(shares).sum())))
