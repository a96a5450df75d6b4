"""A model in the ONNX format that stays a graph, because a part of it has no place in a program."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl

from modelwright._plugins import require
from modelwright.data.schema import Kind
from modelwright.errors import BundleError, LearnerError
from modelwright.learners.foreign.base import Foreign, Need
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.onnx.file import OnnxFile, cells, read_onnx
from modelwright.learners.foreign.onnx.graph import Raw
from modelwright.learners.foreign.onnx.trial import try_out
from modelwright.predictor.emitters.onnx.graph import onnx_library
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.cutting import Cut
from modelwright.predictor.operations.graph import Graph
from modelwright.predictor.operations.graph_session import GraphSession, check_graph
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task

_CUTS = frozenset({"StringSplit", "TfIdfVectorizer", "Tokenizer"})
"""Operators that read texts, and not names of levels."""


@dataclass(frozen=True)
class WholeGraph:
    """A graph that onnxruntime runs as it is.

    Parameters
    ----------
    file
        As it was read.
    cuts
        By column of texts of which it gets the tokens, how these are cut.
    """

    file: OnnxFile
    cuts: Mapping[str, tuple[Cut, ...]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What people read."""
        return f"{self.file.title} as a graph"

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads."""
        texts = Kind.TEXT if self._cuts_texts else Kind.CATEGORICAL
        return [
            Need(name, texts if raw.are_texts else Kind.NUMERIC)
            for raw in self._read.values()
            for name in raw.names
        ]

    def program(self, task: Task) -> Program:
        """Return a program that runs the graph; see `Foreign.program`."""
        draft = Draft()
        answer = self.written(draft)
        if task.is_classification:
            answer = self.file.probabilities(draft, answer, task)
        try:
            return draft.program(task, answer)
        except BundleError as error:
            raise LearnerError(
                f"The model answers {draft.width(answer)} numbers; the target is {task.kind}.",
                "Give the data that it was made for.",
            ) from error

    def written(self, draft: Draft) -> str:
        """Write the graph and return the value that it makes."""
        columns = [draft.column(need.name, need.kind) for need in self.needs]
        return draft.add(Graph, *columns, **self._fields)

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return what onnxruntime answers, to the whole file."""
        unread = [
            pl.lit(None, pl.String if raw.are_texts else pl.Float64).alias(name)
            for raw in self.file.raws.values()
            for name in raw.names
            if name not in rows.columns
        ]
        return self.file.answers(rows.with_columns(unread), task)

    def try_out(self, rows: pl.DataFrame) -> None:
        """Let the graph answer rows in a process of its own; see `Risky`."""
        named = [rows[need.name] for need in self.needs]
        step = Graph(inputs=tuple(each.name for each in named), output="answer", **self._fields)
        try_out(step.model.tobytes(), step.given([cells(each) for each in named]))

    def begun(self) -> Self:
        """Return it when it has answered a row of zeros and empty texts, in a process of its own.

        Raises
        ------
        LearnerError
            When it ends its process, or may not be run.
        """
        model = self._cut.SerializeToString(deterministic=True)
        with _as_refusal():
            check_graph(model)
        try_out(model, _blank_row([*self._read.values()]))
        return self

    @cached_property
    def _fields(self) -> dict[str, Any]:
        raws = self._read.values()
        model = self._cut.SerializeToString(deterministic=True)
        return {
            "model": np.frombuffer(model, dtype=np.uint8),
            "reads": tuple(len(raw.names) for raw in raws),
            "kinds": tuple(
                "text" if raw.are_texts else "number" for raw in raws for _ in raw.names
            ),
            "columns": _columns(model, list(raws)),
            "cuts": tuple(self.cuts.get(name, ()) for raw in raws for name in raw.names)
            if self.cuts
            else (),
        }

    @property
    def _read(self) -> dict[str, Raw]:
        """The raw columns of each input that the answer needs."""
        return {each.name: self.file.raws[each.name] for each in self._cut.graph.input}

    @property
    def _cuts_texts(self) -> bool:
        return any(node.op_type in _CUTS for node in self._cut.graph.node)

    @cached_property
    def _cut(self) -> Any:
        """The graph with one output, numbers, and what that needs; any number of rows."""
        # Functions of its own are written out where they are called.
        inliner = require("onnx.inliner", extra="onnx")
        cut = inliner.inline_local_functions(self.file.model)
        graph, answer = cut.graph, self._numbers
        nodes = _leading_to(graph, answer)
        reads = {name for node in nodes for name in _reads(node)} | {answer}
        for part, kept in (
            ("node", nodes),
            ("initializer", [each for each in graph.initializer if each.name in reads]),
            ("input", [each for each in graph.input if each.name in reads & {*self.file.raws}]),
            ("output", [self._described(answer)]),
        ):
            copies = [type(each).FromString(each.SerializeToString()) for each in kept]
            del getattr(graph, part)[:]
            getattr(graph, part).extend(copies)
        del graph.value_info[:]
        cut.doc_string = graph.doc_string = ""
        del cut.metadata_props[:]
        for each in graph.input:
            if each.type.tensor_type.shape.dim[0].dim_value == 1:
                each.type.tensor_type.shape.dim[0].dim_param = "rows"
        return cut

    @property
    def _numbers(self) -> str:
        """The value that holds the answer as numbers: a ZipMap makes dictionaries of it."""
        graph, answer = self.file.model.graph, self.file.answer
        maker = next((node for node in graph.node if answer in node.output), None)
        return maker.input[0] if maker is not None and maker.op_type == "ZipMap" else answer

    def _described(self, answer: str) -> Any:
        known = [each for each in self.file.model.graph.output if each.name == answer]
        if known:
            return known[0]
        onnx = onnx_library()
        return onnx.helper.make_tensor_value_info(answer, onnx.TensorProto.FLOAT, [None, None])


def open_onnx(path: Path, *, columns: Sequence[str], classes: Sequence[str]) -> Foreign:
    """Read a file in the ONNX format: as a program where it has a place in one, else as a graph.

    Raises
    ------
    InputError
        When it is no such file.
    MissingDependencyError
        When the library onnx is not installed.
    """
    file = read_onnx(path, columns=columns, classes=classes)
    return file if file.has_place else WholeGraph(file).begun()


def _leading_to(graph: Any, answer: str) -> list[Any]:
    wanted, kept = {answer}, []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(_reads(node))
    return kept[::-1]


def _reads(node: Any) -> Iterator[str]:
    """Yield what a node reads, and what graphs in it read of those around them."""
    yield from node.input
    for each in node.attribute:
        for inner in [*each.graphs, *([each.g] if each.HasField("g") else [])]:
            yield from (output.name for output in inner.output)
            for one in inner.node:
                yield from _reads(one)


def _columns(model: bytes, raws: Sequence[Raw]) -> int:
    """Return how many numbers the graph answers to a row of zeros and empty texts."""
    with _as_refusal():
        (answer,) = GraphSession(model).answers(_blank_row(raws))
    if answer is None:
        raise LearnerError("The graph does not answer a row of zeros and empty texts.")
    return int(answer.size)


@contextmanager
def _as_refusal() -> Iterator[None]:
    """Say that a model, and not a bundle, has a graph that cannot be run."""
    try:
        yield
    except BundleError as error:
        raise LearnerError(error.found, error.remedy) from error


def _blank_row(raws: Sequence[Raw]) -> list[list[Value]]:
    return [[_blank(raw) for _ in raw.names] for raw in raws]


def _blank(raw: Raw) -> Value:
    return np.array([""], dtype=object) if raw.are_texts else np.zeros((1, 1))
