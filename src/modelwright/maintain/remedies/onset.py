"""Since when something is wrong: by a column that broke, else by losses, by truths, by columns."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.breaks import Break, find_break
from modelwright.maintain.remedies.jumps import find_jump
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.distribution import Distribution, bins_of


def find_onset(situation: Situation) -> Break:
    """Return the row from which on something is wrong, and the columns that broke there.

    Row 0 where all rows are alike; no column where none stands out.

    Parameters
    ----------
    situation
        With labelled rows in the order of time.
    """
    broken = find_break(situation)
    return broken if broken.columns else Break(_find_change(situation))


def _find_change(situation: Situation) -> int:
    rows = situation.rows
    losses = situation.judge.losses(situation.program, rows.answers, rows.truth)
    # Losses that fall are no trouble: where they do, nothing says since when something is wrong.
    if onset := find_jump(losses, upward=True).row:
        return onset
    if onset := find_jump(_surprise(situation)).row:
        return onset
    jumps = [find_jump(series) for series in _rarities(situation)]
    return max(jumps, key=lambda jump: jump.errors).row if jumps else 0


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


def _rarity(trained: Distribution, values: NDArray[np.generic]) -> Floats:
    counts = np.array(trained.counts, dtype=np.float64) + 1.0
    return np.asarray(-np.log(counts / counts.sum())[bins_of(trained, values)])
