"""How rough the relation to the target was in training: by how much windows missed otherwise.

The first windows of a watch tell little of how much windows differ anyway. The answers out of fold
do: their losses have levels as those of live windows have, and their truths move off the answers in
the same directions. What they tell is kept as how far each roughness is believed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Schema
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.directions import (
    Answered,
    Part,
    Parted,
    alike,
    log_shown,
    parts_of,
    summed,
    weights_of,
)
from modelwright.predictor.reference.grids import COARSE, grid_of, gridded
from modelwright.predictor.reference.moves import moves_of_training
from modelwright.predictor.reference.roughness import WINDOW_ROWS
from modelwright.predictor.reference.surprise import levels_of_training
from modelwright.tasks.row_losses import level_of

_FEWEST_WINDOWS = 5
_STRETCH = 8
"""Windows in a row, as many as a watch remembers."""
_MOST_STRETCHES, _MOST_LEVELS = 5, 100
_MOST_COLUMNS = 30


def rough_levels(losses: Floats, *, doubt: float) -> tuple[float, ...]:
    """Return how far each roughness of mean losses is believed; empty for few windows.

    Parameters
    ----------
    losses : ndarray of shape (rows,)
        Of answers out of fold, in the order of time; NaN where a label is missing.
    doubt
        How far live windows are taken to be unlike those of training, from 0 to 1.

    Examples
    --------
    >>> steady = np.random.default_rng(0).exponential(size=6000)
    >>> len(rough_levels(steady, doubt=0.1)), rough_levels(steady[:2000], doubt=0.1)
    (5, ())
    """
    levels = [level_of(losses[each]) for each in _windows(len(losses))[-_MOST_LEVELS:]]
    known = np.array([each for each in levels if each is not None])
    if len(known) < _FEWEST_WINDOWS:
        return ()
    return levels_of_training(known[:, 0], known[:, 1], doubt=doubt)


def rough_moves(
    rows: Answered, columns: Mapping[str, Value], schema: Schema, *, doubt: float
) -> tuple[float, ...]:
    """Return how far each roughness of what truths miss is believed; empty for few windows.

    Parameters
    ----------
    rows
        Those that were answered out of fold, in the order of time.
    columns
        Their columns.
    schema
        Says what they are.
    doubt
        As for `rough_levels`.
    """
    windows = _windows(len(rows.misses))
    if len(windows) < _FEWEST_WINDOWS or not np.isfinite(rows.misses).any():
        return ()
    taken = _stretches(windows)
    places = np.concatenate([np.arange(each.start, each.stop) for each in taken])
    rows = Answered(rows.answers[places], rows.watched[places], rows.misses[places])
    shown = log_shown(rows, rows)[0] / alike(rows.misses)
    parts = list(_parts(rows, {name: columns[name][places] for name in columns}, schema))
    chosen = np.concatenate([part.chosen(part.before) for part in parts])
    seen = [summed(shown[each], chosen[:, each]) for each in _windows(len(places))]
    ends = np.cumsum([(each.stop - each.start) // WINDOW_ROWS for each in taken])
    stretches = np.split(np.stack(seen), ends[:-1])
    return moves_of_training(stretches, weights_of(parts), doubt=doubt)


def misses_of(truth: NDArray[Any], answers: Floats) -> Floats:
    """Return how far answers are from what came true, as `Answered` asks for it.

    Parameters
    ----------
    truth : ndarray of shape (rows,)
        Indices of classes with -1 for an unknown one, or numbers with NaN.
    answers : ndarray of shape (rows, outputs)

    Examples
    --------
    >>> misses_of(np.array([1, 0, -1]), np.array([[0.2, 0.8], [0.4, 0.6], [0.5, 0.5]]))
    array([ 1., -1., nan])
    """
    if answers.shape[1] == 1:
        return np.asarray(truth - answers[:, 0])
    asked = 1 if answers.shape[1] == 2 else answers.argmax(axis=1)
    return np.where(truth < 0, np.nan, np.where(truth == asked, 1.0, -1.0))


def _windows(rows: int) -> list[slice]:
    return [
        slice(start, start + WINDOW_ROWS) for start in range(0, rows - WINDOW_ROWS + 1, WINDOW_ROWS)
    ]


def _stretches(windows: list[slice]) -> list[slice]:
    """Return the rows of some windows in a row, evenly spread, the last ones among them."""
    most = min(_MOST_STRETCHES, max(1, len(windows) // _STRETCH))
    ends = np.linspace(min(_STRETCH, len(windows)), len(windows), most).astype(int)
    if most == 1:
        ends = np.array([len(windows)])
    return [
        slice(windows[max(0, end - _STRETCH)].start, windows[end - 1].stop) for end in ends.tolist()
    ]


def _parts(rows: Answered, columns: Mapping[str, Value], schema: Schema) -> Iterator[Part]:
    parted = dict[str, Parted]()
    for column in schema.features[:_MOST_COLUMNS]:
        values = gridded(column, columns[column.name])
        grid = grid_of(values, bins=COARSE)
        codes = grid.codes(values)
        parted[column.name] = Parted(grid, codes, codes)
    return parts_of(rows.watched, rows.watched, parted)
