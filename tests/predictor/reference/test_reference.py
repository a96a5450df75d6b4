import msgspec
import numpy as np
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.reference.distribution import MAX_LEVELS
from modelwright.predictor.reference.reference import (
    Reference,
    answer_values,
    reference_of,
    with_training,
)


def _reference(values: np.ndarray, kind: Kind) -> Reference:
    schema = Schema(columns=(Column(name="x", kind=kind),))
    return reference_of({"x": values}, schema, np.zeros((len(values), 1)), REGRESSION)


def test_what_only_earlier_rows_had_is_known_of_training():
    schema = Schema(columns=(Column(name="x", kind=Kind.CATEGORICAL),))
    values = np.array(["early", "b", "b", None], dtype=object)
    answered = reference_of({"x": values[1:]}, schema, np.zeros((3, 1)), REGRESSION)
    assert answered.unknown("x", values) == {"early"}
    reference = with_training(answered, {"x": values}, schema)
    assert reference.unknown("x", ["early", "new", None]) == {"new"}
    assert reference.columns == answered.columns
    assert sum(reference.in_training("x").counts) == 4
    # Where all rows were answered, nothing is kept twice.
    assert with_training(answered, {"x": values[1:]}, schema) == answered
    # What was written before knows no more than it did.
    assert msgspec.json.decode(msgspec.json.encode(answered), type=Reference).training == {}


def test_levels_beyond_the_commonest_are_known_by_name():
    schema = Schema(columns=(Column(name="x", kind=Kind.CODED),))
    values = np.array([f"l{number % 300}" for number in range(700)], dtype=object)
    answered = reference_of({"x": values}, schema, np.zeros((700, 1)), REGRESSION)
    reference = with_training(answered, {"x": values}, schema)
    assert reference.unknown("x", [*values, "l300", "a"]) == {"l300", "a"}
    assert len(reference.rare["x"]) == 300 - MAX_LEVELS
    written = msgspec.json.encode(reference)
    assert msgspec.json.decode(written, type=Reference) == reference


def test_a_reference_survives_json():
    values = np.array([1.5, np.inf, -np.inf, np.nan, 1e-300])
    reference = _reference(values, Kind.NUMERIC)
    assert msgspec.json.decode(msgspec.json.encode(reference), type=Reference) == reference


@pytest.mark.parametrize(
    ("task", "answers", "expected"),
    [
        (BINARY, [[0.25, 0.75], [0.5, 0.5]], [0.75, 0.5]),
        (MULTICLASS, [[0.1, 0.2, 0.7], [0.5, 0.3, 0.2]], ["3", "1"]),
        (REGRESSION, [[2.0], [-1.0]], [2.0, -1.0]),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_answers_are_watched_by_one_value_each(task, answers, expected):
    assert list(answer_values(task, np.array(answers))) == expected
    schema = Schema(columns=())
    assert sum(reference_of({}, schema, np.array(answers), task).answers.counts) == 2
