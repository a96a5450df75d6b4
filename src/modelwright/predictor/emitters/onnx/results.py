"""What leaves a graph: answers, the class that is answered, ranges or sets."""

from collections.abc import Mapping

import numpy as np

from modelwright.predictor.coverage import Ranges, Sets
from modelwright.predictor.emitters.onnx.graph import ROWS, Graph
from modelwright.predictor.emitters.onnx.numbers import at_least, at_most
from modelwright.predictor.emitters.onnx.search import count_below
from modelwright.predictor.labels import label_text
from modelwright.predictor.program import Program

_NO_CLASS = -1
_INT64 = 7


def write_results(graph: Graph, program: Program, answers: str) -> Mapping[str, str]:
    """Add the outputs and return the name that each has in the graph.

    A column may be called like an output, which then has another name.
    """
    width = program.task.n_outputs
    names = {"answers": graph.output("answers", answers, float, [ROWS, width])}
    chosen = _chosen(graph, program, answers) if program.task.is_classification else ""
    if chosen:
        index = _where_finite(graph, answers, chosen)
        names["index"] = graph.output("index", index, int, [ROWS])
        # The last text is read where the index is -1.
        labels = graph.constant([*map(label_text, program.task.classes), ""])
        names["label"] = graph.output("label", graph.node("Gather", labels, index), str, [ROWS])
    match program.coverage:
        case Ranges() as ranges:
            ends = _ends(graph, ranges, answers)
            names["ranges"] = graph.output("ranges", ends, float, [ROWS, 2])
        case Sets() as sets:
            held = _held(graph, sets, answers, chosen)
            names["sets"] = graph.output("sets", held, bool, [ROWS, width])
    return names


def _chosen(graph: Graph, program: Program, answers: str) -> str:
    if program.task.kind == "multiclass":
        weights = graph.constant(np.array(program.weights or [1.0]))
        weighed = graph.node("Mul", answers, weights) if program.weights else answers
        return graph.node("ArgMax", weighed, axis=1, keepdims=0)
    positive = graph.node("Gather", answers, graph.constant(np.int64(1)), axis=1)
    threshold = graph.constant(np.float64(program.threshold))
    return graph.node("Cast", graph.node("GreaterOrEqual", positive, threshold), to=_INT64)


def _where_finite(graph: Graph, answers: str, chosen: str) -> str:
    """Choose no class where an answer is not finite: its difference to itself is not zero."""
    differences = graph.node("Sub", answers, answers)
    total = graph.node("ReduceSum", differences, graph.constant([1]), keepdims=0)
    finite = graph.node("Equal", total, graph.constant(np.float64(0.0)))
    return graph.node("Where", finite, chosen, graph.constant(np.int64(_NO_CLASS)))


def _ends(graph: Graph, ranges: Ranges, answers: str) -> str:
    level = ranges.place(ranges.usual_level)
    band = count_below(graph, [ranges.edges], answers)
    low = graph.node("Sub", answers, graph.gather(ranges.below[level], band))
    high = graph.node("Add", answers, graph.gather(ranges.above[level], band))
    if ranges.floor is not None:
        floor = at_most(graph, answers, graph.constant(np.float64(ranges.floor)))
        low = at_least(graph, low, floor)
    return graph.node("Concat", low, high, axis=1)


def _held(graph: Graph, sets: Sets, answers: str, chosen: str) -> str:
    thresholds = graph.constant(sets.thresholds[sets.place(sets.usual_level)])
    likely = graph.node("GreaterOrEqual", answers, thresholds)
    column = graph.node("Unsqueeze", chosen, graph.constant([1]))
    classes = graph.constant(np.arange(sets.thresholds.shape[1]))
    return graph.node("Or", likely, graph.node("Equal", column, classes))
