"""Operators of ONNX that calculate, as steps of a program."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.layers import affine, bend, dense, normalise, weighted
from modelwright.learners.foreign.onnx.graph import Given, Graph, Node, Raw
from modelwright.learners.foreign.selection import choose
from modelwright.predictor.operations.answers import Clip


def _same(graph: Graph, node: Node) -> Given:
    return graph.given(node, 0)


def _shaped(graph: Graph, node: Node) -> Given:
    """Keep a matrix that is given another shape: a row stays a row, as its width shows later."""
    given = graph.given(node, 0)
    if isinstance(given, np.ndarray):
        shape = graph.constant(node, 1)
        return given if shape is None else given.reshape([int(each) for each in shape])
    return given


def _constant(_: Graph, node: Node) -> Given:
    for name in ("value", "value_float", "value_floats", "value_int", "value_ints"):
        if name in node.settings:
            return np.asarray(node.settings[name])
    raise refuse("A Constant of ONNX without numbers")


def _beside(graph: Graph, node: Node) -> Given:
    given = [graph.given(node, place) for place in range(len(node.inputs))]
    raw = [each for each in given if isinstance(each, Raw)]
    constants = [each for each in given if isinstance(each, np.ndarray)]
    axis = int(node.settings["axis"])
    if len(constants) == len(given):
        return np.concatenate(constants, axis=axis)
    if axis not in (1, -1):
        raise refuse("A Concat of ONNX that puts values below each other")
    if len(raw) == len(given) and len({each.are_texts for each in raw}) == 1:
        return Raw([name for each in raw for name in each.names], raw[0].are_texts)
    return graph.draft.beside([graph.matrix(node, place) for place in range(len(given))])


def _product(graph: Graph, node: Node) -> Given:
    weights = _weights(graph, node, 1)
    return dense(graph.draft, graph.matrix(node), weights, None)


def _general_product(graph: Graph, node: Node) -> Given:
    weights = _weights(graph, node, 1)
    if node.settings.get("transA", 0):
        raise refuse("A Gemm of ONNX that turns its rows into columns")
    if node.settings.get("transB", 0):
        weights = weights.T
    bias = graph.constant(node, 2)
    added = None
    if bias is not None:
        shift = node.settings.get("beta", 1.0) * np.asarray(bias, dtype=np.float64)
        added = np.broadcast_to(shift.ravel(), weights.shape[1])
    return dense(graph.draft, graph.matrix(node), weights * node.settings.get("alpha", 1.0), added)


def _weights(graph: Graph, node: Node, place: int) -> Any:
    weights = graph.constant(node, place)
    if weights is None or weights.ndim > 2:
        raise refuse(f"A {node.name} of ONNX of two computed values")
    return np.asarray(weights, dtype=np.float64).reshape(len(weights), -1)


def _sum(graph: Graph, node: Node) -> Given:
    for place, other in ((0, 1), (1, 0)):
        if (added := graph.constant(node, other)) is not None:
            return _affine(graph, node, place, shift=added)
    return weighted(graph.draft, [graph.matrix(node, 0), graph.matrix(node, 1)], [1.0, 1.0])


def _total(graph: Graph, node: Node) -> Given:
    values = [graph.matrix(node, place) for place in range(len(node.inputs))]
    return weighted(graph.draft, values, [1.0] * len(values))


def _difference(graph: Graph, node: Node) -> Given:
    if (taken := graph.constant(node, 1)) is not None:
        return _affine(graph, node, 0, shift=-taken)
    if (start := graph.constant(node, 0)) is not None:
        return _affine(graph, node, 1, factor=-1.0, shift=start)
    return weighted(graph.draft, [graph.matrix(node, 0), graph.matrix(node, 1)], [1.0, -1.0])


def _multiple(graph: Graph, node: Node) -> Given:
    for place, other in ((0, 1), (1, 0)):
        if (factor := graph.constant(node, other)) is not None:
            return _affine(graph, node, place, factor=factor)
        maker = graph.nodes.get(node.inputs[other])
        # x sigmoid(x), as networks write SiLU.
        if maker and maker.name == "Sigmoid" and maker.inputs[0] == node.inputs[place]:
            return bend(graph.draft, graph.matrix(node, place), "silu")
    raise refuse("A Mul of ONNX of two computed values")


def _quotient(graph: Graph, node: Node) -> Given:
    divisor = graph.constant(node, 1)
    if divisor is None:
        raise refuse("A Div of ONNX by a computed value")
    return _affine(graph, node, 0, factor=1.0 / np.asarray(divisor, dtype=np.float64))


def _affine(graph: Graph, node: Node, place: int, *, factor: Any = 1.0, shift: Any = 0.0) -> Given:
    """Multiply each column with a constant and add one; a constant for all columns is one."""
    given = graph.given(node, place)
    if isinstance(given, np.ndarray):
        return np.asarray(given * factor + shift)
    value = graph.matrix(node, place)
    factors, shifts = (np.asarray(each, dtype=np.float64).ravel() for each in (factor, shift))
    if max(len(factors), len(shifts)) > graph.draft.width(value):
        raise refuse(f"A {node.name} of ONNX that makes several columns of one")
    return affine(graph.draft, value, factors, shifts)


def _normal(graph: Graph, node: Node) -> Given:
    scale, shift, mean, variance = (graph.constant(node, place) for place in range(1, 5))
    if scale is None or shift is None or mean is None or variance is None:
        raise refuse("A BatchNormalization of ONNX of computed values")
    return normalise(
        graph.draft,
        graph.matrix(node),
        mean=mean,
        variance=np.asarray(variance, dtype=np.float64) + node.settings.get("epsilon", 1e-5),
        scale=scale,
        shift=shift,
    )


def _bent(kind: str, **usual: float) -> Callable[[Graph, Node], Given]:
    """Return the writer of an activation.

    Parameters
    ----------
    kind
        As `layers.bend` calls it.
    usual
        Its parameter there, and what ONNX takes where ``alpha`` is not set.
    """

    def written(graph: Graph, node: Node) -> Given:
        told = {name: float(node.settings.get("alpha", value)) for name, value in usual.items()}
        return bend(graph.draft, graph.matrix(node), kind, **told)

    return written


def _clipped(graph: Graph, node: Node) -> Given:
    ends = [graph.constant(node, place) for place in (1, 2)]
    low, high = (
        node.settings.get(name) if end is None else float(np.ravel(end)[0])
        for name, end in zip(("min", "max"), ends, strict=True)
    )
    value = graph.matrix(node)
    # An end that is the least or the largest float32 is none.
    low = None if low is None or low < -_LARGEST else low
    high = None if high is None or high > _LARGEST else high
    return (
        value if low is None and high is None else graph.draft.add(Clip, value, low=low, high=high)
    )


def _shares(graph: Graph, node: Node) -> Given:
    return graph.draft.link(graph.matrix(node), "softmax")


def _power(graph: Graph, node: Node) -> Given:
    return graph.draft.link(graph.matrix(node), "exponential")


def _gathered(graph: Graph, node: Node) -> Given:
    places = graph.constant(node, 1)
    if places is None or node.settings.get("axis", 0) not in (1, -1):
        raise refuse("A Gather of ONNX of rows")
    return taken(graph, node, np.ravel(places))


def _sliced(graph: Graph, node: Node) -> Given:
    start, stop, axes, step = (graph.constant(node, place) for place in range(1, 5))
    width = _width(graph, node)
    if start is None or stop is None or axes is None or np.ravel(axes).tolist() not in ([1], [-1]):
        raise refuse("A Slice of ONNX of other than columns")
    every = slice(
        int(np.ravel(start)[0]), int(np.ravel(stop)[0]), 1 if step is None else int(step[0])
    )
    return taken(graph, node, range(width)[every])


def taken(graph: Graph, node: Node, places: Any) -> Given:
    """Return columns of what a node reads first."""
    width = _width(graph, node)
    chosen = [int(place) % width for place in places]
    given = graph.given(node, 0)
    if isinstance(given, Raw):
        return Raw([given.names[place] for place in chosen], given.are_texts)
    return choose(graph.draft, graph.matrix(node), chosen)


def _width(graph: Graph, node: Node) -> int:
    given = graph.given(node, 0)
    return len(given.names) if isinstance(given, Raw) else graph.draft.width(graph.matrix(node))


_LARGEST = 3.4e38
ARITHMETIC: Mapping[str, Callable[[Graph, Node], Given]] = {
    **dict.fromkeys(("Identity", "Dropout", "Cast"), _same),
    **dict.fromkeys(("Reshape", "Flatten", "Squeeze", "Unsqueeze"), _shaped),
    "Constant": _constant,
    "Concat": _beside,
    "MatMul": _product,
    "Gemm": _general_product,
    "Add": _sum,
    "Sum": _total,
    "Sub": _difference,
    "Mul": _multiple,
    "Div": _quotient,
    "BatchNormalization": _normal,
    "Relu": _bent("relu"),
    "Sigmoid": _bent("sigmoid"),
    "Tanh": _bent("tanh"),
    "Swish": _bent("silu"),
    "LeakyRelu": _bent("leaky_relu", slope=0.01),
    "Elu": _bent("elu", alpha=1.0),
    "Selu": _bent("selu"),
    "Clip": _clipped,
    "Softmax": _shares,
    "Exp": _power,
    "Gather": _gathered,
    "Slice": _sliced,
}
"""By the name of the operator."""
