"""Numbers in sentences have no power of ten where people count in thousands."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.tasks.figures import figure


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1.73e3, "1,730"),
        (-1234567.8, "-1,234,568"),
        (985.4, "985"),
        (999.6, "1,000"),
        (2.5e-7, "2.5e-07"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_large_numbers_are_whole(value, told):
    assert figure(value, 3) == told


@given(st.floats(-1e6, 1e6), st.integers(1, 6))
def test_no_number_of_everyday_has_a_power(value, digits):
    told = figure(value, digits)
    assert "e+" not in told
    assert abs(float(told.replace(",", "")) - value) <= 0.51 * 10 ** (1 - digits) * abs(value) + 0.5
