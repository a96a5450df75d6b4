"""Vectorizers of scikit-learn as graphs of ONNX: no operation of a program counts any tokens."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.onnx.file import OnnxFile
from modelwright.learners.foreign.onnx.whole import WholeGraph
from modelwright.learners.foreign.texts import cut_of, hashes
from modelwright.predictor.emitters.onnx.graph import ROWS, Graph, onnx_library
from modelwright.predictor.operations.cutting import bucket_token, spelled
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
        A CountVectorizer, TfidfVectorizer or HashingVectorizer, and TfidfTransformers.
    name
        The column of texts.

    Raises
    ------
    LearnerError
        When it cuts texts by a function of somebody's own, or has no list of tokens.
    """
    vectorizer = steps[0]
    title, cut = type(vectorizer).__name__, cut_of(vectorizer)
    if cut is None or not (hashes(vectorizer) or hasattr(vectorizer, "vocabulary_")):
        raise refuse(f"A {title} that cuts texts in a way of its own, or has no list of tokens,")
    if _columns(vectorizer) > MOST_COLUMNS:
        fewer = "n_features=2**16" if hashes(vectorizer) else "fewer max_features"
        raise refuse(f"A {title} of more than {MOST_COLUMNS:,} columns", f"Train it with {fewer}.")
    if any(find_spec(each) is None for each in _NEEDS):
        raise refuse(f"A {title}", "It stays a graph of ONNX: pip install 'modelwright[onnx]'.")
    model = onnx_library().load_model_from_string(_written(steps))
    return WholeGraph(OnnxFile(model, [name]), {name: (cut,)}).written(draft)


def _columns(vectorizer: Any) -> int:
    return int(vectorizer.n_features) if hashes(vectorizer) else len(vectorizer.vocabulary_)


def _written(steps: Sequence[Any]) -> bytes:
    graph = Graph()
    told = graph.input(_INPUT, str, [ROWS, 1])
    value = (_buckets if hashes(steps[0]) else _tokens)(graph, steps[0], told)
    for step in steps:
        if hasattr(step, "sublinear_tf"):
            value = _weighted(graph, step, value)
    graph.output("counts", value, float, [ROWS, _columns(steps[0])])
    return graph.written({})


def _tokens(graph: Graph, vectorizer: Any, texts: str) -> str:
    counts = _counts(graph, texts, vectorizer.vocabulary_)
    return graph.node("Sign", counts) if vectorizer.binary else counts


def _buckets(graph: Graph, vectorizer: Any, texts: str) -> str:
    """Write a HashingVectorizer: half of the tokens take from their bucket what others add."""
    count = _columns(vectorizer)
    words = {
        bucket_token(bucket, more=more): bucket + (0 if more else count)
        for more in (True, False)
        for bucket in range(count)
    }
    counts = _counts(graph, texts, words)
    halves = (
        graph.node("Slice", counts, *(graph.constant(np.array([end])) for end in ends))
        for ends in ((0, count, 1), (count, 2 * count, 1))
    )
    signed = vectorizer.alternate_sign and not vectorizer.binary
    value = graph.node("Sub" if signed else "Add", *halves)
    if vectorizer.binary:
        value = graph.node("Sign", value)
    return value if vectorizer.norm is None else _of_length_one(graph, vectorizer.norm, value)


def _counts(graph: Graph, texts: str, words: Mapping[str, int]) -> str:
    flat = graph.node("Reshape", texts, graph.constant(np.array([-1])))
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
    return graph.node("Cast", counts, to=onnx_library().TensorProto.DOUBLE)


def _weighted(graph: Graph, step: Any, value: str) -> str:
    """Write what a TfidfTransformer makes of counts: they grow slower, by rarity, to one length."""
    if step.sublinear_tf:
        grown = graph.node("Log", graph.node("Max", value, graph.constant(1.0)))
        grown = graph.node("Add", grown, graph.constant(1.0))
        value = graph.node("Mul", grown, graph.node("Sign", value))
    if step.use_idf:
        value = graph.node("Mul", value, graph.constant(np.asarray(step.idf_, dtype=np.float64)))
    return value if step.norm is None else _of_length_one(graph, step.norm, value)


def _of_length_one(graph: Graph, norm: str, value: str) -> str:
    size = graph.node("Abs" if norm == "l1" else "Mul", *[value] * (1 + (norm == "l2")))
    length = graph.node("ReduceSum", size, graph.constant(np.array([1])), keepdims=1)
    if norm == "l2":
        length = graph.node("Sqrt", length)
    return graph.node("Div", value, graph.node("Max", length, graph.constant(_LEAST)))
