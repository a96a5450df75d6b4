"""How the answers follow one column: lines for numbers, rows for levels and moments."""

from dataclasses import dataclass

from modelwright.documents import Candidate, Dependence
from modelwright.predictor.labels import label_text
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.plots import (
    Frame,
    draw_band,
    draw_hits,
    draw_line,
    draw_plot,
    draw_points,
)
from modelwright.report.charts.tracks import draw_interval, draw_scale
from modelwright.report.hundreds import positive_name
from modelwright.report.pictures.drawings import Drawing
from modelwright.report.pictures.figures import Figure, Row
from modelwright.report.words import clip, moment, number, percent

_NAME = 40


@dataclass(frozen=True)
class Levels:
    """A picture of a column of levels or moments, as rows."""

    title: str
    answer: str
    figure: Figure


def draw_dependences(candidate: Candidate) -> tuple[tuple[Drawing, ...], tuple[Levels, ...]]:
    """Draw the columns of numbers as lines, and all others as rows; on one span of answers.

    Parameters
    ----------
    candidate
        With what was measured of its main columns.
    """
    dependences = candidate.evaluation.dependences
    ends = [end for each in dependences for end in (*each.low, *each.high)]
    lines = [each for each in dependences if _is_of_numbers(each)]
    others = [each for each in dependences if not _is_of_numbers(each)]
    tall, wide = Axis.over(ends), Axis.over(ends, most_ticks=3)
    return (
        tuple(_line(each, tall, _answer(each, candidate)) for each in lines),
        tuple(Levels(_title(each), _answer(each, candidate), _rows(each, wide)) for each in others),
    )


def _line(dependence: Dependence, axis: Axis, answer: str) -> Drawing:
    numbers = [each for each in dependence.values if not isinstance(each, str)]
    points = tuple(zip(numbers, dependence.answers, strict=True))
    frame = Frame(
        x=Axis.over(numbers, most_ticks=5),
        y=axis,
        x_title=clip(dependence.column, _NAME),
        y_title=answer,
        label=f"How the answer follows {clip(dependence.column, _NAME)}",
    )
    low = tuple(zip(numbers, dependence.low, strict=True))
    high = tuple(zip(numbers, dependence.high, strict=True))
    svg = draw_plot(
        frame,
        draw_band(frame, low, high),
        draw_line(frame, points),
        draw_points(frame, points, radius=2.5),
        draw_hits(frame, points),
    )
    return Drawing(
        title=_title(dependence),
        sentence="",
        svg=svg,
        headings=(frame.x_title, frame.y_title),
        rows=tuple((number(x), number(y)) for x, y in points),
        points=len(points),
        part=dependence,
    )


def _rows(dependence: Dependence, axis: Axis) -> Figure:
    ends = zip(dependence.low, dependence.high, strict=True)
    told = zip(dependence.values, dependence.answers, ends, strict=True)
    rows = tuple(
        Row(
            moment(str(value)) if value else "(empty)",
            draw_interval(reach, answer, axis, mark=None),
            number(answer) if dependence.of is None else percent(answer),
            part=dependence,
        )
        for value, answer, reach in told
    )
    return Figure(rows, draw_scale(axis))


def _is_of_numbers(dependence: Dependence) -> bool:
    return not any(isinstance(each, str) for each in dependence.values)


def _title(dependence: Dependence) -> str:
    return clip(dependence.column, _NAME)


def _answer(dependence: Dependence, candidate: Candidate) -> str:
    """Say what the answers are."""
    if dependence.of is None:
        return f"“{clip(candidate.target, 24)}” as predicted, mean"
    if candidate.task.kind == "binary":
        return f"probability of {positive_name(candidate.task, candidate.target)}, mean"
    return f"probability of “{clip(label_text(dependence.of), 24)}”, mean"
