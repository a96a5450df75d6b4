"""An ONNX file that somebody else exported."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from modelwright._plugins import require
from modelwright.data.schema import Kind
from modelwright.errors import InputError, LearnerError
from modelwright.learners.foreign.base import (
    MOST_BYTES,
    Need,
    columns_of_inputs,
    first_line,
    of_two_classes,
    order_of,
    refuse,
    usual_order,
)
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.ensembles import both
from modelwright.learners.foreign.onnx.arithmetic import ARITHMETIC
from modelwright.learners.foreign.onnx.classic import CLASSIC, labels_of
from modelwright.learners.foreign.onnx.graph import Given, Graph, Node, Raw, nodes_of
from modelwright.learners.foreign.onnx.trial import try_out
from modelwright.predictor.emitters.onnx.graph import onnx_library
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.graph_session import (
    as_input,
    boundless,
    parts_of,
    refusals,
    session_of,
)
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task

_WRITERS = {**ARITHMETIC, **CLASSIC}
_RAW_SCORES = frozenset({"Gemm", "MatMul", "Add"})
"""What ends with one of these answers no probabilities."""
_PASSES = frozenset({"Identity", "Cast", "ZipMap", "Dropout", "Reshape", "Squeeze", "Flatten"})


@dataclass(frozen=True)
class OnnxFile:
    """A model in the ONNX format.

    Parameters
    ----------
    model
        As the library onnx has read it.
    columns
        What it reads, in its order, where its inputs are not named after columns.
    labels
        Its classes in their order, where somebody has said them.
    """

    model: Any
    columns: Sequence[str] = ()
    labels: Sequence[str] = ()

    @property
    def title(self) -> str:
        """ONNX and the operator that answers, as far as the graph tells."""
        learned = [
            node.name
            for node in self._nodes.values()
            if node.name.startswith(("TreeEnsemble", "Linear", "Gemm"))
        ]
        return f"ONNX {learned[-1]}" if learned else "ONNX"

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads."""
        known = self._written[0].draft.needs
        return [
            known.get(name, Need(name, Kind.CATEGORICAL if raw.are_texts else Kind.NUMERIC))
            for raw in self.raws.values()
            for name in raw.names
        ]

    def program(self, task: Task) -> Program:
        """Return it as a program; see `Foreign.program`."""
        graph, answer = self._written
        if not task.is_classification:
            return graph.draft.program(task, answer)
        return graph.draft.program(task, self.probabilities(graph.draft, answer, task))

    def probabilities(self, draft: Draft, answer: str, task: Task) -> str:
        """Write what it answers as the probabilities of a task's classes.

        Raises
        ------
        LearnerError
            When it answers no probabilities, or those of other classes.
        """
        if self._last.name in _RAW_SCORES:
            raise LearnerError(
                "The model ends with raw scores, not with probabilities.",
                "Export it with a Sigmoid or a Softmax at its end.",
            )
        answer = both(draft, answer) if draft.width(answer) == 1 else answer
        return draft.reordered(answer, self._order(task))

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return what onnxruntime answers."""
        session = session_of(self.model.SerializeToString())
        try:
            return self._answers(session, rows, task)
        except refusals() as error:
            fails = (self._fails(session, rows[each : each + 1]) for each in range(len(rows)))
            place = next((number for number, each in enumerate(fails, 1) if each), 1)
            raise ValueError(f"row {place}, {first_line(error)}") from error

    def try_out(self, rows: pl.DataFrame) -> None:
        """Let onnxruntime answer rows in a process of its own; see `Risky`."""
        given = [[cells(rows[name]) for name in each.names] for each in self.raws.values()]
        try_out(self.model.SerializeToString(), given, at_once=self._at_once(len(rows)))

    def _fails(self, session: Any, row: pl.DataFrame) -> bool:
        try:
            self._answers(session, row, Task(kind="regression"))
        except refusals():
            return True
        return False

    def _answers(self, session: Any, rows: pl.DataFrame, task: Task) -> Floats:
        feeds = {
            each.name: as_input(
                [cells(rows[name]) for name in self.raws[each.name].names],
                each.type,
                len(each.shape),
            )
            for each in session.get_inputs()
        }
        answers = np.vstack([self._asked(session, each) for each in self._pieces(feeds, len(rows))])
        answers = answers[: len(rows)]
        if not task.is_classification:
            return answers
        return of_two_classes(answers)[:, self._order(task)]

    def _pieces(self, feeds: dict[str, Any], rows: int) -> Iterator[dict[str, Any]]:
        """Return all rows at once, or as many as a graph takes that was exported for so many."""
        size = self._at_once(rows)
        for start in range(0, rows, size):
            places = np.minimum(np.arange(start, start + size), rows - 1)
            yield {name: given[places] for name, given in feeds.items()}

    def _at_once(self, rows: int) -> int:
        shape = self.model.graph.input[0].type.tensor_type.shape
        return int(shape.dim[0].dim_value) or rows

    def _asked(self, session: Any, feeds: dict[str, Any]) -> Floats:
        (found,) = session.run([self.answer], feeds)
        if isinstance(found, list):
            # A ZipMap makes a dictionary of each row, in an order of its own.
            labels = labels_of(self._nodes[self.answer])
            found = [[each[label] for label in labels] for each in found]
        rows = len(next(iter(feeds.values())))
        return np.asarray(found, dtype=np.float64).reshape(rows, -1)

    @property
    def has_place(self) -> bool:
        """Whether a program says all that the graph does."""
        try:
            return bool(self._written)
        except LearnerError:
            return False

    @cached_property
    def _written(self) -> tuple[Graph, str]:
        """The graph with all that its answer needs, and the answer's value."""
        graph = Graph(Draft(), self._nodes, {**self._constants, **self.raws})
        wanted = {self.answer}
        for name in reversed(self._nodes):
            if name in wanted:
                wanted.update(self._nodes[name].inputs)
        for name, node in self._nodes.items():
            if name in wanted:
                graph.known[name] = _value(graph, node)
        answer = graph.known[self.answer]
        if not isinstance(answer, str):
            raise refuse("A graph that computes nothing")
        return graph, answer

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return nodes_of(self.model.graph, onnx_library())

    @cached_property
    def _constants(self) -> dict[str, Given]:
        to_array = onnx_library().numpy_helper.to_array
        return {each.name: to_array(each) for each in self.model.graph.initializer}

    @cached_property
    def raws(self) -> dict[str, Raw]:
        """The raw columns of each input."""
        inputs = [each for each in self.model.graph.input if each.name not in self._constants]
        widths = [_width(each, len(self.columns) if len(inputs) == 1 else 0) for each in inputs]
        names = columns_of_inputs(widths, [each.name for each in inputs], self.columns)
        strings = onnx_library().TensorProto.STRING
        return {
            each.name: Raw(columns, each.type.tensor_type.elem_type == strings)
            for each, columns in zip(inputs, names, strict=True)
        }

    @cached_property
    def answer(self) -> str:
        """The output that holds numbers; beside it a classifier has one that names the class."""
        kinds = onnx_library().TensorProto
        found = [
            each.name
            for each in self.model.graph.output
            if not each.type.HasField("tensor_type")
            or each.type.tensor_type.elem_type in (kinds.FLOAT, kinds.DOUBLE)
        ]
        if len(found) != 1:
            raise refuse(f"A graph with {len(found)} outputs of numbers")
        return str(found[0])

    @property
    def _last(self) -> Node:
        node = self._nodes[self.answer]
        while node.name in _PASSES and node.inputs[0] in self._nodes:
            node = self._nodes[node.inputs[0]]
        return node

    def _order(self, task: Task) -> list[int]:
        named = (labels_of(node) for node in reversed(self._nodes.values()))
        said: Sequence[object] = next((each for each in named if each), usual_order(task))
        return order_of(self.labels or said, task)


def read_onnx(path: Path, *, columns: Sequence[str], classes: Sequence[str]) -> OnnxFile:
    """Read a file in the ONNX format.

    Raises
    ------
    InputError
        When it is no such file.
    MissingDependencyError
        When the library onnx is not installed.
    """
    onnx = onnx_library()
    unreadable = require("google.protobuf.message", extra="onnx").DecodeError
    try:
        model = onnx.load(path, load_external_data=False)
        _check_size(model, path)
        _check_files(model, path)
        onnx.external_data_helper.load_external_data_for_model(model, str(path.parent))
        onnx.checker.check_model(model)
    except (unreadable, onnx.checker.ValidationError, OSError, ValueError) as error:
        said = first_line(error)
        raise InputError(f"onnx cannot read {path.name}: {said}", "Export it again.") from error
    return OnnxFile(model, columns, classes)


def _check_size(model: Any, path: Path) -> None:
    found = boundless(model)
    if found:
        raise InputError(f"{path.name} has {found[0]}.", "Export the model without.")


def _check_files(model: Any, path: Path) -> None:
    """Refuse a model that keeps weights in another file than the one named after it.

    A file from a stranger must not bring what lies beside it into a bundle.
    """
    told = {
        entry.value
        for part in parts_of(model)
        if part.DESCRIPTOR.name == "TensorProto"
        for entry in part.external_data
        if entry.key == "location"
    }
    beside = path.with_name(f"{path.name}.data")
    if told - {beside.name}:
        raise InputError(
            f"{path.name} keeps numbers in {', '.join(sorted(told))}.",
            f"Save it in one file, or with all its numbers in {beside.name}.",
        )
    if told and beside.is_file() and beside.stat().st_size > MOST_BYTES:
        raise InputError(f"{beside} is larger than {MOST_BYTES:,} bytes.", "No host would take it.")


def _value(graph: Graph, node: Node) -> Given:
    if node.name not in _WRITERS:
        raise refuse(f"The operator {node.name} of ONNX")
    if node.name.endswith("Classifier") and node.output == 0:
        raise refuse(f"What reads the class that a {node.name} of ONNX names")
    try:
        return _WRITERS[node.name](graph, node)
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        raise refuse(f"A {node.name} of ONNX as this file writes it") from error


def _width(given: Any, usual: int) -> int:
    """Return how many columns an input has: its last dimension, or what is said of it."""
    dimensions = given.type.tensor_type.shape.dim
    known = int(dimensions[-1].dim_value) if len(dimensions) > 1 else 0
    return known or usual or 1


def cells(series: pl.Series) -> Any:
    """Return a column as steps of a program read it."""
    if series.dtype == pl.String:
        return series.to_numpy()
    return series.cast(pl.Float64).to_numpy()
