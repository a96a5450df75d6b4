"""Where numbers stand among knots: a search, written as trees."""

from collections.abc import Sequence

import numpy as np

from modelwright.predictor.emitters.onnx.graph import Graph
from modelwright.predictor.emitters.onnx.growth import unfold
from modelwright.predictor.emitters.onnx.trees import ensemble
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.trees import Trees

_INT64 = 7


def count_below(graph: Graph, knots: Sequence[Floats], values: str) -> str:
    """Count the knots at or below each number.

    Parameters
    ----------
    knots
        Of each column, rising; a column may have none.
    values
        Of shape (rows, columns). What comes out for a missing number is of no account.

    Returns
    -------
    str
        Whole numbers of the same shape.
    """
    tables = _Tables()
    roots = [tables.search(column, bounds, 0) for column, bounds in enumerate(knots)]
    step = tables.step(roots)
    counts = np.arange(len(step.leaves), dtype=np.float64)
    found = ensemble(
        graph, unfold(step), "<", values=values, targets=np.arange(len(roots)), adds=counts
    )
    return graph.node("Cast", found, to=_INT64)


class _Tables:
    """Nodes of balanced trees, parents first."""

    def __init__(self) -> None:
        self._nodes: list[tuple[int, float, int, int]] = []
        self._most = 0

    def search(self, column: int, knots: Floats, before: int) -> int:
        """Add the search among some knots, before which others stand; return its root."""
        root = len(self._nodes)
        if not len(knots):
            self._most = max(self._most, before)
            self._nodes.append((-1, 0.0, before, 0))
            return root
        self._nodes.append((column, 0.0, 0, 0))
        middle = len(knots) // 2
        left = self.search(column, knots[:middle], before)
        right = self.search(column, knots[middle + 1 :], before + middle + 1)
        self._nodes[root] = (column, float(knots[middle]), left, right)
        return root

    def step(self, roots: list[int]) -> Trees:
        feature, threshold, left, right = zip(*self._nodes, strict=True)
        return Trees(
            inputs=("",),
            output="",
            comparison="<",
            roots=np.array(roots, dtype=np.int32),
            outputs=np.arange(len(roots), dtype=np.int32),
            feature=np.array(feature, dtype=np.int32),
            threshold=np.array(threshold),
            left=np.array(left, dtype=np.int32),
            right=np.array(right, dtype=np.int32),
            missing_left=np.zeros(len(feature), dtype=np.bool_),
            leaves=np.zeros((self._most + 1, 1)),
            base=np.zeros(len(roots)),
        )
