"""Operators of ONNX for classic learning (ai.onnx.ml), as steps of a program."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from modelwright.data.schema import Kind
from modelwright.data.values.cells import text_of_number
from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.ensembles import shared
from modelwright.learners.foreign.layers import affine, bend, dense
from modelwright.learners.foreign.onnx.arithmetic import taken
from modelwright.learners.foreign.onnx.graph import Given, Graph, Node, Raw
from modelwright.learners.foreign.onnx.trees import classes_of_trees, numbers_of_trees
from modelwright.learners.foreign.selection import choose
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    Codes,
    CodeTable,
)
from modelwright.predictor.operations.numbers import Impute


def _imputed(graph: Graph, node: Node) -> Given:
    value = graph.matrix(node)
    replaced = node.settings.get("replaced_value_float", 0.0)
    fill = node.settings.get("imputed_value_floats")
    if fill is None or replaced == replaced:
        raise refuse("An Imputer of ONNX of other than missing numbers")
    filled = np.broadcast_to(np.asarray(fill, dtype=np.float64), graph.draft.width(value)).copy()
    return graph.draft.add(Impute, value, fill=filled)


def _scaled(graph: Graph, node: Node) -> Given:
    scale = np.asarray(node.settings.get("scale", [1.0]), dtype=np.float64)
    offset = np.asarray(node.settings.get("offset", [0.0]), dtype=np.float64)
    return affine(graph.draft, graph.matrix(node), scale, -offset * scale)


def _one_hot(graph: Graph, node: Node) -> Given:
    levels = [*node.settings.get("cats_strings", [])] or [*node.settings.get("cats_int64s", [])]
    if not node.settings.get("zeros", 1):
        raise refuse("A OneHotEncoder of ONNX that refuses unknown levels")
    return _looked_up(graph, node, levels, np.eye(len(levels)), np.zeros(len(levels)))


def _labelled(graph: Graph, node: Node) -> Given:
    """Write a LabelEncoder: each level becomes a number."""
    settings = node.settings
    if not isinstance(graph.given(node, 0), Raw):
        raise refuse("A LabelEncoder of ONNX of computed values")
    keys = _first(settings, "keys_strings", "keys_int64s", "keys_floats", "classes_strings")
    values = _first(settings, "values_floats", "values_int64s")
    if "classes_strings" in settings:
        values = range(len(keys))
    if not len(values):
        raise refuse("A LabelEncoder of ONNX that makes texts")
    other = settings.get("default_float" if "values_floats" in settings else "default_int64", -1.0)
    return _looked_up(
        graph, node, keys, np.array(values, dtype=np.float64)[:, None], np.array([other])
    )


def _first(settings: Mapping[str, Any], *names: str) -> Any:
    return next((settings[name] for name in names if name in settings), ())


def _looked_up(graph: Graph, node: Node, levels: Any, rows: Any, unknown: Any, /) -> str:
    """Replace each raw column's levels by the rows of a table."""
    given = graph.given(node, 0)
    if not isinstance(given, Raw):
        raise refuse(f"A {node.name} of ONNX of computed values")
    if not np.isfinite(unknown).all():
        raise refuse(f"A {node.name} of ONNX that writes a missing number for a level")
    texts = tuple(each if isinstance(each, str) else text_of_number(each) for each in levels)
    table = np.vstack([np.tile(unknown, (FIRST_LEVEL_CODE, 1)), rows])
    codes = [
        graph.draft.add(Codes, graph.draft.column(name, Kind.CATEGORICAL), levels=texts)
        for name in given.names
    ]
    return graph.draft.beside([graph.draft.add(CodeTable, each, table=table) for each in codes])


def _linear_classes(graph: Graph, node: Node) -> Given:
    weights, bias = _coefficients(node)
    score = dense(graph.draft, graph.matrix(node), weights, bias)
    post, width = node.settings.get("post_transform", "NONE"), weights.shape[1]
    if post == "SOFTMAX":
        return graph.draft.link(score, "softmax")
    if post == "LOGISTIC" and width == 1:
        return graph.draft.link(score, "sigmoid")
    if post == "LOGISTIC":
        return bend(graph.draft, score, "sigmoid")
    if post != "NONE":
        raise refuse(f"A LinearClassifier of ONNX with {post}")
    return score


def _linear_numbers(graph: Graph, node: Node) -> Given:
    if node.settings.get("post_transform", "NONE") != "NONE":
        raise refuse("A LinearRegressor of ONNX with a transformation")
    return dense(graph.draft, graph.matrix(node), *_coefficients(node))


def _coefficients(node: Node) -> tuple[Any, Any]:
    flat = np.asarray(node.settings["coefficients"], dtype=np.float64)
    bias = np.asarray(node.settings.get("intercepts", [0.0]), dtype=np.float64)
    rows = int(node.settings.get("targets", 0)) or _classes(node) or len(bias)
    weights = flat.reshape(len(bias) if len(flat) % rows else rows, -1)
    return weights.T.copy(), np.broadcast_to(bias, len(weights))


def _classes(node: Node) -> int:
    return len(labels_of(node))


def labels_of(node: Node) -> list[object]:
    """Return the classes that a classifier or a ZipMap names, in its order; empty for none."""
    return [*_first(node.settings, "classlabels_strings", "classlabels_int64s", "classlabels_ints")]


def _shared(graph: Graph, node: Node) -> Given:
    if node.settings.get("norm", "MAX") != "L1":
        raise refuse("A Normalizer of ONNX of other than shares")
    value = graph.matrix(node)
    places = range(graph.draft.width(value))
    return shared(graph.draft, [choose(graph.draft, value, [place]) for place in places])


def _extracted(graph: Graph, node: Node) -> Given:
    places = graph.constant(node, 1)
    if places is None:
        raise refuse("An ArrayFeatureExtractor of ONNX of computed places")
    return taken(graph, node, np.ravel(places))


def _vector(graph: Graph, node: Node) -> Given:
    return graph.draft.beside([graph.matrix(node, place) for place in range(len(node.inputs))])


def _same(graph: Graph, node: Node) -> Given:
    return graph.given(node, 0)


CLASSIC: Mapping[str, Callable[[Graph, Node], Given]] = {
    "Imputer": _imputed,
    "Scaler": _scaled,
    "OneHotEncoder": _one_hot,
    "LabelEncoder": _labelled,
    "LinearClassifier": _linear_classes,
    "LinearRegressor": _linear_numbers,
    "Normalizer": _shared,
    "ArrayFeatureExtractor": _extracted,
    "FeatureVectorizer": _vector,
    "TreeEnsembleClassifier": classes_of_trees,
    "TreeEnsembleRegressor": numbers_of_trees,
    "ZipMap": _same,
}
"""By the name of the operator."""
