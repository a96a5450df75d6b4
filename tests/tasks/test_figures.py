"""Numbers in sentences have no power of ten where people count in thousands."""

import math

import pytest

from modelwright.tasks.figures import figure


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1.73e3, "1,730"),
        (-1234567.8, "-1,234,568"),
        (985.4, "985"),
        (2.5e-7, "2.5e-07"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_large_numbers_are_whole(value, told):
    assert figure(value, 3) == told
