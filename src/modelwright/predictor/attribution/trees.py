"""The parts of ensembles of trees."""

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.predictor.attribution.carrying import Source
from modelwright.predictor.attribution.columns import mixtures
from modelwright.predictor.attribution.owners import Owners, places
from modelwright.predictor.attribution.walks import Forks, Together, walk_together
from modelwright.predictor.kernel.library import library
from modelwright.predictor.operations.base import Flags, Floats
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Program

_TOGETHER = -2


def parts_of_trees(
    program: Program,
    trees: Trees,
    source: Source,
    owners: Owners,
    rows: Columns,
    others: Columns,
) -> Floats:
    """Return what each raw column adds by way of trees, of shape (rows, others, inputs).

    Parameters
    ----------
    program
        Which has the trees.
    trees
        What reads the source.
    source
        The matrix that trees ask, and how far the answer follows what they say.
    owners
        Of its columns.
    rows, others
        Raw columns.
    """
    several = sorted({each for each in owners if each.bit_count() > 1})
    # A leaf asks no column: it takes the last place.
    player = np.array([*(_player(each, several) for each in owners), 0], np.int32)[trees.feature]
    place, together = np.zeros(len(player), np.int32), []
    for number, each in enumerate(several):
        nodes = np.flatnonzero((player == _TOGETHER - number) & (trees.feature >= 0))
        place[nodes] = np.arange(len(nodes))
        mixed = mixtures(program, source, each, rows, others)
        right = [_right(trees, one.reshape(-1, one.shape[-1]), nodes) for one in mixed]
        together.append(Together(tuple(places(each)), np.stack(right)))
    every = np.arange(len(player))
    mine, theirs = (_right(trees, each, every) for each in source.values)
    forks = Forks(player, place, mine, theirs, tuple(together), len(program.inputs))
    return walk_together(trees, forks, source.slope, library=library())


def _player(owner: int, several: list[int]) -> int:
    if owner.bit_count() > 1:
        return _TOGETHER - several.index(owner)
    # What no column moves never parts two rows, whoever is named.
    return max(0, owner.bit_length() - 1)


def _right(trees: Trees, matrix: Floats, nodes: NDArray[np.signedinteger]) -> Flags:
    """Say for each of some nodes and each row whether the walk turns right there."""
    right = np.zeros((len(nodes), len(matrix)), dtype=np.bool_)
    asked = trees.feature[nodes]
    for column in np.unique(asked[asked >= 0]).tolist():
        here = np.flatnonzero(asked == column)
        numbers, bound = matrix[:, column], trees.threshold[nodes[here], None]
        turns = numbers > bound if trees.comparison == "<=" else numbers >= bound
        missing = np.isnan(numbers)
        if missing.any():
            turns = np.where(missing, ~trees.missing_left[nodes[here], None], turns)
        right[here] = turns
    return right
