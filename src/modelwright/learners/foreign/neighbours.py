"""Neighbours: the rows that are nearest, by a graph of ONNX, as no operation sorts distances.

Distances are in double precision. Of several rows that are equally far, the one that was learned
first is nearer; scikit-learn takes any.
"""

import math
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.predictor.emitters.onnx.graph import ROWS, Graph
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.graph import MOST_BYTES
from modelwright.predictor.operations.graph import Graph as GraphStep

_NEEDS = ("onnx", "onnxruntime")
_BYTES = 8
"""Of a number."""
_ALONG_ROWS, _ALONG_COLUMNS = 0, 1


def neighbours_answer(draft: Draft, model: Any, matrix: str) -> str:
    """Write a KNeighborsClassifier or -Regressor.

    Raises
    ------
    LearnerError
        When it measures or weighs in another way, or answers several targets.
    """
    title = type(model).__name__
    if model.effective_metric_ not in _METRICS:
        told = ", ".join(sorted(_METRICS))
        raise refuse(f"A {title} of the metric {model.effective_metric_!r}", f"These have: {told}.")
    answers = _answers_of(model)
    graph = _graph_of(title, model.weights, model._fit_X, answers)
    rows = _dense(model._fit_X)
    away = graph.node("Sub", graph.constant(rows), graph.input("x", float, [ROWS, rows.shape[1]]))
    distances = _METRICS[model.effective_metric_](graph, away)
    nearest, places = _nearest(graph, distances, int(model.n_neighbors), axis=_ALONG_ROWS)
    # Of a row with a number that is missing, or too large to measure, no neighbour is known.
    known = graph.node("Sub", nearest, nearest)
    shares = graph.node("Add", _weights(graph, nearest, model.weights, axis=_ALONG_ROWS), known)
    told = _mean(graph, graph.gather(answers, places), _standing(graph, shares), axis=_ALONG_ROWS)
    flat = graph.node("Reshape", told, graph.constant(np.array([1, -1])))
    graph.output("answer", flat, float, [ROWS, answers.shape[1]])
    return _step(draft, graph, matrix, answers.shape[1])


def neighbours_imputed(draft: Draft, imputer: Any, matrix: str) -> str:
    """Write what a KNNImputer makes of a matrix, but for its indicator.

    Raises
    ------
    LearnerError
        When it measures or weighs in another way.
    """
    if imputer.metric != "nan_euclidean":
        raise refuse("A KNNImputer of another metric than nan_euclidean")
    learned, known = np.asarray(imputer._fit_X, dtype=np.float64), ~imputer._mask_fit_X
    rows, width = np.where(known, learned, 0.0), learned.shape[1]
    graph = _graph_of("KNNImputer", imputer.weights, rows, rows)
    given = graph.input("x", float, [ROWS, width])
    missing = graph.node("IsNaN", given)
    far = _of_known(graph, given, missing, rows, known)
    donors = graph.node("Where", graph.constant(known.T), far, graph.constant(np.inf))
    count = min(int(imputer.n_neighbors), len(rows))
    nearest, places = _nearest(graph, donors, count, axis=_ALONG_COLUMNS)
    shares = _weights(graph, nearest, imputer.weights, axis=_ALONG_COLUMNS)
    values = graph.node("GatherElements", graph.constant(rows.T), places, axis=_ALONG_COLUMNS)
    mean = _mean(graph, values, shares, axis=_ALONG_COLUMNS)
    found = graph.node("Greater", _sum(graph, shares, _ALONG_COLUMNS), graph.constant(0.0))
    usual = graph.constant(rows.sum(axis=0) / known.sum(axis=0))
    filled = graph.node("Where", missing, graph.node("Where", found, mean, usual), given)
    graph.output("filled", filled, float, [ROWS, width])
    return _step(draft, graph, matrix, width)


def _graph_of(title: str, weights: Any, *tables: Any) -> Graph:
    if callable(weights):
        raise refuse(f"A {title} that weighs by a function of somebody's own")
    if sum(math.prod(each.shape) for each in tables) * _BYTES > MOST_BYTES // 2:
        raise refuse(f"A {title} that learned so many rows", "Fit it on fewer of them.")
    if any(find_spec(each) is None for each in _NEEDS):
        raise refuse(f"A {title}", "It stays a graph of ONNX: pip install 'modelwright[onnx]'.")
    return Graph()


def _step(draft: Draft, graph: Graph, matrix: str, columns: int) -> str:
    model = np.frombuffer(graph.written({}), dtype=np.uint8)
    return draft.add(GraphStep, matrix, model=model, reads=(1,), kinds=("number",), columns=columns)


def _dense(rows: Any) -> Floats:
    return np.asarray(rows.toarray() if hasattr(rows, "toarray") else rows, dtype=np.float64)


def _answers_of(model: Any) -> Floats:
    """Return what each learned row answers: its class as one of several columns, or its number."""
    truth = np.asarray(model._y)
    if not hasattr(model, "classes_"):
        return truth.astype(np.float64).reshape(len(truth), -1)
    return np.asarray(np.eye(len(model.classes_))[truth.ravel()])


def _of_known(graph: Graph, given: str, missing: str, rows: Floats, known: Any) -> str:
    """Return how far each learned row is in what both have; infinitely where that is nothing."""
    zero, one = graph.constant(0.0), graph.constant(1.0)
    numbers = graph.node("Where", missing, zero, given)
    both = graph.node(
        "Mul", graph.constant(known.astype(np.float64)), graph.node("Where", missing, zero, one)
    )
    away = graph.node("Mul", graph.node("Sub", graph.constant(rows), numbers), both)
    count = _sum(graph, both, _ALONG_COLUMNS)
    total = graph.node("Div", _sum(graph, graph.node("Mul", away, away), _ALONG_COLUMNS), count)
    distance = graph.node("Sqrt", graph.node("Mul", total, graph.constant(float(rows.shape[1]))))
    infinite = graph.constant(np.inf)
    return graph.node("Where", graph.node("Less", distance, infinite), distance, infinite)


def _nearest(graph: Graph, distances: str, count: int, *, axis: int) -> tuple[str, str]:
    nearest, places = graph.nodes(
        "TopK", 2, distances, graph.constant(np.array([count])), axis=axis, largest=0
    )
    return nearest, places


def _weights(graph: Graph, distances: str, weights: Any, *, axis: int) -> str:
    """Return how much each neighbour counts: where one is at the same place, only such do."""
    zero, one = graph.constant(0.0), graph.constant(1.0)
    if weights != "distance":
        infinite = graph.node("Equal", distances, graph.constant(np.inf))
        return graph.node("Where", infinite, zero, one)
    here = graph.node("Where", graph.node("Equal", distances, zero), one, zero)
    some = graph.node("Greater", _sum(graph, here, axis, keep=True), zero)
    return graph.node("Where", some, here, graph.node("Div", one, distances))


def _mean(graph: Graph, values: str, shares: str, *, axis: int) -> str:
    total = _sum(graph, graph.node("Mul", values, shares), axis)
    return graph.node("Div", total, _sum(graph, shares, axis))


def _standing(graph: Graph, shares: str) -> str:
    return graph.node("Unsqueeze", shares, graph.constant(np.array([1])))


def _sum(graph: Graph, value: str, axis: int, *, keep: bool = False) -> str:
    return graph.node("ReduceSum", value, graph.constant(np.array([axis])), keepdims=int(keep))


def _straight(graph: Graph, away: str) -> str:
    return graph.node("Sqrt", _sum(graph, graph.node("Mul", away, away), _ALONG_COLUMNS))


def _around_corners(graph: Graph, away: str) -> str:
    return _sum(graph, graph.node("Abs", away), _ALONG_COLUMNS)


_METRICS: Mapping[str, Callable[[Graph, str], str]] = {
    "euclidean": _straight,
    "manhattan": _around_corners,
}
"""By their names in scikit-learn: how long what lies between two rows is."""
