import sqlite3

import duckdb
import numpy as np
import pytest

from modelwright.predictor.emitters.sql.literals import ample, approximate, least_of

NUMBERS = [
    0.0, 0.1, 0.3, 1 / 3, -1 / 3, 39.5, 39.500000000000007, 1e22, 1e23, 9007199254740993.0, 1e300,
    -1e300, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e-15, 123456.789, 2.0**70,
    0.3000000000000004, 8.5e-5,
]  # fmt: skip


@pytest.mark.parametrize("value", NUMBERS)
def test_a_literal_is_read_as_the_same_double(value):
    connection = sqlite3.connect(":memory:")
    found = connection.execute(f"SELECT {ample(value)}, typeof({ample(value)})").fetchone()
    connection.close()
    assert found == (value, "real")
    with duckdb.connect() as other:
        assert other.execute(f"SELECT {approximate(value)}").fetchall() == [(value,)]


def test_any_double_can_be_written():
    draw = np.random.default_rng(0)
    bits = draw.integers(0, 2**63, size=2_000, dtype=np.uint64)
    short = np.round(draw.normal(scale=100, size=500), draw.integers(0, 9))
    values = [
        float(each) for each in (*bits.view(np.float64), *short) if 1e-280 < abs(each) < 1e290
    ]
    connection = sqlite3.connect(":memory:")
    columns = (connection.execute(f"SELECT {ample(value)}").fetchone()[0] for value in values)
    assert list(columns) == values
    connection.close()


def test_the_number_nearest_to_zero():
    assert least_of(np.array([0.0, -0.5, 2.0])) == 0.5
    assert least_of(np.zeros(2)) == float("inf")
