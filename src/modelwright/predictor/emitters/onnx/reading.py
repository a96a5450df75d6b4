"""Raw columns as nodes: they are read as a server reads them."""

from collections.abc import Mapping, Sequence

import numpy as np

from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.cells import WHITESPACE, missing_numbers_of, missing_tokens_of
from modelwright.predictor.emitters.onnx.categories import look_up
from modelwright.predictor.emitters.onnx.graph import ROWS, Graph
from modelwright.predictor.program import Input

_TYPES = {"number": float, "string": str, "datetime": int}
_BLANK = "".join(f"\\x{{{ord(each):X}}}" for each in WHITESPACE)
_STRIPPED = rf"[^{_BLANK}](?:[\x{{0}}-\x{{10FFFF}}]*[^{_BLANK}])?"
"""From the first character that is no blank to the last one."""
_CODE, _CODE_ITSELF = r"[+-]?[0-9]+\.0+", r"[+-]?[0-9]+"
_BOOL = 9


def read_columns(graph: Graph, inputs: Sequence[Input], schema: Schema) -> Mapping[str, str]:
    """Add the inputs and return each column's value, of shape (rows, 1).

    Texts are stripped, codes that went through floats are mended, and numbers that stand for a
    missing one are missing. Texts that stand for a missing one are still there.
    """
    for each in inputs:
        graph.input(each.name, _TYPES[each.type], [ROWS, 1])
    values = {each.name: each.name for each in inputs}
    for each in inputs:
        if each.type == "number":
            values[each.name] = _number(graph, schema[each.name])
    texts = [each.name for each in inputs if each.type == "string"]
    stripped = _stripped(graph, texts) if texts else ()
    values |= {
        name: _text(graph, schema[name], value) for name, value in zip(texts, stripped, strict=True)
    }
    return values


def without_missing(graph: Graph, texts: str, column: Column) -> str:
    """Return texts that are empty where they stand for a missing one."""
    known = dict.fromkeys(sorted(missing_tokens_of(column) - {""}), 0)
    is_there = graph.node("Cast", look_up(graph, texts, known, other=1), to=_BOOL)
    return graph.node("Where", is_there, texts, graph.constant([""]))


def _number(graph: Graph, column: Column) -> str:
    value = column.name
    for missing in sorted(missing_numbers_of(column)):
        equal = graph.node("Equal", value, graph.constant(np.float64(missing)))
        value = graph.node("Where", equal, graph.constant(np.float64(np.nan)), value)
    return value


def _stripped(graph: Graph, names: Sequence[str]) -> Sequence[str]:
    """Strip all columns of texts at once."""
    beside = graph.node("Concat", *names, axis=1) if len(names) > 1 else names[0]
    # A last row of texts that are not empty: so there is one piece in any case.
    longer = graph.node("Concat", beside, graph.constant([["x"] * len(names)]), axis=0)
    pieces = graph.pieces(longer, 3, tokenexp=_STRIPPED)
    flat = graph.node("Squeeze", pieces, graph.constant([2]))
    stripped = graph.node("Slice", flat, graph.constant([0]), graph.constant([-1]))
    if len(names) == 1:
        return [stripped]
    return [
        graph.node("Gather", stripped, graph.constant([place]), axis=1)
        for place in range(len(names))
    ]


def _text(graph: Graph, column: Column, value: str) -> str:
    if column.kind != Kind.CODED:
        return value
    longer = graph.node("Concat", value, graph.constant([["0"]]), axis=0)
    codes = graph.pieces(longer, 3, tokenexp=_CODE_ITSELF)
    first = graph.node("Slice", codes, *_ends(graph, [0, 0], [-1, 1], [0, 2]))
    code = graph.node("Squeeze", first, graph.constant([2]))
    return graph.node("Where", graph.node("RegexFullMatch", value, pattern=_CODE), code, value)


def _ends(graph: Graph, *places: Sequence[int]) -> Sequence[str]:
    return [graph.constant([*each]) for each in places]
