"""Since when a column is another: where it changes at once, and as far as it does nowhere else.

Losses swing by themselves, as the weather does: a bad week raises them more than a slip of units in
one column, and hides since when something is wrong. Columns swing too, so a column tells only where
one of its changes stands out from all its others.
"""

from typing import NamedTuple

import numpy as np

from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.columns import distance_of_counts
from modelwright.maintain.remedies.jumps import BLOCK, FEWEST_BLOCKS
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.distribution import Distribution, bins_of

_BEFORE, _AFTER = 20, 10
"""Blocks on either side of a place that are compared."""
_STANDS_OUT = 0.4
"""By how much the distance at a break is larger than elsewhere. Half of all values lost add 0.55 to
a column that is steady otherwise; a chance cluster of one level in thousands of rows added 0.36."""
_TOGETHER = 1
"""Blocks that breaks of one cause may lie apart: the place is found to a block."""


class Break(NamedTuple):
    """The row from which on columns are others; row 0 and no column where none is."""

    row: int = 0
    columns: tuple[str, ...] = ()


def find_break(situation: Situation) -> Break:
    """Return since when columns are others, and which: those that change there at once.

    Parameters
    ----------
    situation
        With rows in the order of time.
    """
    reference = situation.bundle.reference.columns
    found = {
        each.name: _standing_out(reference[each.name], situation.rows.columns[each.name])
        for each in situation.program.inputs
        if each.type != "datetime" and each.name in reference
    }
    by, place = max(found.values(), default=(0.0, 0))
    if by <= _STANDS_OUT:
        return Break()
    return Break(
        place * BLOCK,
        tuple(
            name
            for name, (by, its_own) in found.items()
            if by > _STANDS_OUT and abs(its_own - place) <= _TOGETHER
        ),
    )


def _standing_out(trained: Distribution, values: Value) -> tuple[float, int]:
    """Return by how much the farthest change of a column stands out, and its block."""
    blocks = len(values) // BLOCK
    if blocks < 2 * FEWEST_BLOCKS:
        return 0.0, 0
    sums = _summed(trained, values, blocks)
    places = np.arange(FEWEST_BLOCKS, blocks - FEWEST_BLOCKS + 1)
    before = sums[places] - sums[np.maximum(0, places - _BEFORE)]
    after = sums[np.minimum(blocks, places + _AFTER)] - sums[places]
    far = np.array([distance_of_counts(*both) for both in zip(before, after, strict=True)])
    best = int(np.argmax(far))
    # Of rows before and after that lie on both sides of the change nothing is said.
    elsewhere = np.concatenate([far[: max(0, best - _AFTER + 1)], far[best + _BEFORE :]])
    return float(far[best] - elsewhere.max(initial=0.0)), int(places[best])


def _summed(trained: Distribution, values: Value, blocks: int) -> Floats:
    """Return how often each bin came before each block and at the end, (blocks + 1, bins)."""
    width = len(trained.counts)
    places = np.repeat(np.arange(blocks), BLOCK) * width + bins_of(
        trained, values[: blocks * BLOCK]
    )
    counts = np.bincount(places, minlength=blocks * width).reshape(blocks, width)
    return np.concatenate([np.zeros((1, width)), counts.cumsum(axis=0)])
