"""Vectorizers of scikit-learn as graphs of ONNX: no operation of a program counts any tokens."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.onnx.file import OnnxFile
from modelwright.learners.foreign.onnx.whole import WholeGraph
from modelwright.learners.foreign.texts import cut_of
from modelwright.predictor.emitters.onnx.graph import ROWS, Graph, onnx_library
from modelwright.predictor.operations.cutting import spelled
from modelwright.predictor.operations.graph import MOST_COLUMNS

_NEEDS = ("onnx", "onnxruntime")
_INPUT = "text"
_LEAST = float(np.finfo(np.float64).tiny)


def counted(draft: Draft, steps: Sequence[Any], name: str) -> str:
    """Write a fitted vectorizer and what weighs its counts, and return the value that they make.

    Parameters
    ----------
    draft
        Where it is written.
    steps
        A CountVectorizer or TfidfVectorizer, and TfidfTransformers.
    name
        The column of texts.

    Raises
    ------
    LearnerError
        When it cuts texts by a function of somebody's own, or has no list of tokens.
    """
    vectorizer = steps[0]
    title, cut = type(vectorizer).__name__, cut_of(vectorizer)
    if cut is None or not hasattr(vectorizer, "vocabulary_"):
        raise refuse(f"A {title} that cuts texts in a way of its own, or has no list of tokens,")
    if len(vectorizer.vocabulary_) > MOST_COLUMNS:
        raise refuse(
            f"A {title} of more than {MOST_COLUMNS:,} tokens", "Train it with fewer max_features."
        )
    if any(find_spec(each) is None for each in _NEEDS):
        raise refuse(f"A {title}", "It stays a graph of ONNX: pip install 'modelwright[onnx]'.")
    model = onnx_library().load_model_from_string(_written(steps))
    return WholeGraph(OnnxFile(model, [name]), {name: (cut,)}).written(draft)


def _written(steps: Sequence[Any]) -> bytes:
    graph, words = Graph(), steps[0].vocabulary_
    told = graph.input(_INPUT, str, [ROWS, 1])
    flat = graph.node("Reshape", told, graph.constant(np.array([-1])))
    counts = graph.node(
        "TfIdfVectorizer",
        graph.pieces(flat, 2, tokenexp="[a-zA-Z0-9_]+"),
        mode="TF",
        min_gram_length=1,
        max_gram_length=1,
        max_skip_count=0,
        ngram_counts=[0],
        ngram_indexes=[int(each) for each in words.values()],
        pool_strings=[spelled(each, 0) for each in words],
    )
    value = graph.node("Cast", counts, to=onnx_library().TensorProto.DOUBLE)
    if steps[0].binary:
        value = graph.node("Sign", value)
    for step in steps:
        if hasattr(step, "sublinear_tf"):
            value = _weighted(graph, step, value)
    graph.output("counts", value, float, [ROWS, len(words)])
    return graph.written({})


def _weighted(graph: Graph, step: Any, value: str) -> str:
    """Write what a TfidfTransformer makes of counts: they grow slower, by rarity, to one length."""
    if step.sublinear_tf:
        grown = graph.node("Log", graph.node("Max", value, graph.constant(1.0)))
        grown = graph.node("Add", grown, graph.constant(1.0))
        value = graph.node("Mul", grown, graph.node("Sign", value))
    if step.use_idf:
        value = graph.node("Mul", value, graph.constant(np.asarray(step.idf_, dtype=np.float64)))
    if step.norm is None:
        return value
    size = graph.node("Abs" if step.norm == "l1" else "Mul", *[value] * (1 + (step.norm == "l2")))
    length = graph.node("ReduceSum", size, graph.constant(np.array([1])), keepdims=1)
    if step.norm == "l2":
        length = graph.node("Sqrt", length)
    return graph.node("Div", value, graph.node("Max", length, graph.constant(_LEAST)))
