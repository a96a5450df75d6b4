"""A model that no other operation says: a graph of ONNX, run by onnxruntime."""

from collections.abc import Sequence
from threading import Lock
from typing import Literal

import numpy as np

from modelwright.predictor.operations.base import Bytes, Floats, Operation, Value
from modelwright.predictor.operations.cutting import Cut, cut_for_graph
from modelwright.predictor.operations.graph_session import GraphSession

MOST_BYTES = 128 << 20
"""Of a graph."""
MOST_COLUMNS = 100_000

ColumnKind = Literal["number", "text"]
_MOST_CUTS = 26
_LONGEST_RUN = 16
_OPENING = Lock()


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
        How many of the values each input of the graph takes, in its order: raw columns, or what
        steps before have made.
    kinds
        What each value is: ``"number"``, of one column or several, or ``"text"``.
    cuts
        How each value is cut where the graph gets the tokens of a text and not the text; empty
        where none is.
    columns
        Of the answer.
    """

    n_inputs = None
    model: Bytes
    reads: tuple[int, ...]
    kinds: tuple[ColumnKind, ...]
    columns: int
    cuts: tuple[tuple[Cut, ...], ...] = ()

    def check(self, widths: tuple[int, ...]) -> int:
        self.require(self.model.ndim == 1 and len(self.model), "there is no graph")
        self.require(len(self.model) <= MOST_BYTES, f"the graph has more than {MOST_BYTES:,} bytes")
        self.require(self.model.dtype == np.uint8, "the graph is not made of bytes")
        self.require(all(count > 0 for count in self.reads), "an input takes nothing")
        self.require(sum(self.reads) == len(widths), "its inputs take other values")
        self.require(len(self.kinds) == len(widths), "one kind per value is needed")
        for width, kind in zip(widths, self.kinds, strict=True):
            self.require(width == 1 or kind == "number", "a text has several columns")
        self.require(len(self.cuts) in (0, len(widths)), "cuts per value")
        for kind, cuts in zip(self.kinds, self.cuts, strict=False):
            self.require(kind == "text" or not cuts, "a number is cut")
            self.require(len(cuts) <= _MOST_CUTS, "a text is cut in too many ways")
            self.require(all(0 <= cut.buckets <= MOST_COLUMNS for cut in cuts), "too many buckets")
            for shortest, longest in (cut.lengths for cut in cuts):
                self.require(
                    1 <= shortest <= longest <= _LONGEST_RUN, "lengths of runs are invalid"
                )
        self.require(1 <= self.columns <= MOST_COLUMNS, "its answer has no columns")
        return self.columns

    def run(self, *values: Value) -> Floats:
        answers = np.empty((len(values[0]), self.columns))
        for row, answer in enumerate(self._session.answers(self.given(values))):
            size = self.columns if answer is None else answer.size
            self.require(size == self.columns, f"it answers {size} numbers")
            # A row that it fails on has no answer, which is named where it is asked for.
            answers[row] = np.nan if answer is None else answer
        return answers

    def given(self, values: Sequence[Value]) -> list[list[Value]]:
        """Return for each input of the graph the values that it takes, texts cut."""
        cuts = self.cuts or ((),) * len(values)
        read = iter(_read(value, each) for value, each in zip(values, cuts, strict=True))
        return [[next(read) for _ in range(count)] for count in self.reads]

    @property
    def _session(self) -> GraphSession:
        # Several threads begin at once, and each would open it.
        with _OPENING:
            kept = vars(self)
            if "session" not in kept:
                kept["session"] = GraphSession(self.model.tobytes())
            session: GraphSession = kept["session"]
            return session


def _read(value: Value, cuts: Sequence[Cut]) -> Value:
    if not cuts:
        return value
    return np.array([text and cut_for_graph(text, cuts) for text in value.tolist()], dtype=object)
