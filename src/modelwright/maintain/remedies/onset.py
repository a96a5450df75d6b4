"""Since when something is wrong: by the losses, else by what came true, else by the columns."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.maintain.remedies.base import Situation
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference import Binned, Distribution, Levels

_BLOCK = 50
"""Rows whose mean is one step of the search."""
_CERTAIN = 4.5
"""Standard errors that the largest jump among hundreds of places must have to be none of chance."""
_FEWEST_BLOCKS = 3


def find_onset(situation: Situation) -> int:
    """Return the row from which on something is wrong; 0 where all rows are alike.

    Parameters
    ----------
    situation
        With labelled rows in the order of time.
    """
    rows = situation.rows
    losses = situation.judge.losses(situation.program, rows.answers, rows.truth)
    # Losses that fall are no trouble: where they do, nothing says since when something is wrong.
    if onset := find_jump(losses, upward=True)[0]:
        return onset
    if onset := find_jump(_surprise(situation))[0]:
        return onset
    jumps = [find_jump(series) for series in _rarities(situation)]
    return max(jumps, key=lambda jump: jump[1], default=(0, 0.0))[0]


def find_jump(series: Floats, *, upward: bool = False) -> tuple[int, float]:
    """Return the row from which on a series has another mean, and by how many standard errors.

    The place where two parts differ most, as in a CUSUM test of Page (Biometrika 41, 1954), at
    least three blocks of rows from either end; 0 where the parts differ by no more than chance.

    Parameters
    ----------
    series : ndarray of shape (rows,)
        In the order of time.
    upward
        Whether only a rise counts.

    Examples
    --------
    >>> quiet = np.tile([0.2, 0.4], 250)
    >>> find_jump(quiet)[0], find_jump(np.concatenate([quiet, quiet + 0.5]))[0]
    (0, 500)
    """
    blocks = len(series) // _BLOCK
    if blocks < 2 * _FEWEST_BLOCKS:
        return 0, 0.0
    means = series[: blocks * _BLOCK].reshape(blocks, _BLOCK).mean(axis=1)
    places = np.arange(_FEWEST_BLOCKS, blocks - _FEWEST_BLOCKS + 1)
    jumps = np.array([_jump(means[:place], means[place:]) for place in places])
    jumps = jumps if upward else np.abs(jumps)
    best = int(np.argmax(jumps))
    found = jumps[best] > _CERTAIN
    return (int(places[best]) * _BLOCK if found else 0), float(jumps[best])


def _surprise(situation: Situation) -> Floats:
    """Return by how much more came true than was foreseen."""
    rows = situation.rows
    if situation.program.task.is_classification:
        return np.asarray((rows.truth == rows.answers.shape[1] - 1) - rows.answers[:, -1])
    return np.asarray(rows.truth - rows.answers[:, 0])


def _rarities(situation: Situation) -> Iterator[Floats]:
    """Yield for each column that is read how rare each value was in training, in nats."""
    reference = situation.bundle.reference.columns
    for each in situation.program.inputs:
        if each.type != "datetime" and each.name in reference:
            yield _rarity(reference[each.name], situation.rows.columns[each.name])


def _rarity(trained: Distribution, values: NDArray[Any]) -> Floats:
    counts = np.array(trained.counts, dtype=np.float64) + 1.0
    rare = -np.log(counts / counts.sum())
    if isinstance(trained, Levels):
        places: dict[str | None, int] = {level: at for at, level in enumerate(trained.levels)}
        places[None] = len(counts) - 1
        unknown = len(counts) - 2
        return np.array([rare[places.get(value, unknown)] for value in values.tolist()])
    return np.asarray(rare[_bins(trained, values)])


def _bins(trained: Binned, values: NDArray[Any]) -> NDArray[np.int64]:
    if trained.measure == "length":
        values = np.array([np.nan if text is None else len(text) for text in values])
    missing = np.isnan(values)
    inside = np.searchsorted(np.array(trained.edges), values, "left")
    return np.where(missing, len(trained.edges) + 1, inside)


def _jump(before: Floats, after: Floats) -> float:
    free = len(before) + len(after) - 2
    spread = (before.var() * len(before) + after.var() * len(after)) / free
    error = (spread * (1 / len(before) + 1 / len(after))) ** 0.5
    difference = float(after.mean() - before.mean())
    if error > 1e-12:
        return float(difference / error)
    return float(np.copysign(np.inf, difference)) if abs(difference) > 1e-9 else 0.0
