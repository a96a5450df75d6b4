"""Ensembles of trees as one node, in double precision."""

import numpy as np

from modelwright.predictor.emitters.onnx.graph import LEARNING, Graph
from modelwright.predictor.emitters.onnx.growth import Growth, unfold
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.trees import Comparison, Trees

_MODES: dict[Comparison, int] = {"<=": 0, "<": 1}
"""As ONNX counts them."""
_SUM, _NO_TRANSFORM = 1, 0
_INT64 = 7


def trees(graph: Graph, step: Trees, values: str) -> str:
    grown = unfold(step)
    wide = step.leaves.shape[1] > 1
    total = _wide_sums(graph, step, grown, values) if wide else _sums(graph, step, grown, values)
    if step.scale != 1.0:
        total = graph.node("Mul", total, graph.constant(np.float64(step.scale)))
    return graph.node("Add", total, graph.constant(step.base))


def ensemble(
    graph: Graph,
    grown: Growth,
    comparison: Comparison,
    *,
    values: str,
    targets: Value,
    adds: Floats,
) -> str:
    """Add up what leaves add.

    Parameters
    ----------
    targets
        The column to which each tree adds; as many columns come out as the last one says.
    adds
        Of each row of the table of leaves, a number.
    """
    return graph.node(
        "TreeEnsemble",
        values,
        domain=LEARNING,
        aggregate_function=_SUM,
        n_targets=int(targets.max()) + 1,
        post_transform=_NO_TRANSFORM,
        tree_roots=[*range(int(grown.leaf_trees.max()) + 1)],
        nodes_featureids=grown.feature.tolist(),
        nodes_modes=np.full(len(grown.feature), _MODES[comparison], dtype=np.uint8),
        nodes_splits=grown.threshold,
        nodes_missing_value_tracks_true=grown.missing_left.astype(int).tolist(),
        nodes_truenodeids=grown.left.tolist(),
        nodes_trueleafs=grown.left_is_leaf.astype(int).tolist(),
        nodes_falsenodeids=grown.right.tolist(),
        nodes_falseleafs=grown.right_is_leaf.astype(int).tolist(),
        leaf_targetids=targets[grown.leaf_trees].tolist(),
        leaf_weights=adds[grown.leaf_rows],
    )


def _sums(graph: Graph, step: Trees, grown: Growth, values: str) -> str:
    columns = len(step.base)
    targets = step.outputs if columns > 1 else np.zeros_like(step.outputs)
    adds = step.leaves[:, 0]
    total = ensemble(graph, grown, step.comparison, values=values, targets=targets, adds=adds)
    added = int(targets.max()) + 1
    if added == columns:
        return total
    # Nothing adds to the last columns.
    return graph.node("Pad", total, graph.constant([0, 0, 0, columns - added]))


def _wide_sums(graph: Graph, step: Trees, grown: Growth, values: str) -> str:
    # A leaf of ONNX adds to one column only: trees say which leaf, and a look-up what it adds.
    number = ensemble(
        graph,
        grown,
        step.comparison,
        values=values,
        targets=np.arange(len(step.roots)),
        adds=np.arange(len(step.leaves), dtype=np.float64),
    )
    leaves = graph.node(
        "Gather", graph.constant(step.leaves), graph.node("Cast", number, to=_INT64), axis=0
    )
    return graph.node("ReduceSum", leaves, graph.constant([1]), keepdims=0)
