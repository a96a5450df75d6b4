"""Axes: every span, however odd, gets a few round ticks inside it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.report.charts.axis import Axis

_FIGURES = st.floats(-1e12, 1e12, allow_nan=False).map(lambda value: round(value, 6))


@given(st.lists(_FIGURES, max_size=8), st.sampled_from([3, 4, 5, 6]))
def test_few_ticks_that_lie_inside(values: list[float], most: int) -> None:
    axis = Axis.over(values, most_ticks=most)
    assert len(axis.ticks) <= most
    assert all(0 <= axis.at(tick) <= 1 for tick in axis.ticks)
    assert all(0 < axis.at(value) < 1 for value in values)
    assert len({axis.label(tick) for tick in axis.ticks}) == len(axis.ticks)


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (0.0, 1.0, 5, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        (0.0, 1.0, 6, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.47, 0.73, 3, ["0.5", "0.6", "0.7"]),
        (-0.02, 0.11, 3, ["0.00", "0.05", "0.10"]),
        (0.0, 950_000.0, 5, ["0", "200k", "400k", "600k", "800k"]),
        (0.0, 5.2e6, 3, ["0", "2M", "4M"]),
        (1e8, 1e8 + 3, 4, ["100,000,000", "100,000,001", "100,000,002", "100,000,003"]),
    ],
)
def test_ticks_are_round(low: float, high: float, most: int, labels: list[str]) -> None:
    axis = Axis(low, high, most)
    assert [axis.label(tick) for tick in axis.ticks] == labels


@pytest.mark.parametrize("values", [[], [0.5, 0.5], [0.0], [math.nan, math.inf], [-3.0, -3.0]])
def test_a_span_without_width_has_an_axis(values: list[float]) -> None:
    axis = Axis.over(values)
    assert axis.low < axis.high
    assert axis.ticks


def test_what_lies_beyond_is_drawn_at_the_end() -> None:
    axis = Axis(0.0, 1.0)
    assert [axis.at(value) for value in (-5.0, math.inf, math.nan)] == [0.0, 1.0, 0.0]
