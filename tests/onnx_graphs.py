"""Programs run as ONNX graphs, beside the interpreter."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from modelwright.data.records import Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.emitters.onnx.graph import ROWS, Graph
from modelwright.predictor.emitters.onnx.lowering import lower
from modelwright.predictor.emitters.onnx.results import write_results
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.program import Input, Program, Step
from modelwright.tasks.task import Task

# Tests report nothing to anybody.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

_TYPES = {"f": "number", "O": "string", "i": "datetime"}
_KINDS = {"number": Kind.NUMERIC, "string": Kind.CATEGORICAL, "datetime": Kind.DATETIME}


class Steps:
    """Some steps as a graph, and as the interpreter runs them.

    Parameters
    ----------
    steps
        The last one's output is compared.
    columns
        Of the types that the steps read.
    schema
        What the columns hold; plain columns unless it is given.
    """

    def __init__(
        self, steps: Sequence[Step], columns: Columns, *, schema: Schema | None = None
    ) -> None:
        inputs = tuple(Input(name=name, type=_TYPES[v.dtype.kind]) for name, v in columns.items())
        self.program = Program(
            task=Task(kind="regression"), inputs=inputs, steps=tuple(steps), answer=steps[-1].output
        )
        named = tuple(Column(name=each.name, kind=_KINDS[each.type]) for each in inputs)
        graph = Graph([each.name for each in inputs])
        answer = lower(graph, self.program, schema or Schema(columns=named))
        width = self._expected(columns).shape[1]
        graph.output("answers", answer, float, [ROWS, width])
        self._session = open_model(graph.written({}))

    def check(self, columns: Columns) -> Floats:
        """Compare the answers to columns, and return the interpreter's."""
        expected = self._expected(columns)
        check_equal(run_session(self._session, columns)["answers"], expected)
        return expected

    def _expected(self, columns: Columns) -> Floats:
        with np.errstate(all="ignore"):
            return self.program.run(columns)


def check_steps(steps: Sequence[Step], columns: Columns) -> Floats:
    """Compare what the last of some steps gives with what its nodes give; return the former."""
    return Steps(steps, columns).check(columns)


def run_program(program: Program, columns: Columns, schema: Schema) -> Mapping[str, Value]:
    """Return what a program's graph gives, by the name of the output."""
    return run_session(open_program(program, schema), columns)


def open_program(program: Program, schema: Schema) -> Any:
    """Write a program as a graph and open it."""
    graph = Graph([each.name for each in program.inputs])
    write_results(graph, program, lower(graph, program, schema))
    return open_model(graph.written({}))


def open_model(model: bytes) -> Any:
    """Open a stored graph."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def run_session(session: Any, columns: Columns) -> Mapping[str, Value]:
    """Return what a graph gives, by the name of the output; a missing text is None or empty."""
    read = [each.name for each in session.get_inputs()]
    feeds = {name: _cells(columns[name]).reshape(-1, 1) for name in read}
    names = [each.name for each in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds), strict=True))


def check_equal(found: Floats, expected: Floats) -> None:
    """Refuse answers that differ by more than the rounding of a few sums."""
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def _cells(values: Value) -> Value:
    if values.dtype != object:
        return values
    return np.array(["" if text is None else text for text in values.tolist()], dtype=object)
