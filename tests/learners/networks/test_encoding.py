import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.networks.encoding import NetworkEncoding, encode_for_networks
from modelwright.learners.networks.layers import EMBEDDING, LateBatch, Pass, Shape
from modelwright.learners.networks.numbers import LIMIT
from modelwright.predictor.operations.ramps import Ramps
from modelwright.tasks.task import Task
from modelwright.testing import example_rows


def _encode(rows: Rows) -> NetworkEncoding:
    return encode_for_networks(rows, np.arange(len(rows)), budget=Budget.start(60), seed=0)


def _numbers(**columns: np.ndarray) -> Rows:
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in columns))
    target = np.arange(len(next(iter(columns.values()))), dtype=np.float64)
    return Rows(schema, columns, target, Task(kind="regression"))


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_program_reads_what_the_network_reads(kind):
    rows, held_back = (example_rows(kind, count=count, seed=count) for count in (300, 100))
    encoding = _encode(rows)
    batch = encoding.batch(held_back)
    table = np.random.default_rng(0).normal(size=(sum(encoding.sizes), EMBEDDING))
    table[[1, 2]] = table[1]  # a rare level is an unknown one
    read = encoding.program_part(table).matrix(held_back.columns)
    columns = batch.matrix.shape[1]
    np.testing.assert_allclose(read[:, :columns], batch.matrix, rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(read[:, columns:], table[batch.places].reshape(100, -1))


def test_only_categories_of_many_levels_are_embedded():
    assert [
        levels.column for levels in _encode(example_rows("binary", count=300, seed=1)).levels
    ] == ["shop"]


def test_what_would_be_large_is_made_when_it_is_taken_and_is_the_same(monkeypatch):
    rows, some = example_rows("regression", count=300, seed=1), np.array([7, 3, 200])
    kept = _encode(rows).training_batch(np.arange(300))
    monkeypatch.setattr("modelwright.learners.networks.encoding._MOST_CELLS", 0)
    late = _encode(rows).training_batch(np.arange(300))
    assert isinstance(late, LateBatch)
    np.testing.assert_array_equal(late.take(some).matrix, kept.matrix[some])
    np.testing.assert_array_equal(late.take(some).places, kept.places[some])


def test_training_rows_have_target_means_of_other_rows():
    rows = example_rows("regression", count=300, seed=1)
    encoding = _encode(rows)
    learned, as_any = encoding.training_batch(np.arange(300)), encoding.batch(rows)
    differs = (learned.matrix != as_any.matrix).any(axis=0)
    assert 0 < differs.sum() < 30
    np.testing.assert_array_equal(learned.places, as_any.places)


def test_numbers_are_bent_and_cut_into_ramps():
    numbers = np.random.default_rng(0).lognormal(sigma=3.0, size=500)
    encoding = _encode(_numbers(x=numbers))
    matrix = encoding.training_batch(np.arange(500)).matrix
    assert matrix.shape == (500, 1 + 16)
    assert np.abs(matrix).max() <= LIMIT
    order = np.argsort(numbers)
    assert (np.diff(matrix[order], axis=0) >= 0).all()
    # Each piece holds as many rows.
    inside = ((matrix[:, 1:] > 0) & (matrix[:, 1:] < 1)).sum(axis=0)
    assert (np.abs(inside - 500 / 16) < 4).all()


def test_missing_numbers_are_flagged_where_there_are_any():
    some = np.arange(60.0)
    full = _encode(_numbers(x=some, y=some**2)).training_batch(np.arange(60)).matrix
    holed = some.copy()
    holed[:10] = np.nan
    matrix = _encode(_numbers(x=some, y=holed)).training_batch(np.arange(60)).matrix
    assert matrix.shape[1] == full.shape[1] + 1
    assert matrix[:, -1].tolist() == [1.0] * 10 + [0.0] * 50


def test_numbers_without_end_do_no_harm():
    wild = np.concatenate([[np.inf, -np.inf, 1e300, -1e300], np.arange(60.0)])
    matrix = _encode(_numbers(x=wild)).training_batch(np.arange(64)).matrix
    assert np.isfinite(matrix).all()


def test_many_columns_share_the_ramps():
    draw = np.random.default_rng(0)
    few = {f"x{number}": draw.normal(size=100) for number in range(60)}
    many = {f"x{number}": draw.normal(size=100) for number in range(200)}
    for columns, pieces in ((few, 6), (many, 0)):
        ramps = [step for step in _encode(_numbers(**columns)).numbers if isinstance(step, Ramps)]
        assert sum(len(step.source) for step in ramps) == pieces * len(columns)


def test_columns_of_two_values_become_0_and_1():
    matrix = _encode(_numbers(x=np.array([5.0, 9.0] * 30))).training_batch(np.arange(60)).matrix
    bent = 1 / np.sqrt(1 + 1 / LIMIT**2)
    np.testing.assert_allclose(np.unique(matrix), [0.0, bent], rtol=1e-6)


def test_a_table_without_anything_to_learn_from_is_read():
    encoding = _encode(_numbers(x=np.full(20, 3.0)))
    batch = encoding.training_batch(np.arange(20))
    shape = Shape(batch.matrix.shape[1], (), (4,), 1, "silu")
    assert np.isfinite(Pass(shape, shape.split(shape.begin(np.zeros(1), seed=0)), batch).raw).all()
