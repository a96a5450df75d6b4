"""A line or points over two axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from modelwright.report.charts.axis import Axis
from modelwright.report.charts.svg import element
from modelwright.report.words import number

_WIDTH, _HEIGHT = 340.0, 300.0
_RIGHT, _TOP, _BOTTOM = 14.0, 26.0, 44.0
_LETTER = 7.2
"""A wide digit of a tick."""
_MOST_HITS = 60

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Two axes with their titles, and what the whole picture says.

    Examples
    --------
    >>> frame = Frame(x=Axis(0, 1), y=Axis(0, 1), x_title="said", y_title="seen", label="honest")
    >>> picture = draw_plot(frame, draw_line(frame, [(0.0, 0.0), (1.0, 1.0)]))
    >>> picture.count("<path")
    1
    """

    x: Axis
    y: Axis
    x_title: str
    y_title: str
    label: str

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies."""
        left = 12 + _LETTER * max(len(self.y.label(tick)) for tick in self.y.ticks)
        width, height = _WIDTH - left - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return left + self.x.at(x) * width, _TOP + (1 - self.y.at(y)) * height


def draw_plot(frame: Frame, *marks: Markup) -> Markup:
    """Draw the axes, and marks over them."""
    return element(
        "svg",
        *(_x_tick(frame, tick) for tick in frame.x.ticks),
        *(_y_tick(frame, tick) for tick in frame.y.ticks),
        element("text", frame.y_title, x=0, y=12, classed="title"),
        element(
            "text",
            frame.x_title,
            x=_WIDTH - _RIGHT,
            y=_HEIGHT - 6,
            text_anchor="end",
            classed="title",
        ),
        *marks,
        classed="plot",
        viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}",
        role="img",
        aria_label=frame.label,
    )


def draw_line(frame: Frame, points: Points, *, look: str = "curve") -> Markup:
    """Draw a line through points."""
    places = [frame.place(x, y) for x, y in points]
    path = "L".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return element("path", d=f"M{path}", classed=look)


def draw_band(frame: Frame, low: Points, high: Points) -> Markup:
    """Fill what lies between two lines."""
    places = [frame.place(x, y) for x, y in (*low, *reversed(high))]
    path = "L".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return element("path", d=f"M{path}Z", classed="band")


def draw_points(frame: Frame, points: Points, *, radius: float) -> Markup:
    """Draw points."""
    places = [frame.place(x, y) for x, y in points]
    dots = (element("circle", cx=x, cy=y, r=radius) for x, y in places)
    return element("g", *dots, classed="points")


def draw_hits(frame: Frame, points: Points) -> Markup:
    """Draw marks that are seen when they are pointed at, and say then where they are."""
    step = max(1, math.ceil(len(points) / _MOST_HITS))
    marks = []
    for x, y in points[::step]:
        across, down = frame.place(x, y)
        told = element("title", f"{frame.x_title}: {number(x)}\n{frame.y_title}: {number(y)}")
        marks.append(element("circle", told, cx=across, cy=down, r=7.0))
    return element("g", *marks, classed="hits")


def draw_note(frame: Frame, at: tuple[float, float], text: str) -> Markup:
    """Write a few words that end at a point."""
    x, y = frame.place(*at)
    return element("text", text, x=x, y=y, text_anchor="end", classed="note")


def _x_tick(frame: Frame, tick: float) -> Markup:
    x, bottom = frame.place(tick, frame.y.low)
    line = element("line", x1=x, x2=x, y1=_TOP, y2=bottom, classed="grid")
    label = element("text", frame.x.label(tick), x=x, y=bottom + 16, text_anchor="middle")
    return line + label


def _y_tick(frame: Frame, tick: float) -> Markup:
    left, y = frame.place(frame.x.low, tick)
    line = element("line", x1=left, x2=_WIDTH - _RIGHT, y1=y, y2=y, classed="grid")
    label = element("text", frame.y.label(tick), x=left - 6, y=y + 4, text_anchor="end")
    return line + label
