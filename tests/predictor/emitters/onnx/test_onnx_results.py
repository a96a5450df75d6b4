import msgspec
import numpy as np
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION, SCHEMA, make_covered_bundle
from modelwright.data.records import RecordReader
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.operations.linear import Columns
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Task
from onnx_graphs import run_program


@pytest.mark.parametrize("task", [BINARY, MULTICLASS])
def test_classes_and_sets_stand_beside_the_probabilities(task):
    bundle = make_covered_bundle(task)
    columns = RecordReader(SCHEMA)([case.record for case in bundle.cases])
    answers = bundle.program.run(columns)
    chosen = bundle.program.choose(answers)
    found = run_program(bundle.program, columns, SCHEMA)
    assert [*found] == ["answers", "index", "label", "sets"]
    assert np.array_equal(found["index"], chosen)
    assert found["label"].tolist() == [str(task.classes[each]) for each in chosen]
    assert np.array_equal(found["sets"], bundle.program.coverage.holding(answers, chosen, 0.9))


def test_ranges_stand_beside_the_numbers():
    made = make_covered_bundle(REGRESSION).program
    # Edges of bands, and the floor, are met exactly.
    numbers = np.array([-0.5, -0.25, -0.3, 0.5, 0.4999, 7.0, -9.0, np.nan, np.inf, -np.inf])
    same = identity(REGRESSION, 1)
    same = msgspec.structs.replace(same, coverage=made.coverage)
    found = run_program(same, {"0": numbers}, schema(1))
    assert [*found] == ["answers", "ranges"]
    expected = made.coverage.ends(numbers[:, None], 0.9)
    assert np.array_equal(found["ranges"], expected, equal_nan=True)


@pytest.mark.parametrize("task", [BINARY, MULTICLASS])
def test_no_class_is_answered_where_an_answer_is_not_finite(task):
    width = task.n_outputs
    rows = np.full((4, width), 1.0 / width)
    rows[[0, 1, 2], [0, 1, width - 1]] = np.nan, np.inf, -np.inf
    columns = {str(place): rows[:, place] for place in range(width)}
    found = run_program(identity(task, width), columns, schema(width))
    assert found["index"].tolist() == [-1, -1, -1, 0 if task is MULTICLASS else 1]
    assert found["label"].tolist()[:3] == ["", "", ""]


def test_the_threshold_is_met_from_its_own_value_on():
    made = msgspec.structs.replace(identity(BINARY, 2), threshold=0.3)
    positive = np.array([0.3, np.nextafter(0.3, 0.0), np.nextafter(0.3, 1.0)])
    found = run_program(made, {"0": 1.0 - positive, "1": positive}, schema(2))
    assert found["index"].tolist() == [1, 0, 1]


def test_a_column_may_be_called_like_an_output():
    made = identity(BINARY, 2, names=("answers", "Gather_1"))
    named = Schema(
        columns=tuple(Column(name=n, kind=Kind.NUMERIC) for n in ("answers", "Gather_1"))
    )
    columns = {"answers": np.array([0.4]), "Gather_1": np.array([0.6])}
    found = run_program(made, columns, named)
    assert [*found] == ["answers_", "index", "label"]
    assert found["answers_"].tolist() == [[0.4, 0.6]]


def identity(task: Task, width: int, *, names: tuple[str, ...] = ()) -> Program:
    names = names or tuple(map(str, range(width)))
    inputs = tuple(Input(name=name, type="number") for name in names)
    step = Columns(inputs=tuple(f"column:{name}" for name in names), output="same")
    return Program(task=task, inputs=inputs, steps=(step,), answer="same")


def schema(width: int) -> Schema:
    return Schema(columns=tuple(Column(name=str(n), kind=Kind.NUMERIC) for n in range(width)))
