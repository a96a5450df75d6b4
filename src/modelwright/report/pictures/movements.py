"""How much each column moves single answers, as dots on a shared axis."""

from collections.abc import Iterable

from modelwright.documents import Candidate, Movement, Movements
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.tracks import draw_bar, draw_scale, draw_swarm
from modelwright.report.hundreds import positive_name
from modelwright.report.pictures.figures import Figure, Row
from modelwright.report.sources import Said
from modelwright.report.words import number, percent, plural

_LOW, _HIGH = 1 / 3, 2 / 3
_CLEAR = 0.5
"""A rank correlation beyond is said to be a direction."""


def show_movements(movements: Movements, candidate: Candidate) -> Figure:
    """Show what each column added to the answers to single rows, the largest mean first.

    Parameters
    ----------
    movements
        Of the candidate's evaluation.
    candidate
        Whose answers they are.
    """
    is_share = candidate.task.is_classification
    unit = 100.0 if is_share else 1.0
    every = [unit * part for each in movements.columns for part in (*each.parts, each.mean)]
    axis = Axis.over((0.0, *every), most_ticks=3)
    rows = tuple(
        Row(
            each.column,
            draw_swarm([unit * part for part in each.parts], list(_looks(each)), axis)
            if each.parts
            else draw_bar(None, unit * each.mean, axis),
            _points(each.mean) if is_share else number(each.mean),
            _direction(each),
            each,
        )
        for each in movements.columns
    )
    return Figure(rows, draw_scale(axis))


def say_movements(movements: Movements, candidate: Candidate) -> Said:
    """Say what the dots are."""
    told = "what the model answers"
    if candidate.task.kind == "binary":
        told = f"the probability of {positive_name(candidate.task, candidate.target)}"
    elif candidate.task.is_classification:
        told = "the probability of the class that it answers"
    dots = len(movements.columns[0].parts) if movements.columns else 0
    return Said(
        f"How far each column moves {told}, up or down, on average over "
        f"{plural(movements.rows, 'row')}, each compared with {movements.others:,} others. Dots: "
        f"{dots} of the rows; filled where the column's value is high, hollow where it is low, "
        "grey in between or without order.",
        movements,
    )


def say_exactness(movements: Movements) -> str:
    """Say how exact the figures are."""
    if movements.exact:
        return (
            "These are exact Shapley values of the answers (tree SHAP), read from the model: for "
            "each row they add up to its answer."
        )
    return (
        "These are Shapley values (tree SHAP), read from the model: for each row they add up to "
        "its answer. They are exact for scores, as its trees and lines add them up; the step from "
        "a score to the answer is shared out in proportion."
    )


def _looks(movement: Movement) -> Iterable[str]:
    for place in movement.places:
        if place is None or _LOW <= place <= _HIGH:
            yield "other"
        else:
            yield "high" if place > _HIGH else "low"


def _direction(movement: Movement) -> str:
    if movement.rises is None or abs(movement.rises) < _CLEAR:
        return ""
    return "up as it rises" if movement.rises > 0 else "down as it rises"


def _points(share: float) -> str:
    """Write a share as points of a hundred."""
    count = percent(share).removesuffix(" %")
    return f"{count} point" if count == "1" else f"{count} points"
