"""Texts as sequences of codes, in which runs of codes are the tokens of both analyzers.

A word stands between two separators, of which neighbours share one: the token ``ab`` is the run
(separator, a, b, separator) among words and (a, b) among characters.
"""

import numpy as np

from modelwright.predictor.emitters.onnx.categories import look_up
from modelwright.predictor.emitters.onnx.characters import (
    APOSTROPHE,
    OTHER_LETTER,
    SEPARATOR,
    Characters,
)
from modelwright.predictor.emitters.onnx.graph import Graph
from modelwright.predictor.operations.folding import folding
from modelwright.predictor.operations.text import MAX_LENGTH

_INT64 = 7
_NOT_NAMED = -1


def sequences(graph: Graph, texts: str, characters: Characters) -> str:
    """Return the codes of texts of shape (rows, 1), left-aligned, with zeros after them."""
    numbers = _rows_of_slots(graph, _characters(graph, texts), characters)
    codes = _aligned(graph, _framed(graph, _slots(graph, numbers, characters)))
    return _without_empty_words(graph, _apostrophes_decided(graph, codes))


def _characters(graph: Graph, texts: str) -> str:
    """Cut texts into characters, and one text more: so there is a character in any case."""
    flat = graph.node("Squeeze", texts, graph.constant([1]))
    longer = graph.node("Concat", flat, graph.constant([" "]), axis=0)
    cut = graph.pieces(longer, 2, separators=[""])
    return graph.node("Slice", cut, *map(graph.constant, ([0], [MAX_LENGTH], [1])))


def _rows_of_slots(graph: Graph, characters: str, known: Characters) -> str:
    """Look characters up, and find out by a pattern whether words are made of one not named."""
    rows = look_up(graph, characters, {"": 0, **known.rows}, other=_NOT_NAMED)
    places = graph.node("NonZero", graph.node("Less", rows, graph.constant(np.int64(0))))
    places = graph.node("Transpose", places, perm=[1, 0])
    others = graph.node("GatherND", characters, places)
    codes = graph.node(
        "Where",
        graph.node("RegexFullMatch", others, pattern=_pattern_of_words()),
        graph.constant(np.int64(OTHER_LETTER)),
        graph.constant(np.int64(SEPARATOR)),
    )
    return graph.node("ScatterND", rows, places, codes)


def _slots(graph: Graph, rows: str, known: Characters) -> str:
    """Write the codes of characters one after another, in as few columns as these texts need."""
    table = graph.constant(known.slots)
    if known.slots.shape[1] > 1:
        highest = graph.node("ReduceMax", rows, keepdims=0)
        reached = graph.node("GreaterOrEqual", highest, graph.constant(known.first_rows()))
        more = graph.node("ReduceSum", graph.node("Cast", reached, to=_INT64), keepdims=1)
        width = graph.node("Add", more, graph.constant([1]))
        table = graph.node("Slice", table, graph.constant([0]), width, graph.constant([1]))
    codes = graph.node("Gather", table, rows, axis=0)
    return graph.node("Reshape", codes, graph.constant([0, -1]))


def _framed(graph: Graph, codes: str) -> str:
    """Put a separator before and behind each text, and leave the last text out."""
    ends = graph.constant([0, 1, -1, 1])
    return graph.node("Pad", codes, ends, graph.constant(np.int64(SEPARATOR)))


def _aligned(graph: Graph, codes: str) -> str:
    """Move codes to the left, over whatever is nothing."""
    return _moved(graph, codes, graph.node("Min", codes, graph.constant(np.int64(1))))


def _apostrophes_decided(graph: Graph, codes: str) -> str:
    """Make separators of apostrophes that do not stand between two letters."""
    around = graph.node("Min", _shifted(graph, codes, 1), _shifted(graph, codes, -1))
    inside = graph.node("Greater", around, graph.constant(np.int64(APOSTROPHE)))
    apostrophe, separator = (
        graph.constant(np.int64(APOSTROPHE)),
        graph.constant(np.int64(SEPARATOR)),
    )
    decided = graph.node("Where", inside, apostrophe, separator)
    return graph.node("Where", graph.node("Equal", codes, apostrophe), decided, codes)


def _without_empty_words(graph: Graph, codes: str) -> str:
    """Drop each separator after another; the first code, which is one, stays."""
    before = _shifted(graph, codes, 1, OTHER_LETTER)
    # What is nothing stands behind a separator or behind nothing.
    kept = graph.node(
        "Greater", graph.node("Max", codes, before), graph.constant(np.int64(SEPARATOR))
    )
    counts = graph.node("Cast", kept, to=_INT64)
    return _moved(graph, graph.node("Mul", codes, counts), counts)


def _shifted(graph: Graph, codes: str, by: int, fill: int = 0) -> str:
    """Return at each place the code that stands so far to the left."""
    return graph.node("Pad", codes, graph.constant([0, by, 0, -by]), graph.constant(np.int64(fill)))


def _moved(graph: Graph, codes: str, counts: str) -> str:
    """Write each code that counts behind those before it.

    Others are zeros, and the larger code stays where two meet, in whatever order they come.
    """
    places = graph.node("CumSum", counts, graph.constant(np.int64(1)), exclusive=1)
    empty = graph.node("Mul", codes, graph.constant(np.int64(0)))
    return graph.node("ScatterElements", empty, places, codes, axis=1, reduction="max")


def _pattern_of_words() -> str:
    """Return a pattern of a character of words, with the table's own ranges."""
    table = folding()
    ranges = (
        f"\\x{{{first:X}}}-\\x{{{last:X}}}"
        for first, last in zip(table.firsts, table.lasts, strict=True)
    )
    return f"[{''.join(ranges)}]"
