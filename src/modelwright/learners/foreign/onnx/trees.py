"""Ensembles of trees of ONNX (ai.onnx.ml), as steps of a program."""

from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.ensembles import both
from modelwright.learners.foreign.layers import bend
from modelwright.learners.foreign.onnx.graph import Given, Graph, Node
from modelwright.learners.trees.tables import Tree, node_table
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Comparison, Trees

_COMPARISONS: dict[str, Comparison] = {"BRANCH_LEQ": "<=", "BRANCH_LT": "<"}
_LARGEST = float(np.finfo(np.float64).max)


def numbers_of_trees(graph: Graph, node: Node) -> Given:
    """Write a TreeEnsembleRegressor."""
    settings = node.settings
    outputs = int(settings.get("n_targets", 1))
    averaged = settings.get("aggregate_function", "SUM") == "AVERAGE"
    if settings.get("aggregate_function", "SUM") not in ("SUM", "AVERAGE"):
        raise refuse("A TreeEnsembleRegressor of ONNX that does not add up")
    if settings.get("post_transform", "NONE") != "NONE":
        raise refuse("A TreeEnsembleRegressor of ONNX with a transformation")
    return _score(graph, node, "target", outputs=outputs, averaged=averaged)


def classes_of_trees(graph: Graph, node: Node) -> Given:
    """Write a TreeEnsembleClassifier.

    Of two classes with weights for the first alone, these are scores of the second, or its shares
    where none is below zero: so onnxruntime takes them.
    """
    settings = node.settings
    labels = settings.get("classlabels_strings") or settings.get("classlabels_int64s") or ()
    ids = {int(each) for each in settings["class_ids"]}
    post = settings.get("post_transform", "NONE")
    if len(labels) == 2 and ids == {0}:
        score = _score(graph, node, "class", outputs=1)
        if min(settings["class_weights"]) >= 0:
            return both(graph.draft, score)
        if post == "LOGISTIC":
            return graph.draft.link(score, "sigmoid")
        raise refuse(f"A TreeEnsembleClassifier of ONNX of one score with {post}")
    score = _score(graph, node, "class", outputs=len(labels))
    if post == "SOFTMAX":
        return graph.draft.link(score, "softmax")
    if post == "LOGISTIC":
        return bend(graph.draft, score, "sigmoid")
    if post != "NONE":
        raise refuse(f"A TreeEnsembleClassifier of ONNX of several scores with {post}")
    return score


def _score(graph: Graph, node: Node, of: str, *, outputs: int, averaged: bool = False) -> str:
    trees = _trees(node, of, outputs)
    base = np.zeros(outputs) + np.asarray(node.settings.get("base_values", 0.0), dtype=np.float64)
    return graph.draft.add(
        Trees,
        graph.draft.add(RoundToFloat32, graph.matrix(node)),
        comparison=_comparison(node),
        outputs=np.full(len(trees), 0 if outputs == 1 else -1, dtype=np.int32),
        base=base,
        scale=1.0 / len(trees) if averaged else 1.0,
        **node_table(trees),
    )


def _comparison(node: Node) -> Comparison:
    modes = set(node.settings["nodes_modes"]) - {"LEAF"}
    if len(modes) > 1 or not modes <= set(_COMPARISONS):
        raise refuse(f"A {node.name} of ONNX that asks {', '.join(sorted(modes))}")
    return _COMPARISONS[modes.pop()] if modes else "<="


def _trees(node: Node, of: str, outputs: int) -> list[Tree]:
    """Return the trees of a node's lists, which name each node by its tree and a number."""
    settings = node.settings
    tree, number = (np.asarray(settings[f"nodes_{name}"]) for name in ("treeids", "nodeids"))
    weights = np.asarray(_numbers(settings, f"{of}_weights"), dtype=np.float64)
    owner, leaf, output = (
        np.asarray(settings[f"{of}_{name}"]) for name in ("treeids", "nodeids", "ids")
    )
    output = output if outputs > 1 else np.zeros_like(output)
    split = np.array([mode != "LEAF" for mode in settings["nodes_modes"]])
    threshold = np.asarray(_numbers(settings, "nodes_values"), dtype=np.float64)
    missing = np.asarray(
        settings.get("nodes_missing_value_tracks_true") or np.zeros(len(tree)), dtype=np.bool_
    )
    sides = [np.asarray(settings[f"nodes_{side}nodeids"]) for side in ("true", "false")]
    found = []
    for each in np.unique(tree):
        mine = np.flatnonzero(tree == each)
        place = {int(number[at]): new for new, at in enumerate(mine)}
        values = np.zeros((len(mine), outputs))
        for at in np.flatnonzero(owner == each):
            values[place[int(leaf[at])], int(output[at])] += weights[at]
        left, right = (
            np.array([place.get(int(side[at]), 0) if split[at] else 0 for at in mine])
            for side in sides
        )
        found.append(
            Tree(
                feature=np.where(split[mine], np.asarray(settings["nodes_featureids"])[mine], -1),
                threshold=np.clip(threshold[mine], -_LARGEST, _LARGEST),
                left=left,
                right=right,
                missing_left=missing[mine],
                values=values,
            )
        )
    return found


def _numbers(settings: Any, name: str) -> Floats:
    """Return numbers, which a model in double precision has as a tensor."""
    doubles = settings.get(f"{name}_as_tensor")
    return np.asarray(settings[name] if doubles is None else doubles, dtype=np.float64)
