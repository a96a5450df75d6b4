"""How rough training was: by how much its windows differed although nothing was wrong.

A month that ends, a session that begins and a cold spell make a window unlike those before it. The
windows of training, in the order of time, had such changes too, and each is held here against those
before it exactly as live ones are. What that finds are e-values, whose mean is at most one where
the bets are fair. Where it is higher the column is rougher than the bets believe, and a bet that
is divided by that mean is fair again: a rough column needs more evidence, a calm one no more.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.grids import BINS, HOURS, grid_of, gridded, worth_of
from modelwright.predictor.reference.surprise import log_sum, surprises_together

WINDOW_ROWS = 500
_REACHES = (1, 8)
"""Windows before one that it is held against: few when a watch begins, and many later."""
_FEWEST_WINDOWS, _MOST_WINDOWS = 5, 40
_MOST_WORK = 400
"""Windows times columns: it takes half a second."""
_MOST = 40.0
"""Nats: a break in training must not make the watch blind."""
_WINDOWS_PER_OUTLIER = 5
"""One window of so many may be broken."""


def rough_columns(columns: Columns, schema: Schema, order: NDArray[np.int64]) -> dict[str, float]:
    """Return how rough each feature was; without those that were as calm as is believed.

    Parameters
    ----------
    columns
        One array of shape (rows,) per feature, of all training rows.
    schema
        Its features are measured.
    order : ndarray of shape (rows,)
        The rows in the order of time.

    Examples
    --------
    >>> schema = Schema(columns=tuple(Column(name=x, kind=Kind.NUMERIC) for x in ("warm", "fair")))
    >>> fair = np.random.default_rng(0).normal(size=6000)
    >>> warm = fair + (np.arange(6000) >= 3000) * 9
    >>> list(rough_columns({"warm": warm, "fair": fair}, schema, np.arange(6000)))
    ['warm']
    """
    features = list(schema.features)
    windows = len(order) // WINDOW_ROWS
    if windows < _FEWEST_WINDOWS or not features:
        return {}
    most = min(_MOST_WINDOWS, max(_FEWEST_WINDOWS, _MOST_WORK // len(features)))
    chosen = np.unique(np.linspace(1, windows - 1, min(windows - 1, most)).astype(int)).tolist()
    found = {each.name: _roughness(columns[each.name][order], each, chosen) for each in features}
    return {name: round(rough, 1) for name, rough in found.items() if rough > 0}


def rough_losses(losses: Floats) -> float | None:
    """Return how much the mean losses of windows differ, as a logarithm.

    Parameters
    ----------
    losses : ndarray of shape (rows,)
        Of answers out of fold, in the order of time; NaN where a label is missing.

    Examples
    --------
    >>> round(rough_losses(np.repeat([1.0, 2.0, 1.0, 2.0, 1.0, 2.0], 500)), 2)
    0.38
    """
    windows = len(losses) // WINDOW_ROWS
    parts = losses[: windows * WINDOW_ROWS].reshape(windows, WINDOW_ROWS)
    known = np.isfinite(parts)
    means = np.where(known, parts, 0.0).sum(axis=1) / np.maximum(1, known.sum(axis=1))
    levels = np.log(means[means > 0])
    return float(levels.std(ddof=1)) if len(levels) >= _FEWEST_WINDOWS else None


def several(values: Value) -> float:
    """Return what several windows of training reached: as many as may be broken are left out.

    Parameters
    ----------
    values : ndarray of shape (windows,)
        What each reached.

    Examples
    --------
    >>> several(np.array([3.0, 9.0, 4.0, 2.0, 1.0]))
    4.0
    """
    return float(np.sort(values)[-1 - len(values) // _WINDOWS_PER_OUTLIER])


def _roughness(ordered: Value, column: Column, chosen: Iterable[int]) -> float:
    counted = list(_beside(ordered, column, chosen))
    if not counted:
        return 0.0
    found = surprises_together([each for each, _ in counted], [each for _, each in counted])
    return float(min(_MOST, log_sum(found) - np.log(len(found))))


def _beside(
    ordered: Value, column: Column, chosen: Iterable[int]
) -> Iterator[tuple[Floats, Floats]]:
    """Yield what is counted of past windows and of the next one, as the watch counts it."""
    for number in chosen:
        now = gridded(column, ordered[number * WINDOW_ROWS : (number + 1) * WINDOW_ROWS])
        for reach in _REACHES:
            first = max(0, number - reach)
            past = gridded(column, ordered[first * WINDOW_ROWS : number * WINDOW_ROWS])
            grid = HOURS if column.kind == Kind.DATETIME else grid_of(past, bins=BINS)
            if grid.bins < 2:
                continue
            codes = grid.codes(past)
            worth = worth_of(codes, grid.bins)
            windows = codes.reshape(-1, WINDOW_ROWS)
            history = np.stack([grid.counts(each) for each in windows]) / worth
            yield history, grid.counts(grid.codes(now)) / worth
