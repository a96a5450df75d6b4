"""Operations on numbers as nodes."""

from collections.abc import Sequence

import numpy as np

from modelwright.predictor.emitters.onnx.graph import Graph
from modelwright.predictor.operations.activation import LEAST_LOGGED, Activation
from modelwright.predictor.operations.linear import Columns, Constant, Linear
from modelwright.predictor.operations.numbers import (
    Impute,
    MissingFlags,
    RoundToFloat32,
    Scale,
    SmoothClip,
)
from modelwright.predictor.operations.ramps import Ramps

_FAR = 1e100
"""As in `SmoothClip`."""
_FLOAT32, _FLOAT64 = 1, 11
"""Element types as ONNX counts them."""


def at_least(graph: Graph, values: str, low: str) -> str:
    """Lift what is lower; a missing number stays missing.

    Max and Min are not used: hosts that compute several numbers at once disagree about NaN.
    """
    return graph.node("Where", graph.node("Less", values, low), low, values)


def at_most(graph: Graph, values: str, high: str) -> str:
    """Lower what is higher; a missing number stays missing."""
    return graph.node("Where", graph.node("Greater", values, high), high, values)


def between(graph: Graph, values: str, low: float, high: float) -> str:
    """Keep numbers between two ends."""
    lifted = at_least(graph, values, graph.constant(np.float64(low)))
    return at_most(graph, lifted, graph.constant(np.float64(high)))


def side_by_side(graph: Graph, values: Sequence[str]) -> str:
    """Put columns beside each other."""
    return values[0] if len(values) == 1 else graph.node("Concat", *values, axis=1)


def rows_of(graph: Graph, value: str) -> str:
    """Return the number of rows, as a list of one."""
    return graph.node("Shape", value, start=0, end=1)


def repeated(graph: Graph, row: str, like: str, width: int) -> str:
    """Repeat a row of some width as often as another value has rows."""
    shape = graph.node("Concat", rows_of(graph, like), graph.constant([width]), axis=0)
    return graph.node("Expand", row, shape)


def impute(graph: Graph, step: Impute, values: str) -> str:
    return graph.node("Where", graph.node("IsNaN", values), graph.constant(step.fill), values)


def missing_flags(graph: Graph, _: MissingFlags, values: str) -> str:
    return graph.node("Cast", graph.node("IsNaN", values), to=_FLOAT64)


def scale(graph: Graph, step: Scale, values: str) -> str:
    centred = graph.node("Sub", values, graph.constant(step.center))
    scaled = graph.node("Div", centred, graph.constant(step.scale))
    return between(graph, scaled, -step.limit, step.limit)


def smooth_clip(graph: Graph, step: SmoothClip, values: str) -> str:
    near = between(graph, values, -_FAR, _FAR)
    share = graph.node("Div", near, graph.constant(np.float64(step.limit)))
    square = graph.node("Mul", share, share)
    more = graph.node("Add", square, graph.constant(np.float64(1.0)))
    return graph.node("Div", near, graph.node("Sqrt", more))


def ramps(graph: Graph, step: Ramps, values: str) -> str:
    read = graph.node("Gather", values, graph.constant(step.source.astype(np.int64)), axis=1)
    above = graph.node("Sub", read, graph.constant(step.start))
    return between(graph, graph.node("Div", above, graph.constant(step.length)), 0.0, 1.0)


def round_to_float32(graph: Graph, _: RoundToFloat32, values: str) -> str:
    return graph.node("Cast", graph.node("Cast", values, to=_FLOAT32), to=_FLOAT64)


def constant(graph: Graph, step: Constant, values: str) -> str:
    return repeated(graph, graph.constant(step.answer), values, len(step.answer))


def columns(graph: Graph, _: Columns, *values: str) -> str:
    return side_by_side(graph, values)


def linear(graph: Graph, step: Linear, values: str) -> str:
    product = graph.node("MatMul", values, graph.constant(step.weights))
    return graph.node("Add", product, graph.constant(step.bias))


def activation(graph: Graph, step: Activation, values: str) -> str:
    if step.kind == "relu":
        return at_least(graph, values, graph.constant(np.float64(0.0)))
    if step.kind == "silu":
        return graph.node("Mul", values, sigmoid(graph, values))
    if step.kind == "logarithm":
        return graph.node("Log", at_least(graph, values, graph.constant(np.float64(LEAST_LOGGED))))
    two = graph.constant(np.float64(2.0))
    doubled = graph.node("Mul", sigmoid(graph, graph.node("Mul", values, two)), two)
    return graph.node("Sub", doubled, graph.constant(np.float64(1.0)))


def sigmoid(graph: Graph, raw: str) -> str:
    """Return 1 / (1 + exp(-x)) as the program's operations write it."""
    lower = graph.node("Exp", graph.node("Neg", graph.node("Abs", raw)))
    upper = graph.node("Exp", at_most(graph, raw, graph.constant(np.float64(0.0))))
    return graph.node("Div", upper, graph.node("Add", lower, graph.constant(np.float64(1.0))))
