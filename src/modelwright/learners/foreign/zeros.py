"""Zeros of a sparse matrix, which XGBoost takes for missing numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from modelwright.learners.foreign.draft import Draft
from modelwright.learners.trees.tables import Tree, node_table
from modelwright.predictor.operations.trees import Trees

_Question: TypeAlias = tuple[int, float, bool]
"""A column, a threshold below which numbers go left, and whether zero does."""
_LEAST = float(np.finfo(np.float32).smallest_subnormal)
_LEFT, _BETWEEN, _RIGHT = 0.0, 0.5, 1.0


def without_zeros(draft: Draft, matrix: str, trees: Sequence[Tree]) -> tuple[str, list[Tree]]:
    """Return trees that send zeros where they send missing numbers, and what they ask.

    A question that zero would answer otherwise becomes a column that says where each number goes.

    Parameters
    ----------
    draft
        Where it is written.
    matrix
        The columns that the trees ask, rounded as XGBoost rounds them.
    trees
        Whose numbers below a threshold go left.
    """
    questions = sorted({each for tree in trees for _, each in _misled(tree)})
    if not questions:
        return matrix, [*trees]
    asked = draft.add(
        Trees,
        matrix,
        comparison="<",
        outputs=np.arange(len(questions), dtype=np.int32),
        base=np.zeros(len(questions)),
        **node_table([_answering(each) for each in questions]),
    )
    columns = {each: draft.width(matrix) + place for place, each in enumerate(questions)}
    return draft.beside([matrix, asked]), [_asking(tree, columns) for tree in trees]


def _misled(tree: Tree) -> Iterator[tuple[int, _Question]]:
    """Yield the nodes that would send zero to the other side, with what they should ask."""
    for node in np.flatnonzero(tree.feature >= 0).tolist():
        threshold, left = float(tree.threshold[node]), bool(tree.missing_left[node])
        if (threshold > 0.0) != left:
            yield node, (int(tree.feature[node]), threshold, left)


def _answering(question: _Question) -> Tree:
    """Return a tree that tells where a number goes: zero lies between two of its thresholds."""
    column, threshold, left = question
    edges = [threshold, 0.0, _LEAST] if left else [0.0, _LEAST, threshold]
    return Tree(
        feature=np.array([column, -1, column, -1, column, -1, -1]),
        threshold=np.array([edges[0], 0.0, edges[1], 0.0, edges[2], 0.0, 0.0]),
        left=np.array([1, 0, 3, 0, 5, 0, 0]),
        right=np.array([2, 0, 4, 0, 6, 0, 0]),
        # What is missing goes left at once, or right and left again to the leaf that says right.
        missing_left=np.array([left, False, True, False, False, False, False]),
        values=np.array([0.0, _LEFT, 0.0, _RIGHT, 0.0, _LEFT, _RIGHT])[:, None],
    )


def _asking(tree: Tree, columns: dict[_Question, int]) -> Tree:
    feature, threshold = tree.feature.copy(), tree.threshold.copy()
    for node, question in _misled(tree):
        feature[node], threshold[node] = columns[question], _BETWEEN
    return replace(tree, feature=feature, threshold=threshold)
