"""Lines between knots as nodes: curves of many columns, and a calibration by a rising line."""

import numpy as np

from modelwright.predictor.emitters.onnx.graph import Graph
from modelwright.predictor.emitters.onnx.numbers import at_least, at_most, between
from modelwright.predictor.emitters.onnx.search import count_below
from modelwright.predictor.operations.answers import Isotonic
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.curves import Curves


def curves(graph: Graph, step: Curves, values: str) -> str:
    last = np.cumsum(step.sizes, dtype=np.int64)
    first = last - step.sizes
    # The line on which a number lies begins at the first knot, or at the last inner one below it.
    inner = [step.knots[start + 1 : end - 1] for start, end in zip(first, last, strict=True)]
    left = graph.node("Add", count_below(graph, inner, values), graph.constant(first))
    low = graph.gather(step.knots, left)
    high = graph.gather(_next(step.knots), left)
    inside = at_most(graph, at_least(graph, values, low), high)
    above = graph.node("Sub", inside, low)
    share = graph.node("Div", above, graph.gather(_next(step.knots) - step.knots, left))
    risen = graph.node(
        "Mul",
        graph.node("Unsqueeze", share, graph.constant([2])),
        graph.gather(_next(step.heights) - step.heights, left),
    )
    heights = graph.node("Add", graph.gather(step.heights, left), risen)
    missing = graph.node("Unsqueeze", graph.node("IsNaN", values), graph.constant([2]))
    heights = graph.node("Where", missing, graph.constant(step.missing), heights)
    return graph.node("ReduceSum", heights, graph.constant([1]), keepdims=0)


def rising_line(graph: Graph, step: Isotonic, values: str) -> str:
    """Return the height of the line at each value of shape (rows, 1), as `numpy.interp` does."""
    if len(step.x) == 1:
        flat = graph.constant(step.y)
        return graph.node("Where", graph.node("IsNaN", values), flat, flat)
    inside = between(graph, values, step.x[0], step.x[-1])
    at = count_below(graph, [step.x[1:]], inside)
    slope = np.append(np.diff(step.y) / np.diff(step.x), 0.0)
    above = graph.node("Sub", inside, graph.gather(step.x, at))
    risen = graph.node("Mul", graph.gather(slope, at), above)
    return graph.node("Add", risen, graph.gather(step.y, at))


def is_too_steep(step: Isotonic) -> bool:
    """Say whether the line rises so fast between two knots that no number says how fast."""
    with np.errstate(over="ignore"):
        return not np.isfinite(np.diff(step.y) / np.diff(step.x)).all()


def _next(numbers: Floats) -> Floats:
    """Return what stands one further; after the last comes the last."""
    return np.concatenate([numbers[1:], numbers[-1:]])
