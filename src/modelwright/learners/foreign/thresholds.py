"""Transformers that ask on which side of a threshold a number lies, as trees of one question."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from modelwright.learners.foreign.draft import Draft
from modelwright.learners.trees.tables import Tree, node_table
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.trees import Comparison, Trees


def bins(draft: Draft, discretizer: Any, matrix: str) -> str:
    """Write a KBinsDiscretizer: the number of each column's bin, or a column for each bin."""
    edges = [np.asarray(each, dtype=np.float64)[1:-1] for each in discretizer.bin_edges_]
    asked = [(column, edge) for column, each in enumerate(edges) for edge in each]
    if discretizer.encode == "ordinal":
        blocks = [np.ones((len(each), 1)) for each in edges]
        starts = [np.zeros(1) for _ in edges]
    else:
        blocks = [_of_each_bin(len(each)) for each in edges]
        starts = [np.eye(1, len(each) + 1)[0] for each in edges]
    weights = np.zeros((len(asked), sum(len(start) for start in starts)))
    row = column = 0
    for block in blocks:
        weights[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    passed = _passed(draft, matrix, asked, "<")
    return draft.add(Linear, passed, weights=weights, bias=np.concatenate(starts))


def binarized(draft: Draft, binarizer: Any, matrix: str) -> str:
    """Write a Binarizer: whether each number is above its threshold."""
    return above(draft, matrix, float(binarizer.threshold))


def above(draft: Draft, matrix: str, threshold: float) -> str:
    """Return 1.0 where a number is above a threshold, else 0.0."""
    asked = [(column, threshold) for column in range(draft.width(matrix))]
    return _passed(draft, matrix, asked, "<=")


def _of_each_bin(edges: int) -> Floats:
    """Return what turns the edges that a number has passed into its bin: one begins, one ends."""
    return np.eye(edges, edges + 1, 1) - np.eye(edges, edges + 1)


def _passed(
    draft: Draft, matrix: str, asked: Sequence[tuple[int, float]], comparison: Comparison
) -> str:
    """Return a column of 1.0 and 0.0 for each threshold of a column."""
    if not asked:
        return draft.add(
            Linear, matrix, weights=np.zeros((draft.width(matrix), 0)), bias=np.zeros(0)
        )
    stumps = [
        Tree(
            feature=np.array([column, -1, -1]),
            threshold=np.array([edge, 0.0, 0.0]),
            left=np.array([1, 0, 0]),
            right=np.array([2, 0, 0]),
            missing_left=np.array([True, False, False]),
            values=np.array([[0.0], [0.0], [1.0]]),
        )
        for column, edge in asked
    ]
    return draft.add(
        Trees,
        matrix,
        comparison=comparison,
        outputs=np.arange(len(stumps), dtype=np.int32),
        base=np.zeros(len(stumps)),
        **node_table(stumps),
    )
