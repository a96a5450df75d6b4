"""Links, blends and calibration as nodes."""

import numpy as np

from modelwright.predictor.emitters.onnx.curves import rising_line
from modelwright.predictor.emitters.onnx.graph import Graph
from modelwright.predictor.emitters.onnx.numbers import at_least, at_most, between, sigmoid
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits

_SMALLEST, _LARGEST_EXPONENT = 1e-15, 700.0
"""As the operations have them."""


def link(graph: Graph, step: Link, values: str) -> str:
    match step.kind:
        case "sigmoid":
            return _two_columns(graph, sigmoid(graph, values))
        case "softmax":
            return _softmax(graph, values)
        case "exponential":
            safe = between(graph, values, -_LARGEST_EXPONENT, _LARGEST_EXPONENT)
            return graph.node("Exp", safe)


def clip(graph: Graph, step: Clip, values: str) -> str:
    if step.low is not None:
        values = at_least(graph, values, graph.constant(np.float64(step.low)))
    if step.high is not None:
        values = at_most(graph, values, graph.constant(np.float64(step.high)))
    return values


def blend(graph: Graph, step: Blend, *values: str) -> str:
    total = ""
    for value, weight in zip(values, step.weights, strict=True):
        part = graph.node("Mul", value, graph.constant(np.float64(weight)))
        total = graph.node("Add", total, part) if total else part
    return total


def scale_logits(graph: Graph, step: ScaleLogits, values: str) -> str:
    logs = graph.node("Log", between(graph, values, _SMALLEST, 1.0))
    scaled = graph.node("Mul", logs, graph.constant(np.float64(step.slope)))
    return _softmax(graph, graph.node("Add", scaled, graph.constant(step.bias)))


def isotonic(graph: Graph, step: Isotonic, values: str) -> str:
    positive = graph.node("Gather", values, graph.constant([1]), axis=1)
    return _two_columns(graph, rising_line(graph, step, positive))


def _two_columns(graph: Graph, positive: str) -> str:
    negative = graph.node("Sub", graph.constant(np.float64(1.0)), positive)
    return graph.node("Concat", negative, positive, axis=1)


def _softmax(graph: Graph, raw: str) -> str:
    axis = graph.constant([1])
    powers = graph.node("Exp", graph.node("Sub", raw, graph.node("ReduceMax", raw, axis)))
    return graph.node("Div", powers, graph.node("ReduceSum", powers, axis))
