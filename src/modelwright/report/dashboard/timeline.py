"""The score over time, with a mark for each judgement, as wide as the page lets it be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from markupsafe import Markup

from modelwright.documents import Health
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.svg import element, percent
from modelwright.report.words import interval, moment, plural

_TOP, _BOTTOM, _HEIGHT = 12.0, 150.0, 178.0
_LEFT = 0.09
"""Share of the width for the figures of the axis."""
_MOST = 200


@dataclass(frozen=True)
class Timeline:
    """A picture of judgements, and the judgements that it shows, the oldest first."""

    svg: Markup
    shown: Sequence[Health]


def draw_timeline(judgements: Sequence[Health]) -> Timeline | None:
    """Draw the realised score of each judgement beside what was expected.

    A judgement that calls for action is a square, one that does not a circle; without a known score
    the mark stands at the bottom.

    Parameters
    ----------
    judgements
        The oldest first; of very many the latest are shown.

    Returns
    -------
    Timeline or None
        None where there are not two: one is told in words.
    """
    shown = judgements[-_MOST:]
    if len(shown) < 2:
        return None
    scores = [score for each in shown for score in (each.realised, each.expected) if score]
    axis = Axis.over((end for s in scores for end in (s.low, s.high)), most_ticks=4)
    places = _places(shown)
    svg = element(
        "svg",
        *(_grid(axis) if scores else ()),
        *_expected(shown, places, axis),
        *(
            mark
            for health, x in zip(shown, places, strict=True)
            for mark in _judgement(health, x, axis)
        ),
        *_dates(shown),
        classed="timeline",
        height=_HEIGHT,
        role="img",
        aria_label=_said(shown),
    )
    return Timeline(svg, shown)


def _places(shown: Sequence[Health]) -> list[float]:
    """Return where each judgement stands: by its moment, or one after the other where unknown."""
    moments = [_seconds(each.made_at) for each in shown]
    known = [each for each in moments if each is not None]
    first, last = (min(known), max(known)) if known else (0.0, 0.0)
    if len(known) < len(shown) or first == last:
        parts = [(place + 0.5) / len(shown) for place in range(len(shown))]
    else:
        parts = [(each - first) / (last - first) for each in known]
    return [_LEFT + (0.97 - _LEFT) * part for part in parts]


def _seconds(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


def _y(axis: Axis, value: float) -> float:
    return _TOP + (1 - axis.at(value)) * (_BOTTOM - _TOP)


def _grid(axis: Axis) -> list[Markup]:
    return [
        mark
        for tick in axis.ticks
        for mark in (
            element(
                "line",
                x1=percent(_LEFT - 0.02),
                x2="100%",
                y1=_y(axis, tick),
                y2=_y(axis, tick),
                classed="grid",
            ),
            element("text", axis.label(tick), x=0, y=_y(axis, tick) + 4),
        )
    ]


def _expected(shown: Sequence[Health], places: Sequence[float], axis: Axis) -> list[Markup]:
    """Draw a dashed line through what was expected."""
    known = [
        (percent(x), _y(axis, each.expected.value))
        for each, x in zip(shown, places, strict=True)
        if each.expected is not None
    ]
    return [
        element("line", x1=x, x2=next_x, y1=y, y2=next_y, classed="reference")
        for (x, y), (next_x, next_y) in pairwise(known)
    ]


def _judgement(health: Health, x: float, axis: Axis) -> list[Markup]:
    place, told = percent(x), element("title", _told(health))
    score = health.realised
    reach = (
        []
        if score is None
        else [
            element(
                "line",
                told,
                x1=place,
                x2=place,
                y1=_y(axis, score.low),
                y2=_y(axis, score.high),
                classed="reach model",
            )
        ]
    )
    y = _BOTTOM if score is None else _y(axis, score.value)
    if health.healthy:
        return [*reach, element("circle", told, cx=place, cy=y, r=5.0, classed="dot model")]
    # A nested picture has a corner of its own, so a place in percent can have a size in pixels.
    square = element("rect", told, x=-6, y=-6, width=12, height=12, classed="ill")
    return [*reach, element("svg", square, x=place, y=y, overflow="visible")]


def _dates(shown: Sequence[Health]) -> list[Markup]:
    first, last = (moment(shown[place].made_at[:10]) for place in (0, -1))
    if first == last:
        # On one day the hours tell more; the day need not be said twice.
        first, last = moment(shown[0].made_at), moment(shown[-1].made_at).rpartition(", ")[2]
    return [
        element("text", text, x=percent(x), y=_HEIGHT - 6, text_anchor=anchor)
        for text, x, anchor in ((first, _LEFT, "start"), (last, 1.0, "end"))
    ]


def _told(health: Health) -> str:
    score = f", scored {interval(health.realised)}" if health.realised else ", no labels"
    return f"{moment(health.made_at)}: {plural(health.rows, 'row')}{score}; {health.action}"


def _said(shown: Sequence[Health]) -> str:
    ill = sum(not each.healthy for each in shown)
    return f"{plural(len(shown), 'judgement')} over time, {ill} of them called for action"
