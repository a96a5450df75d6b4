"""Marks stand where the axis says, at any width, and say nothing twice to a screen reader."""

import re

import pytest

from modelwright.report.charts.axis import Axis
from modelwright.report.charts.tracks import draw_bar, draw_interval, draw_scale, draw_wait


def test_an_interval_is_a_dot_on_a_line() -> None:
    drawn = draw_interval((0.25, 0.75), 0.5, Axis(0.0, 1.0), mark=None)
    assert 'cx="50.00%"' in drawn
    assert 'x1="25.00%" x2="75.00%"' in drawn
    assert "mark" not in drawn


def test_the_model_and_the_simplest_answer_look_different() -> None:
    axis = Axis(0.0, 1.0)
    model = draw_interval((0.1, 0.2), 0.1, axis, mark=0.0)
    plain = draw_interval((0.1, 0.2), 0.1, axis, look="plain", mark=0.0)
    assert "dot model" in model
    assert "dot plain" in plain


@pytest.mark.parametrize(
    ("value", "start", "width"), [(0.5, "50.00%", "25.00%"), (-1.0, "0.00%", "50.00%")]
)
def test_a_bar_begins_at_zero(value: float, start: str, width: str) -> None:
    drawn = draw_bar((value, value), value, Axis(-1.0, 1.0))
    assert f'x="{start}"' in drawn
    assert f'width="{width}"' in drawn


def test_nothing_leaves_the_picture() -> None:
    drawn = draw_interval((-9.0, 9.0), 4.0, Axis(0.0, 1.0), mark=7.0)
    places = [float(place) for place in re.findall(r'"(-?[\d.]+)%"', drawn)]
    assert all(0 <= place <= 100 for place in places)


def test_pictures_beside_their_figures_are_hidden_from_screen_readers() -> None:
    axis = Axis(0.0, 1.0)
    drawn = (draw_bar((0, 1), 1, axis), draw_interval((0, 1), 1, axis, mark=None), draw_scale(axis))
    assert all('aria-hidden="true"' in each for each in drawn)


def test_a_wait_ends_where_something_was_found_or_at_the_end() -> None:
    found, never = (draw_wait(4.0, each, Axis(0.0, 8.0)) for each in (6.0, None))
    assert 'x1="50.00%" x2="75.00%"' in found
    assert 'cx="75.00%"' in found
    assert 'x1="50.00%" x2="100.00%"' in never
    assert "circle" not in never
