"""Grids: the bins in which a column's past and present are counted alike."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column, Kind
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.texts import Texts

BINS = 10
COARSE = 4
_FEW = 3
_MUCH = 0.3
_PERSISTENT = 1.5
"""Below this, rows count as independent."""
_HOUR = 3_600_000_000
_HOURS_OF_A_BIN = 3

Codes = NDArray[np.int64]
"""The bin of each row, -1 where its value is missing."""


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
            return self.codes_of(Texts.of(values))
        assert self.edges is not None
        found = np.searchsorted(self.edges, values, "left")
        found[np.isnan(values)] = -1
        return found

    def codes_of(self, texts: Texts) -> Codes:
        """Return the bin of each text."""
        levels, last = self.levels or {}, self.bins - 1
        bins = np.array([*(levels.get(level, last) for level in texts.levels), -1], dtype=np.int64)
        return np.asarray(bins[texts.codes])

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
        return grid_of_texts(Texts.of(values), bins=bins)
    return grid_of_numbers(Ordered.of(values), bins=bins)


def grid_of_texts(texts: Texts, *, bins: int) -> Grid:
    """Make a bin for each of the commonest texts, and one for all others."""
    common = Counter(texts.counts).most_common(bins - 1)
    return Grid(len(common) + 1, levels={level: n for n, (level, _) in enumerate(common)})


@dataclass(frozen=True)
class Ordered:
    """Numbers in their order, from which coarse and fine bins are made.

    Parameters
    ----------
    known : ndarray
        The numbers that are not missing.
    mode
        Where the commonest one begins and ends if it makes up much of them.
    """

    known: Floats
    mode: tuple[int, int] | None

    @classmethod
    def of(cls, values: Floats) -> "Ordered":
        """Sort numbers with NaN."""
        ordered = np.sort(values)
        known = ordered[: len(ordered) - int(np.isnan(ordered).sum())]
        return cls(known, _mode(known))


def _mode(known: Floats) -> tuple[int, int] | None:
    much = max(1, int(np.ceil(_MUCH * len(known))))
    if not (known[much - 1 :] == known[: len(known) - much + 1]).any():
        return None
    starts = np.concatenate([[0], np.flatnonzero(known[1:] != known[:-1]) + 1, [len(known)]])
    counts = starts[1:] - starts[:-1]
    most = int(counts.argmax())
    return None if len(counts) < _FEW else (int(starts[most]), int(starts[most + 1]))


def grid_of_numbers(numbers: Ordered, *, bins: int) -> Grid:
    """Make bins that hold about as many numbers each, and one beyond them at either end."""
    known = numbers.known
    if not len(known):
        return Grid(1, edges=np.empty(0))
    last = float(known[-1])
    inner = {*_quantiles(known, bins).tolist(), *_beyond_mode(numbers, bins)}
    # What lies beyond all that was seen has bins of its own.
    edges = [np.nextafter(known[0], -np.inf), *sorted(edge for edge in inner if edge < last), last]
    return Grid(len(edges) + 1, edges=np.array(edges))


def _quantiles(ordered: Floats, bins: int) -> Floats:
    return np.asarray(ordered[(np.arange(1, bins) * len(ordered)) // bins])


def _beyond_mode(numbers: Ordered, bins: int) -> list[float]:
    """Return quantiles of the other values, where a value such as 0 makes up much of a column."""
    if numbers.mode is None:
        return []
    begin, end = numbers.mode
    others = np.concatenate([numbers.known[:begin], numbers.known[end:]])
    return [*_quantiles(others, bins // 2).tolist(), float(numbers.known[begin])]


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
        return np.array([value is None for value in values.tolist()], dtype=bool)
    return np.isnan(values)


def worth_of(codes: Codes, bins: int) -> float:
    """Return how many rows are worth one, because neighbours are alike; 1 where they hardly are.

    Examples
    --------
    >>> worth_of(np.arange(100) // 10 % 2, 2), worth_of(np.arange(100) % 2, 2)
    (5.0, 1.0)
    """
    found = persistence(codes, bins)
    return found if found >= _PERSISTENT else 1.0


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
