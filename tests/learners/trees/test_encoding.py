import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.columns.target_means import SMOOTHING
from modelwright.learners.trees.encoding import encode_for_trees
from modelwright.tasks.task import Task
from modelwright.testing import example_rows

DAY = 86_400_000_000


def _encode(kind: Kind, values: np.ndarray, target: np.ndarray | None = None):
    schema = Schema(columns=(Column(name="x", kind=kind),))
    numbers = np.arange(len(values), dtype=np.float64) if target is None else target
    rows = Rows(schema, {"x": values}, numbers, Task(kind="regression"))
    return encode_for_trees(rows, budget=Budget.start(60), seed=0)


def _texts(*texts: str | None) -> np.ndarray:
    return np.array(texts, dtype=object)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Kind.NUMERIC, np.full(9, 3.0)),
        (Kind.NUMERIC, np.full(9, np.nan)),
        (Kind.DATETIME, np.full(9, MISSING_DATETIME)),
        (Kind.DATETIME, np.full(9, 5)),
        (Kind.CATEGORICAL, _texts(*"aaaaaaaaa")),
        (Kind.ID, _texts(*"abcdefghi")),
        (Kind.TEXT, _texts(*[None] * 9)),
        (Kind.TEXT, _texts(*"abcdefghi")),
    ],
)
def test_a_column_that_tells_no_rows_apart_is_left_out(kind, values):
    encoded = _encode(kind, values)
    assert encoded.encoding.names == ("nothing",)
    assert encoded.matrix.tolist() == [[0.0]] * 9


def test_numbers_stay_and_missing_ones_stay_missing():
    values = np.array([1.5, np.nan, -2.0])
    encoded = _encode(Kind.NUMERIC, values)
    assert encoded.encoding.steps[:-1] == ()
    np.testing.assert_array_equal(encoded.matrix[:, 0], values)


def test_few_levels_become_a_rank_and_columns():
    encoded = _encode(Kind.CATEGORICAL, _texts(*"aaaaabbbbccc", "rare", None))
    assert encoded.encoding.names == ("x (rank)", "x = a", "x = b", "x = c")
    rows = encoded.encoding.matrix({"x": _texts("a", "c", "rare", "new", None)})
    assert rows.tolist() == [
        [0, 1, 0, 0],
        [2, 0, 0, 1],
        [3, 0, 0, 0],
        [3, 0, 0, 0],
        [-1, 0, 0, 0],
    ]


def test_many_levels_become_a_rank_and_target_means():
    levels = _texts(*(chr(97 + number % 12) for number in range(600)))
    target = np.random.default_rng(0).normal(size=600)
    encoded = _encode(Kind.CATEGORICAL, levels, target)
    assert encoded.encoding.names == ("x (rank)", "x (mean of target 0)")
    inside = target[levels == "c"]
    expected = (inside.sum() + SMOOTHING * target.mean()) / (len(inside) + SMOOTHING)
    matrix = encoded.encoding.matrix({"x": _texts("c", "new", None)})
    assert matrix[0, 1] == pytest.approx(expected)
    assert matrix[1:, 1] == pytest.approx(target.mean())


def test_training_rows_do_not_see_their_own_target():
    levels = _texts(*(f"{number // 3}" for number in range(600)))
    target = np.random.default_rng(0).normal(size=600)
    encoded = _encode(Kind.CATEGORICAL, levels, target)
    leaky = encoded.encoding.matrix({"x": levels})[:, 1]
    assert np.corrcoef(leaky, target)[0, 1] > 0.3
    assert abs(np.corrcoef(encoded.matrix[:, 1], target)[0, 1]) < 0.15


def test_only_parts_of_a_datetime_that_vary_and_come_back():
    encoded = _encode(Kind.DATETIME, np.arange(900) * DAY)
    assert encoded.encoding.names == (
        "x (month)",
        "x (day)",
        "x (weekday)",
        "x (day_of_year)",
    )


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_matrix_differs_from_the_program_in_target_means_only(kind):
    rows = example_rows(kind, count=400, seed=0)
    encoded = encode_for_trees(rows, budget=Budget.start(60), seed=0)
    plain = encoded.encoding.matrix(rows.columns)
    assert plain.shape == (400, encoded.encoding.width)
    differ = [
        name
        for name, ours, theirs in zip(
            encoded.encoding.names, encoded.matrix.T, plain.T, strict=True
        )
        if not np.array_equal(ours, theirs, equal_nan=True)
    ]
    assert differ
    assert all("mean of target" in name for name in differ)
