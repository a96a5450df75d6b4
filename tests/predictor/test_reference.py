import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from example_bundle import BINARY, MULTICLASS, REGRESSION
from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.counting import MAX_BINS
from modelwright.predictor.reference import (
    MAX_LEVELS,
    Reference,
    answer_values,
    counts_of,
    reference_of,
    with_training,
)

_floats = st.floats(width=64) | st.sampled_from([0.0, 1.0, np.nan])
_texts = st.none() | st.sampled_from(["a", "b", "", "ü"]) | st.text(max_size=3)


def _reference(values: np.ndarray, kind: Kind) -> Reference:
    schema = Schema(columns=(Column(name="x", kind=kind),))
    return reference_of({"x": values}, schema, np.zeros((len(values), 1)), REGRESSION)


@given(st.lists(_floats, min_size=1, max_size=80))
def test_counting_the_training_rows_again_gives_the_reference(numbers):
    values = np.array(numbers)
    counted = _reference(values, Kind.NUMERIC).columns["x"]
    assert tuple(counts_of(counted, values)) == counted.counts
    assert sum(counted.counts) == len(values)
    assert len(counted.counts) == len(counted.edges) + 2 <= MAX_BINS + 1
    assert list(counted.edges) == sorted(set(counted.edges))
    if np.isfinite(values).any():
        assert all(counted.counts[:-1])


@given(st.lists(_texts, min_size=1, max_size=50), st.lists(_texts, max_size=50))
def test_levels_are_counted(trained, new):
    values, later = np.array(trained, dtype=object), np.array(new, dtype=object)
    counted = _reference(values, Kind.CATEGORICAL).columns["x"]
    assert tuple(counts_of(counted, values)) == counted.counts
    again = counts_of(counted, later)
    assert again.sum() == len(new)
    assert again[-1] == new.count(None)


@given(st.lists(st.none() | st.text(max_size=40), min_size=1, max_size=50))
def test_texts_are_counted_by_length(texts):
    values = np.array(texts, dtype=object)
    counted = _reference(values, Kind.TEXT).columns["x"]
    assert counted.measure == "length"
    assert tuple(counts_of(counted, values)) == counted.counts
    assert counted.counts[-1] == texts.count(None)


def test_many_levels_are_cut():
    values = np.array([f"l{number % 300}" for number in range(700)], dtype=object)
    counted = _reference(values, Kind.CODED).columns["x"]
    assert len(counted.levels) == MAX_LEVELS
    assert counted.levels[0] == "l0"
    assert counted.counts[-2] == 700 - sum(counted.counts[:MAX_LEVELS]) > 0


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


def test_moments_are_binned():
    moments = np.array([MISSING_DATETIME, *range(0, 10**15, 10**13)], dtype=np.int64)
    counted = _reference(moments, Kind.DATETIME).columns["x"]
    assert (counted.measure, counted.counts[-1]) == ("moment", 1)
    assert set(counted.counts[:-1]) <= {4, 5, 6}


def test_bins_hold_about_as_many_rows_each():
    values = np.random.default_rng(0).lognormal(size=10_000)
    counted = _reference(values, Kind.NUMERIC).columns["x"]
    assert set(counted.counts[:-1]) <= {499, 500, 501}
    shifted = counts_of(counted, values * 2)
    assert shifted[-2] > 1000


def test_a_rare_flag_keeps_its_two_values_apart():
    counted = _reference(np.array([0.0] * 99 + [1.0]), Kind.BOOLEAN).columns["x"]
    assert (counted.edges, counted.counts) == ((0.0,), (99, 1, 0))


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
