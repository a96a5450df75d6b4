"""What ranges and sets promise, and what they kept on cases never seen."""

from modelwright.documents import Candidate, MeasuredCoverage
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.tracks import draw_interval, draw_scale
from modelwright.report.pictures.figures import Figure, Row
from modelwright.report.sources import Part, Said
from modelwright.report.words import clip, ends, interval, number, percent, scaled, value

_USUAL_LEVEL = 0.9
_OF_NUMBERS = (
    "Beside each answer it gives a range that should hold the true “{target}” in {stated} cases: "
    "it did in {held}; the ranges are {size} wide on average."
)
_OF_CLASSES = (
    "Beside each answer it gives a set of classes that should hold the true one in {stated} cases "
    "of each class{rare}: it did in {held}; the sets have {size} classes on average."
)
_RARE = ", or of rare classes together"

_NOUNS = {True: "mean number of classes", False: "mean width"}


def tell_coverage(candidate: Candidate) -> tuple[Said, ...]:
    """Say what stands beside an answer and whether it held; nothing where nothing is stated."""
    measured = candidate.evaluation.coverage
    if not measured:
        return ()
    usual = min(measured, key=lambda each: abs(each.level - _USUAL_LEVEL))
    stated, share = f"{100 * usual.level:g} of 100", scaled(usual.share, 100)
    sentence = _OF_CLASSES if candidate.task.is_classification else _OF_NUMBERS
    told = sentence.format(
        target=clip(candidate.target, 40),
        stated=stated,
        rare=_RARE if candidate.task.kind == "multiclass" else "",
        held=f"{value(share)} ({ends(share)})",
        size=number(usual.size),
    )
    return (Said(f"{told}{_shortfall(usual)}", usual, Part(candidate, "target")),)


def show_coverage(candidate: Candidate) -> Figure | None:
    """Show how often the truth was held beside how often it should be; None without any."""
    measured = candidate.evaluation.coverage
    if not measured:
        return None
    places = [x for each in measured for x in (each.level, each.share.low, each.share.high)]
    axis = Axis.over(places, most_ticks=3)
    rows = tuple(
        Row(
            f"{percent(each.level)} stated",
            draw_interval(
                (each.share.low, each.share.high), each.share.value, axis, mark=each.level
            ),
            interval(each.share),
            f"{_NOUNS[candidate.task.is_classification]} {number(each.size)}",
            each,
        )
        for each in measured
    )
    return Figure(rows, draw_scale(axis))


def _shortfall(measured: MeasuredCoverage) -> str:
    if measured.share.high >= measured.level:
        return ""
    return " That is less than it states: these cases differ from those that it learned from."
