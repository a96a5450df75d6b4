"""Pictures that are tables: one row for each score, gain or column, on a shared axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from modelwright.documents import (
    Candidate,
    FrontierPoint,
    Health,
    Importance,
    Outlook,
    Proposal,
    Trial,
)
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.tracks import Look, draw_bar, draw_interval, draw_scale
from modelwright.report.remedies import share_spared
from modelwright.report.sources import Part, Said
from modelwright.report.words import gain, interval, number, percent, plural, value
from modelwright.tasks.interval import Interval

_Score = tuple[str, str, Interval, Look, object]
"""Whose score, a note on it, the score, how it looks, and the part of a document."""


@dataclass(frozen=True)
class Row:
    """A line of the picture: a name, a mark on the axis, the figure in words, and its source."""

    name: str
    mark: Markup
    figure: str
    note: str = ""
    part: object = None


@dataclass(frozen=True)
class Figure:
    """Rows over one scale."""

    rows: tuple[Row, ...]
    scale: Markup


def show_scores(candidate: Candidate) -> Figure:
    """Show the model's score beside the simplest answer's."""
    evaluation = candidate.evaluation
    return _scores(
        ("the model", "", evaluation.score, "model", evaluation.score),
        _simplest(candidate),
    )


def show_outlook(outlook: Outlook) -> Figure:
    """Show the scores that are expected, from the simplest answer to a build."""
    last = len(outlook.expected) - 1
    return _scores(
        *(
            (
                each.title,
                f"{each.rows:,} rows",
                each.score,
                "model" if place == last else "plain",
                each,
            )
            for place, each in enumerate(outlook.expected)
        )
    )


def show_growth(outlook: Outlook) -> Figure:
    """Show how the score grew with the rows, and what more are foreseen to bring."""
    seen: list[_Score] = [
        (f"{measured[0]:,} rows", "measured", _exactly(measured[1]), "plain", measured)
        for measured in outlook.measured
    ]
    more: list[_Score] = [
        (f"{each.rows:,} rows", "foreseen for a build", each.score, "model", each)
        for each in outlook.growth
    ]
    return _scores(*seen, *more)


def show_health(health: Health) -> Figure | None:
    """Show the score on live rows beside those estimated and expected; None when none is known."""
    rows: list[_Score] = []
    if health.realised is not None:
        rows.append(("on live rows", "", health.realised, "model", health.realised))
    if health.estimated is not None:
        rows.append(("as estimated", "without labels", health.estimated, "plain", health.estimated))
    if health.expected is not None:
        rows.append(("as expected", "", health.expected, "plain", health.expected))
    return _scores(*rows) if rows else None


def show_gains(trials: Sequence[Trial]) -> Figure:
    """Show each learner's paired gain over the simplest answer, beside zero."""
    known = [trial.gain for trial in trials if trial.gain is not None]
    axis = Axis.over((0.0, *_ends(known)), most_ticks=3)
    rows = tuple(
        Row(
            trial.title,
            Markup("") if trial.gain is None else _draw(trial.gain, axis, mark=0.0),
            gain(trial.gain),
        )
        for trial in trials
    )
    return Figure(rows, draw_scale(axis))


def show_beside_blend(trials: Sequence[Trial]) -> Figure | None:
    """Show how much better than the blend each learner alone is; None where nobody compared."""
    known = [(trial, trial.beside_blend) for trial in trials if trial.beside_blend is not None]
    if not known:
        return None
    axis = Axis.over((0.0, *_ends([each for _, each in known])), most_ticks=3)
    rows = tuple(
        Row(
            trial.title,
            _draw(beside, axis, mark=0.0),
            gain(beside),
            f"{percent(trial.weight)} of the blend" if trial.weight else "",
            trial,
        )
        for trial, beside in known
    )
    return Figure(rows, draw_scale(axis))


def show_frontier(points: Sequence[FrontierPoint]) -> Figure:
    """Show the time of one row that each blend takes, as bars, with its score in words."""
    axis = Axis.over((0.0, *(point.latency_s * 1e3 for point in points)), most_ticks=3)
    rows = tuple(
        Row(
            ", ".join(point.members),
            draw_bar(None, point.latency_s * 1e3, axis),
            number(point.score),
            "chosen" if point.chosen else "" if point.allowed else "beyond the limits",
            point,
        )
        for point in points
    )
    return Figure(rows, draw_scale(axis))


def show_slices(candidate: Candidate) -> Figure:
    """Show the score on each slice, beside the score on all rows."""
    whole, slices = candidate.evaluation.score, candidate.evaluation.slices
    axis = Axis.over((whole.value, *_ends([each.score for each in slices])), most_ticks=3)
    rows = tuple(
        Row(
            f"{each.column} = {each.level}",
            _draw(each.score, axis, mark=whole.value),
            interval(each.score),
            plural(each.rows, "row"),
            each,
        )
        for each in slices
    )
    return Figure(rows, draw_scale(axis))


def show_remedies(proposals: Sequence[Proposal]) -> Figure:
    """Show the part of the loss that each remedy spared, beside nothing spared."""
    known = [(each, each.saves) for each in proposals if each.saves is not None]
    ends = _ends([saves for _, saves in known])
    axis = Axis.over((0.0, *ends), most_ticks=3, in_percent=True)
    rows = tuple(
        Row(
            each.remedy,
            _draw(saves, axis, mark=0.0),
            share_spared(saves),
            plural(each.rows, "row"),
            each,
        )
        for each, saves in known
    )
    return Figure(rows, draw_scale(axis))


def show_importances(importances: Sequence[Importance]) -> Figure:
    """Show how much the score loses without each column, as bars."""
    ends = [end for each in importances for end in (each.low, each.high)]
    axis = Axis.over((0.0, *ends), most_ticks=3)
    rows = tuple(
        Row(
            each.column,
            draw_bar((each.low, each.high), each.loss, axis),
            value(Interval(value=each.loss, low=each.low, high=each.high, method="spread")),
            part=each,
        )
        for each in importances
    )
    return Figure(rows, draw_scale(axis))


def _simplest(candidate: Candidate) -> _Score:
    score = candidate.evaluation.baseline_score
    told = Said(candidate.baseline, Part(candidate, "baseline"), score)
    return "the simplest answer", candidate.baseline, score, "plain", told


def _in_figures(score: Interval) -> str:
    return number(score.value) if score.low == score.high else interval(score)


def _exactly(score: float) -> Interval:
    return Interval(value=score, low=score, high=score, method="measured")


def _scores(*given: _Score) -> Figure:
    axis = Axis.over(_ends([score for _, _, score, _, _ in given]), most_ticks=3)
    rows = tuple(
        Row(name, _draw(score, axis, look=look), _in_figures(score), note, part)
        for name, note, score, look, part in given
    )
    return Figure(rows, draw_scale(axis))


def _draw(
    score: Interval, axis: Axis, *, look: Look = "model", mark: float | None = None
) -> Markup:
    return draw_interval((score.low, score.high), score.value, axis, look=look, mark=mark)


def _ends(scores: Sequence[Interval]) -> list[float]:
    return [end for score in scores for end in (score.low, score.high, score.value)]
