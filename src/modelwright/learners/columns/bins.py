"""Numbers cut into bins, and functions that are constant on each bin.

The first bin is for missing numbers: its edge is the smallest number there is, so that a tree
that sends missing numbers left has a leaf for them alone.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.trees.tables import Tree, node_table
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.trees import Trees

_ROUNDS_OF_LEVELLING = 4
SMALLEST = float(np.finfo(np.float64).min)


def learn_edges(numbers: Floats, *, limit: int) -> Floats:
    """Return the upper edges of all bins but the last; an edge is inside the bin below it.

    Parameters
    ----------
    numbers : ndarray of shape (n,)
        NaN for missing.
    limit
        The most bins beside the first. Where there are as many values at most, each gets its own;
        else the bins hold about as many rows each.

    Examples
    --------
    >>> learn_edges(np.array([1.0, 3.0, 3.0, np.nan]), limit=8)[1:]
    array([1.])
    """
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return np.array([SMALLEST])
    values, counts = np.unique(known, return_counts=True)
    kept = values[:-1]
    if len(values) > limit:
        room = np.cumsum(_without_crowds(counts, limit))
        cuts = np.searchsorted(room, room[-1] * np.arange(1, limit) / limit)
        kept = values[np.unique(cuts[cuts < len(values) - 1])]
    return np.concatenate([[SMALLEST], kept[kept > SMALLEST]])


def bin_numbers(numbers: Floats, edges: Floats) -> NDArray[np.int64]:
    """Return the bin of each number; a missing one falls into the first.

    Examples
    --------
    >>> bin_numbers(np.array([1.0, 1.5, np.nan]), np.array([SMALLEST, 1.0]))
    array([1, 2, 0])
    """
    found = np.searchsorted(edges, numbers, side="left")
    return np.where(np.isnan(numbers), 0, found).astype(np.int64)


def step_functions(
    edges: Sequence[Floats], heights: Sequence[Floats], *, matrix: str, output: str
) -> Trees:
    """Return the sum of one step function per column of a matrix, as trees.

    Parameters
    ----------
    edges
        Of each column's bins.
    heights : arrays of shape (bins, k)
        What each bin adds.
    matrix
        The value that is asked.
    output
        The value that is written, of k columns.
    """
    trees = [_search_tree(*each) for each in enumerate(zip(edges, heights, strict=True))]
    width = heights[0].shape[1]
    return Trees(
        inputs=(matrix,),
        output=output,
        comparison="<=",
        outputs=np.full(len(trees), 0 if width == 1 else -1, dtype=np.int32),
        base=np.zeros(width),
        **node_table(trees),
    )


def _without_crowds(counts: NDArray[np.int64], limit: int) -> Floats:
    """Return counts in which no value takes more than a bin, which would leave others too few."""
    room = counts.astype(np.float64)
    for _ in range(_ROUNDS_OF_LEVELLING):
        room = np.minimum(room, room.sum() / limit)
    return room


def _search_tree(column: int, function: tuple[Floats, Floats]) -> Tree:
    """Return the balanced tree whose leaves are the bins."""
    edges, heights = function
    inner = len(edges)
    left, right = np.zeros((2, 2 * inner + 1), dtype=np.int64)
    order: list[int] = []

    def split(first: int, last: int) -> int:
        """Number the node of the bins from first to last; the inner nodes come first."""
        if first == last:
            return inner + first
        middle = (first + last) // 2
        node = len(order)
        order.append(middle)
        left[node] = split(first, middle)
        right[node] = split(middle + 1, last)
        return node

    split(0, inner)
    return Tree(
        feature=np.repeat([column, -1], [inner, inner + 1]),
        threshold=np.concatenate([edges[order], np.zeros(inner + 1)]),
        left=left,
        right=right,
        missing_left=np.ones(2 * inner + 1, dtype=np.bool_),
        values=np.concatenate([np.zeros((inner, heights.shape[1])), heights]),
    )
