"""Plots keep everything inside their frame and escape what they write."""

import re

from modelwright.report.charts.axis import Axis
from modelwright.report.charts.dots import draw_dots
from modelwright.report.charts.plots import Frame, draw_line, draw_note, draw_plot, draw_points

_FRAME = Frame(
    x=Axis(0.0, 900_000.0),
    y=Axis(0.0, 900_000.0),
    x_title="<b>",
    y_title="a & b",
    label='"said" & seen',
)


def test_text_is_escaped() -> None:
    drawn = draw_plot(_FRAME, draw_note(_FRAME, (1.0, 1.0), "<script>"))
    assert "<b>" not in drawn
    assert "<script>" not in drawn
    assert "&lt;b&gt;" in drawn
    assert 'aria-label="&#34;said&#34; &amp; seen"' in drawn


def test_wide_labels_have_room() -> None:
    left, _ = _FRAME.place(0.0, 0.0)
    longest = max(len(_FRAME.y.label(tick)) for tick in _FRAME.y.ticks)
    assert left > 7 * longest


def test_points_and_lines_stay_inside() -> None:
    points = [(-1e9, -1e9), (1e9, 1e9)]
    drawn = draw_line(_FRAME, points) + draw_points(_FRAME, points, radius=3.0)
    places = [float(place) for place in re.findall(r'[MLxy,"](\d+\.?\d*)(?=[,L"])', drawn)]
    assert places
    assert max(places) <= 340


def test_a_hundred_dots() -> None:
    drawn = draw_dots(37, "Of 100 cases, <37>")
    assert drawn.count('class="on"') == 37
    assert drawn.count('class="off"') == 63
    assert "&lt;37&gt;" in drawn
