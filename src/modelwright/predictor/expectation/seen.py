"""Which part of new rows lies outside of what training had: there, nothing was ever measured."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.distribution import Binned, Distribution, Levels, bins_of
from modelwright.predictor.reference.reference import Reference

_BEYOND = 0.05
"""Of the range of a column: so far beyond its ends a number counts as seen."""
_RARE = 0.001
_LAST = 0.25
_STEADY = 0.7
"""The rank correlation with the order of the rows from which on a column is a clock."""
_FEWEST_ROWS = 100
_NEVER = 0.01
"""Of the rows of training; what was rarer there is new when it is frequent."""


def ranges_of(reference: Reference, columns: Columns) -> dict[str, tuple[float, float]]:
    """Return the lowest and highest finite value of each column of numbers, but for a few rows."""
    ranges = {}
    for name, trained in reference.columns.items():
        if _is_number(trained):
            known = columns[name][np.isfinite(columns[name])]
            if len(known):
                low, high = (float(end) for end in np.quantile(known, [_RARE, 1 - _RARE]))
                ranges[name] = low, high
    return ranges


def outside_of(
    reference: Reference, ranges: Mapping[str, tuple[float, float]], columns: Columns
) -> dict[str, float]:
    """Return by column which part of the rows has a value that training did not have.

    Parameters
    ----------
    reference
        Its levels, and how many rows lacked a value.
    ranges
        As `ranges_of` makes them.
    columns
        The new rows.
    """
    shares = {
        name: _outside(trained, ranges.get(name), columns[name])
        for name, trained in reference.columns.items()
    }
    return {name: share for name, share in shares.items() if share > 0}


def usually_outside(reference: Reference, columns: Columns) -> dict[str, float]:
    """Return what part of the last quarter of training lay outside of what came before, by column.

    A column that moves with time, such as a year, is always new: all of it counts as outside.
    """
    rows = len(next(iter(columns.values()), ()))
    cut = round(rows * (1 - _LAST))
    if rows - cut < _FEWEST_ROWS:
        return {}
    before = {name: values[:cut] for name, values in columns.items()}
    after = {name: values[cut:] for name, values in columns.items()}
    ranges = ranges_of(reference, before)
    numbers = {
        name: 1.0 if _moves(columns[name]) else _beyond(ranges[name], after[name])
        for name, trained in reference.columns.items()
        if _is_number(trained) and name in ranges
    }
    levels = {
        name: _new(bins_of(trained, before[name]), bins_of(trained, after[name]))
        for name, trained in reference.columns.items()
        if isinstance(trained, Levels)
    }
    return {name: share for name, share in (numbers | levels).items() if share > _NEVER}


def _moves(values: Floats) -> bool:
    """Say whether values rise or fall with the rows."""
    known = values[~np.isnan(values)]
    levels, places, counts = np.unique(known, return_inverse=True, return_counts=True)
    if len(levels) < 2:
        return False
    ranks = (np.cumsum(counts) - counts / 2)[places]
    return bool(abs(np.corrcoef(ranks, np.arange(len(known)))[0, 1]) >= _STEADY)


def _new(before: NDArray[np.int64], after: NDArray[np.int64]) -> float:
    return float(np.mean(~np.isin(after, before)))


def _is_number(trained: Distribution) -> bool:
    return isinstance(trained, Binned) and trained.measure == "value"


def _outside(trained: Distribution, ends: tuple[float, float] | None, values: Value) -> float:
    counts = np.array(trained.counts) / max(1, sum(trained.counts))
    missing = len(counts) - 1
    codes = bins_of(trained, values)
    share = 0.0
    if counts[missing] < _NEVER:
        share += float((codes == missing).mean())
    if isinstance(trained, Levels):
        others = missing - 1
        # Rare levels were seen too, though nobody knows which.
        return share + max(0.0, float((codes == others).mean()) - 2 * float(counts[others]))
    return share + (_beyond(ends, values) if ends is not None else 0.0)


def _beyond(ends: tuple[float, float], values: Floats) -> float:
    margin = _BEYOND * (ends[1] - ends[0])
    with np.errstate(invalid="ignore"):
        away = (values < ends[0] - margin) | (values > ends[1] + margin)
    return float(away.mean())
