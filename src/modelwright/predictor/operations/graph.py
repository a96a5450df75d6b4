"""A model that no other operation says: a graph of ONNX, run by onnxruntime."""

from functools import cached_property

import numpy as np

from modelwright.predictor.operations.base import Floats, Integers, Operation, Value
from modelwright.predictor.operations.graph_session import GraphSession

MOST_BYTES = 128 << 20
"""Of a graph."""
MOST_COLUMNS = 100_000


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
    texts
        For each column, whether it is of texts; else of numbers.
    columns
        Of the answer.
    """

    n_inputs = None
    model: Integers
    reads: tuple[int, ...]
    texts: tuple[bool, ...]
    columns: int

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(self.model.ndim == 1 and len(self.model), "there is no graph")
        self.require(len(self.model) <= MOST_BYTES, f"the graph has more than {MOST_BYTES:,} bytes")
        bytes_only = self.model.min() >= 0 and self.model.max() <= 255
        self.require(bytes_only, "the graph is not made of bytes")
        self.require(set(widths) == {1}, "it takes raw columns")
        self.require(all(count > 0 for count in self.reads), "an input takes no column")
        self.require(sum(self.reads) == len(widths), "its inputs take other columns")
        self.require(len(self.texts) == len(widths), "one kind per column is needed")
        self.require(1 <= self.columns <= MOST_COLUMNS, "its answer has no columns")
        return self.columns

    def run(self, *values: Value) -> Floats:
        ends = np.cumsum(self.reads).tolist()
        given = [values[end - count : end] for count, end in zip(self.reads, ends, strict=True)]
        answers = np.empty((len(values[0]), self.columns))
        for row, answer in enumerate(self._session.answers(given)):
            self.require(answer.size == self.columns, f"it answers {answer.size} numbers")
            answers[row] = answer
        return answers

    @cached_property
    def _session(self) -> GraphSession:
        return GraphSession(self.model.astype(np.uint8).tobytes())
