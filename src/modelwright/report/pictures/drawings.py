"""The pictures of an evaluation, each with what it says and its table."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from modelwright.documents import Curve, Evaluation
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.plots import (
    Frame,
    Points,
    draw_hits,
    draw_line,
    draw_note,
    draw_plot,
    draw_points,
)
from modelwright.report.words import clip, number

_SHOWN_POINTS = 12
_SHARE = Axis(0.0, 1.0, most_ticks=6)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A picture of a curve.

    Parameters
    ----------
    rows
        Some of its points for the table, the ends among them.
    points
        How many there are.
    part
        The part of a document that is drawn.
    """

    title: str
    sentence: str
    svg: Markup
    headings: tuple[str, str]
    rows: tuple[tuple[str, str], ...]
    points: int
    part: object = None


def draw_curves(evaluation: Evaluation, *, target: str) -> tuple[Drawing, ...]:
    """Draw every curve of an evaluation that has points.

    Parameters
    ----------
    evaluation
        Whose curves are drawn; a name that is not known is left out.
    target
        The column that is predicted, for the axes.
    """
    drawn = (_draw(curve, evaluation, target) for curve in evaluation.curves)
    return tuple(drawing for drawing in drawn if drawing is not None)


def _draw(curve: Curve, evaluation: Evaluation, target: str) -> Drawing | None:
    points = tuple(zip(curve.x, curve.y, strict=True))
    if not points:
        return None
    match curve.name:
        case "roc":
            drawing = _roc(points)
        case "precision_recall":
            drawing = _precision_recall(points, evaluation)
        case "calibration":
            drawing = _calibration(points)
        case "residuals":
            drawing = _scatter(points, evaluation, clip(target, 24))
        case _:
            return None
    return replace(drawing, part=curve)


def _roc(points: Points) -> Drawing:
    frame = Frame(
        x=_SHARE,
        y=_SHARE,
        x_title="false alarms, share of all others",
        y_title="found, share of all sought",
        label="ROC curve: the share found against the share of false alarms",
    )
    svg = draw_plot(
        frame,
        draw_line(frame, [(0, 0), (1, 1)], look="reference"),
        draw_line(frame, points),
        draw_note(frame, (0.98, 0.04), "dashed: by chance"),
        draw_hits(frame, points),
    )
    sentence = "The further the curve bends to the upper left, the better it ranks."
    return _drawing("Found and false alarms (ROC)", sentence, frame, svg=svg, points=points)


def _precision_recall(points: Points, evaluation: Evaluation) -> Drawing:
    frame = Frame(
        x=_SHARE,
        y=_SHARE,
        x_title="found, share of all sought",
        y_title="right, share of all warnings",
        label="Precision-recall curve: the share of right warnings against the share found",
    )
    rate = evaluation.positives / max(1, evaluation.rows)
    chance = draw_line(frame, [(0, rate), (1, rate)], look="reference")
    note = draw_note(frame, (0.98, 0.04 if rate > 0.12 else 0.94), "dashed: at random")
    svg = draw_plot(frame, chance, draw_line(frame, points), note, draw_hits(frame, points))
    sentence = "Going right, it warns more often: more is found, and more warnings are false."
    return _drawing("Right and found", sentence, frame, svg=svg, points=points)


def _calibration(points: Points) -> Drawing:
    top = Axis(0.0, max(0.1, *(max(point) for point in points)) * 1.04, most_ticks=6)
    frame = Frame(
        x=top,
        y=top,
        x_title="probability that it states",
        y_title="what happened, share of cases",
        label="Calibration: how often it happened against the probability stated",
    )
    svg = draw_plot(
        frame,
        draw_line(frame, [(0, 0), (top.high, top.high)], look="reference"),
        draw_line(frame, points),
        draw_points(frame, points, radius=4.0),
        draw_note(frame, (0.98 * top.high, 0.04 * top.high), "dashed: honest"),
        draw_hits(frame, points),
    )
    sentence = "On the dashed line, things happen as often as it says that they will."
    return _drawing("Are its probabilities honest?", sentence, frame, svg=svg, points=points)


def _scatter(points: Points, evaluation: Evaluation, target: str) -> Drawing:
    both = Axis.over((figure for point in points for figure in point), most_ticks=6)
    frame = Frame(
        x=both,
        y=both,
        x_title=f"“{target}” as predicted",
        y_title=f"“{target}” as it was",
        label=f"Scatter of {target}: as it was against as predicted",
    )
    svg = draw_plot(
        frame,
        draw_line(frame, [(both.low, both.low), (both.high, both.high)], look="reference"),
        draw_points(frame, points, radius=2.5),
        draw_hits(frame, points),
    )
    below = evaluation.below
    told = (
        "on the dashed line the prediction is right."
        if below is None
        else f"{100 * below.level:g} of 100 should lie on the dashed line or below it."
    )
    return _drawing(
        "Predicted and real", f"Each point is a case; {told}", frame, svg=svg, points=points
    )


def draw_table(drawing: Drawing, points: Points) -> Drawing:
    """Return a drawing with some of its points as the rows of its table, the ends among them."""
    steps = min(_SHOWN_POINTS, len(points)) - 1
    kept = sorted({round(index * (len(points) - 1) / max(1, steps)) for index in range(steps + 1)})
    rows = tuple((number(points[index][0]), number(points[index][1])) for index in kept)
    return replace(drawing, rows=rows)


def _drawing(title: str, sentence: str, frame: Frame, *, svg: Markup, points: Points) -> Drawing:
    drawing = Drawing(
        title=title,
        sentence=sentence,
        svg=svg,
        headings=(frame.x_title, frame.y_title),
        rows=(),
        points=len(points),
    )
    return draw_table(drawing, points)
