"""One row of a picture that is a table: as wide as its cell, with text that never shrinks.

Places are percentages, so that the same picture suits a phone and a desk; names and figures are
the table's own text, which a screen reader reads and a person can copy.
"""

from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup

from modelwright.report.charts.axis import Axis
from modelwright.report.charts.svg import element, percent

_HEIGHT, _MIDDLE, _DOT = 22, 11, 5
_GRAIN, _ASIDE, _LANES = 2.5, 2.5, 60
"""Of a swarm: the radius of a dot, how far they lie apart, and how many places an axis has."""

_LETTERS = 13
"""So many letters of ticks have room beside each other on a phone."""

Look = Literal["model", "plain"]
"""The model is filled, what it is compared with is hollow: told apart without colours."""


def draw_interval(
    ends: tuple[float, float], value: float, axis: Axis, *, look: Look = "model", mark: float | None
) -> Markup:
    """Draw a score as a dot on its interval.

    Parameters
    ----------
    ends
        Of the interval.
    value
        The score.
    axis
        Shared by the rows of the table.
    look
        Whose score it is.
    mark
        Where a thin line stands to compare with; None for none.
    """
    low, high = ends
    line = element("line", **_line(axis, low, high), classed=f"reach {look}")
    dot = element("circle", cx=percent(axis.at(value)), cy=_MIDDLE, r=_DOT, classed=f"dot {look}")
    return _track(*_mark(axis, mark), line, dot)


def draw_bar(ends: tuple[float, float] | None, value: float, axis: Axis) -> Markup:
    """Draw a figure as a bar from zero, with a whisker over its spread where it has one."""
    start, end = sorted((axis.at(0.0), axis.at(value)))
    bar = element(
        "rect",
        x=percent(start),
        y=4,
        width=percent(end - start),
        height=_HEIGHT - 8,
        classed="bar",
    )
    whisker = [element("line", **_line(axis, *ends), classed="whisker")] if ends else []
    return _track(bar, *_mark(axis, 0.0), *whisker)


def draw_wait(began: float, found: float | None, axis: Axis) -> Markup:
    """Draw how long something went on: until it was found, or to the end where it never was.

    Parameters
    ----------
    began
        Where it began.
    found
        Where it was found; None where it never was.
    axis
        Shared by the rows of the table.
    """
    end = axis.high if found is None else found
    start = _mark(axis, began)
    line = element(
        "line", **_line(axis, began, end), classed="reach model" if found is not None else "unfound"
    )
    if found is None:
        return _track(*start, line)
    dot = element("circle", cx=percent(axis.at(found)), cy=_MIDDLE, r=_DOT, classed="dot model")
    return _track(*start, line, dot)


def draw_swarm(values: Sequence[float], looks: Sequence[str], axis: Axis) -> Markup:
    """Draw a dot for each of many figures; those that would cover each other lie side by side.

    Parameters
    ----------
    values
        The figures.
    looks
        How each dot looks: ``"high"``, ``"low"`` or ``"other"``.
    axis
        Shared by the rows of the table.
    """
    taken: dict[int, int] = {}
    dots = []
    for value, look in zip(values, looks, strict=True):
        place = axis.at(value)
        lane = taken.get(round(place * _LANES), 0)
        taken[round(place * _LANES)] = lane + 1
        # From the middle outwards, above and below; the rest lies at the edge.
        aside = min((lane + 1) // 2 * _ASIDE, _MIDDLE - _GRAIN) * (1 if lane % 2 else -1)
        dots.append(
            element(
                "circle", cx=percent(place), cy=_MIDDLE + aside, r=_GRAIN, classed=f"grain {look}"
            )
        )
    return _track(*_mark(axis, 0.0), *dots)


def draw_scale(axis: Axis) -> Markup:
    """Draw the ticks that belong below the rows; on a phone long ones leave out every other."""
    long = sum(len(axis.label(tick)) for tick in axis.ticks) > _LETTERS
    ticks = [
        element(
            "text",
            axis.label(tick),
            x=percent(axis.at(tick)),
            y=12,
            text_anchor=_anchor(axis, tick),
            **({"classed": "between"} if long and place % 2 else {}),
        )
        for place, tick in enumerate(axis.ticks)
    ]
    marks = [
        element("line", x1=(x := percent(axis.at(tick))), x2=x, y1=-4, y2=0, classed="axis")
        for tick in axis.ticks
    ]
    return element("svg", *marks, *ticks, classed="scale", height=16, aria_hidden="true")


def _track(*marks: Markup) -> Markup:
    ground = element("line", x1="0%", x2="100%", y1=_MIDDLE, y2=_MIDDLE, classed="ground")
    return element("svg", ground, *marks, classed="track", height=_HEIGHT, aria_hidden="true")


def _line(axis: Axis, low: float, high: float) -> dict[str, object]:
    return {
        "x1": percent(axis.at(low)),
        "x2": percent(axis.at(high)),
        "y1": _MIDDLE,
        "y2": _MIDDLE,
    }


def _mark(axis: Axis, at: float | None) -> tuple[Markup, ...]:
    if at is None:
        return ()
    x = percent(axis.at(at))
    return (element("line", x1=x, x2=x, y1=0, y2=_HEIGHT, classed="mark"),)


def _anchor(axis: Axis, tick: float) -> str:
    """Keep the outermost ticks inside the cell."""
    place = axis.at(tick)
    return "start" if place < 0.06 else "end" if place > 0.94 else "middle"
