"""A model that no other operation says: a graph of ONNX, run by onnxruntime."""

import re
from functools import cached_property
from typing import Literal

import numpy as np

from modelwright.predictor.operations.base import Bytes, Floats, Operation, Value
from modelwright.predictor.operations.graph_session import GraphSession

MOST_BYTES = 128 << 20
"""Of a graph."""
MOST_COLUMNS = 100_000

ColumnKind = Literal["number", "text", "words"]
_WORD = re.compile(r"\b\w\w+\b")


class Graph(Operation, frozen=True, kw_only=True, tag="graph", dict=True):
    """Answer each row by a graph of ONNX: what learners write never needs it, adopted models may.

    Rows are answered one by one, because what a runtime adds up may depend on how many it is given.
    The graph is checked before it is run: it names no other file, has operators of ONNX itself and
    such that always answer the same.

    Parameters
    ----------
    model : ndarray of shape (bytes,)
        The graph as a file holds it, one byte after another; it has one output, of numbers.
    reads
        How many of the columns each input of the graph takes, in its order.
    kinds
        What each column is: ``"number"``, ``"text"``, or ``"words"`` for a text of which the graph
        gets `words_for_graph`.
    columns
        Of the answer.
    """

    n_inputs = None
    model: Bytes
    reads: tuple[int, ...]
    kinds: tuple[ColumnKind, ...]
    columns: int

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(self.model.ndim == 1 and len(self.model), "there is no graph")
        self.require(len(self.model) <= MOST_BYTES, f"the graph has more than {MOST_BYTES:,} bytes")
        self.require(self.model.dtype == np.uint8, "the graph is not made of bytes")
        self.require(set(widths) == {1}, "it takes raw columns")
        self.require(all(count > 0 for count in self.reads), "an input takes no column")
        self.require(sum(self.reads) == len(widths), "its inputs take other columns")
        self.require(len(self.kinds) == len(widths), "one kind per column is needed")
        self.require(1 <= self.columns <= MOST_COLUMNS, "its answer has no columns")
        return self.columns

    def run(self, *values: Value) -> Floats:
        ends = np.cumsum(self.reads).tolist()
        read = [_read(value, kind) for value, kind in zip(values, self.kinds, strict=True)]
        given = [read[end - count : end] for count, end in zip(self.reads, ends, strict=True)]
        answers = np.empty((len(values[0]), self.columns))
        for row, answer in enumerate(self._session.answers(given)):
            size = self.columns if answer is None else answer.size
            self.require(size == self.columns, f"it answers {size} numbers")
            # A row that it fails on has no answer, which is named where it is asked for.
            answers[row] = np.nan if answer is None else answer
        return answers

    @cached_property
    def _session(self) -> GraphSession:
        return GraphSession(self.model.tobytes())


def words_for_graph(text: str) -> str:
    """Return the words of a text in small letters, as scikit-learn cuts texts unless it is told.

    Runtimes of ONNX know only the letters of ASCII; every other one is written as its number.
    Between capital letters, because no other capital letter is left.

    Examples
    --------
    >>> words_for_graph("Is it 5 \u00b5s, or MORE?")
    'is it Ub5Us or more'
    """
    words = " ".join(_WORD.findall(text.lower()))
    return words if words.isascii() else "".join(map(_in_ascii, words))


def _in_ascii(letter: str) -> str:
    return letter if letter.isascii() else f"U{ord(letter):x}U"


def _read(value: Value, kind: ColumnKind) -> Value:
    if kind != "words":
        return value
    texts = value.tolist()
    return np.array([text and words_for_graph(text) for text in texts], dtype=object)
