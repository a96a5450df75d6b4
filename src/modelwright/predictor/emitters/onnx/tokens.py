"""Weights of tokens as nodes: runs of codes are counted, weighed and added up."""

from collections.abc import Mapping

import numpy as np

from modelwright.predictor.emitters.onnx.characters import Characters
from modelwright.predictor.emitters.onnx.graph import Graph
from modelwright.predictor.emitters.onnx.numbers import repeated, rows_of
from modelwright.predictor.operations.text import TokenWeights

_BLANK = " "
_INT64, _FLOAT64 = 7, 11


def token_weights(graph: Graph, step: TokenWeights, codes: str, characters: Characters) -> str:
    """Add up the weights of the tokens in sequences of codes.

    Only tokens that a text has are weighed: of twenty thousand mostly a few dozen.
    """
    runs = _runs(step, characters)
    width = step.weights.shape[1]
    sums = repeated(graph, graph.constant(np.zeros((1, width))), codes, width)
    if not runs:
        return sums
    counts, row, token = _found(graph, _counted(graph, codes, runs), max(runs) + 1)
    strengths = graph.node(
        "Mul", _logarithmic(graph, step, counts, token), graph.gather(step.rarity, token)
    )
    norms = _norms(graph, codes, row, strengths)
    shares = graph.node("Div", strengths, graph.node("Gather", norms, row))
    column = graph.constant([1])
    parts = graph.node(
        "Mul", graph.node("Unsqueeze", shares, column), graph.gather(step.weights, token)
    )
    rows = graph.node("Unsqueeze", row, column)
    return _added(graph, sums, graph.node("Expand", rows, graph.node("Shape", parts)), parts)


def _runs(step: TokenWeights, characters: Characters) -> Mapping[int, tuple[int, ...]]:
    """Return the run of each token that a text can have, by its place in the vocabulary."""
    shortest, longest = step.lengths
    runs = {}
    for place, token in enumerate(step.vocabulary):
        if step.analyzer == "word":
            words = token.split(_BLANK)
            possible = all(words) and shortest <= len(words) <= longest
            run = characters.codes_of(f"{_BLANK}{token}{_BLANK}")
        else:
            possible = _BLANK not in token[1:-1] and shortest <= len(token) <= longest
            run = characters.codes_of(token)
        if possible and run:
            runs[place] = run
    return runs


def _counted(graph: Graph, codes: str, runs: Mapping[int, tuple[int, ...]]) -> str:
    """Count each run; the column is the token's place in the vocabulary."""
    ordered = sorted(runs, key=lambda place: (len(runs[place]), place))
    lengths = np.array([len(runs[place]) for place in ordered])
    longest = int(lengths[-1])
    ends = np.cumsum([(lengths == length).sum() * length for length in range(1, longest)])
    return graph.node(
        "TfIdfVectorizer",
        codes,
        mode="TF",
        min_gram_length=int(lengths[0]),
        max_gram_length=longest,
        max_skip_count=0,
        ngram_counts=[0, *ends.astype(int).tolist()],
        ngram_indexes=ordered,
        pool_int64s=[code for place in ordered for code in runs[place]],
    )


def _found(graph: Graph, counts: str, tokens: int) -> tuple[str, str, str]:
    """Return the counts above zero, and the row and the token of each."""
    # In one long row, what is not zero has one number as its place.
    flat = graph.node("Reshape", counts, graph.constant([-1]))
    place = graph.node("Squeeze", graph.node("NonZero", flat), graph.constant([0]))
    row = graph.node("Div", place, graph.constant(np.int64(tokens)))
    token = graph.node("Mod", place, graph.constant(np.int64(tokens)))
    return graph.node("Gather", flat, place), row, token


def _logarithmic(graph: Graph, step: TokenWeights, counts: str, token: str) -> str:
    """Return 1 + ln(count)."""
    one = graph.constant(np.float64(1.0))
    counts = graph.node("Cast", counts, to=_FLOAT64)
    if _BLANK not in step.vocabulary:
        return graph.node("Add", graph.node("Log", counts), one)
    # Neighbours share a separator, but each word has a blank on both sides.
    none, blank = graph.constant(np.float64(0.0)), step.vocabulary.index(_BLANK)
    words = graph.node("Sub", counts, one)
    is_blank = graph.node("Equal", token, graph.constant(np.int64(blank)))
    counts = graph.node("Where", is_blank, graph.node("Add", words, words), counts)
    logarithmic = graph.node("Add", graph.node("Log", counts), one)
    return graph.node("Where", graph.node("Greater", counts, none), logarithmic, none)


def _norms(graph: Graph, codes: str, row: str, strengths: str) -> str:
    """Return the Euclidean norm of each row; one where it is zero."""
    zeros = graph.node("Expand", graph.constant(np.zeros(1)), rows_of(graph, codes))
    squares = _added(graph, zeros, row, graph.node("Mul", strengths, strengths))
    is_zero = graph.node("Equal", squares, graph.constant(np.float64(0.0)))
    return graph.node(
        "Where", is_zero, graph.constant(np.float64(1.0)), graph.node("Sqrt", squares)
    )


def _added(graph: Graph, sums: str, rows: str, parts: str) -> str:
    return graph.node("ScatterElements", sums, rows, parts, axis=0, reduction="add")
