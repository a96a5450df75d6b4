"""Which columns only grow with time."""

import numpy as np
import polars as pl
import pytest

from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.data.splitting.splits import Split
from modelwright.plan.growth import find_growing, leave_out

ROWS = 200
MOMENTS = np.arange(ROWS) // 4
SPLIT = Split(kind="time", column="when")


def found(values, split=SPLIT):
    frame = pl.DataFrame({"when": MOMENTS * 1.0, "x": values}, strict=False)
    schema = Schema(
        columns=(
            Column(name="when", kind=Kind.NUMERIC, role=Role.TIME),
            Column(name="x", kind=Kind.NUMERIC),
        )
    )
    return find_growing(frame.sample(fraction=1.0, shuffle=True, seed=1), schema, split)


@pytest.mark.parametrize(
    "values",
    [
        MOMENTS // 10 * 1.0,
        np.arange(ROWS) * 1.0,
        -np.cumsum(np.random.default_rng(0).random(ROWS)),
        [None if i % 7 == 0 else float(m) for i, m in enumerate(MOMENTS)],
    ],
)
def test_growing(values):
    assert found(values) == ("x",)


@pytest.mark.parametrize(
    "values",
    [
        MOMENTS % 12 * 1.0,
        np.random.default_rng(0).normal(size=ROWS) + MOMENTS,
        np.where(MOMENTS < 25, 0.0, 1.0),
        np.full(ROWS, 3.0),
        [None] * ROWS,
    ],
)
def test_not_growing(values):
    assert found(pl.Series(values, dtype=pl.Float64)) == ()


def test_only_time_makes_columns_grow():
    assert found(np.arange(ROWS) * 1.0, Split(kind="random")) == ()


def test_a_number_that_turns_back_in_few_of_many_rows_does_not_grow():
    rows = np.arange(20_000.0)
    frame = pl.DataFrame({"when": rows, "grows": rows * 2, "turns": np.where(rows == 7, 9.0, rows)})
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in frame.columns))
    schema = schema.assign(Role.TIME, "when")
    assert find_growing(frame, schema, SPLIT) == ("grows",)


def test_left_out_with_the_reason():
    schema = leave_out(Schema(columns=(Column(name="x", kind=Kind.NUMERIC),)), ("x",), time="when")
    assert schema["x"].role == Role.IGNORED
    assert "'when'" in schema["x"].reason
