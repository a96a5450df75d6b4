"""What a drill showed, as a picture: how long each fault went on before it was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelwright.documents.gameday import Gameday, Outcome
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.tracks import draw_scale, draw_wait
from modelwright.report.gameday import (
    found_of,
    grown_of,
    late_of,
    named_of,
    ordered,
    part_of,
    traffic_of,
    verdict_of,
    without_remedy,
)
from modelwright.report.pictures.figures import Figure, Row
from modelwright.report.words import listed

_GROUPS = (
    ("harmful", "Faults that do harm", "Each of them has to be found."),
    ("broken", "Broken inputs that the score does not feel", "An alarm is welcome, not due."),
    ("harmless", "Changes of the world that do no harm", "No alarm is due."),
)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Faults of which the same is due.

    Parameters
    ----------
    title, sentence
        What is due.
    figure
        A row for each.
    """

    title: str
    sentence: str
    figure: Figure


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """A drill, for its page.

    Parameters
    ----------
    word, tone
        The verdict in few words, and its colour.
    verdict, traffic
        How many faults were found, and in which rows.
    found
        How soon, with which cause, and what was mended.
    groups
        The faults as pictures.
    stays
        Faults that no remedy mends, where remedies were tried.
    """

    word: str
    tone: str
    verdict: str
    traffic: str
    found: Sequence[str]
    groups: Sequence[Group]
    stays: str


def drilled(gameday: Gameday | None) -> Drilled | None:
    """Return a drill for its page; None where there was none."""
    if gameday is None:
        return None
    outcomes = ordered(gameday)
    tried = any(each.remedy for each in outcomes)
    return Drilled(
        word=_word(gameday),
        tone="good" if gameday.passed else "bad",
        verdict=verdict_of(gameday),
        traffic=traffic_of(gameday),
        found=found_of(gameday),
        groups=tuple(
            Group(title=title, sentence=sentence, figure=show_waits(gameday, those))
            for harm, title, sentence in _GROUPS
            if (those := [each for each in outcomes if each.harm == harm])
        ),
        stays=listed(without_remedy(gameday), 8) if tried else "",
    )


def show_waits(gameday: Gameday, outcomes: Sequence[Outcome]) -> Figure:
    """Show for each fault the windows from where it began to where it was found."""
    axis = _axis(gameday.windows)
    rows = tuple(
        Row(
            each.fault,
            draw_wait(each.window, None if each.late is None else each.window + each.late, axis),
            "; ".join(filter(None, (late_of(each), grown_of(each)))),
            note=_note(each),
            part=each,
        )
        for each in outcomes
    )
    return Figure(rows, draw_scale(axis))


def _word(gameday: Gameday) -> str:
    if not gameday.harmful:
        return "Nothing did harm"
    return "Found what does harm" if gameday.passed else "Harm went unfound"


def _axis(windows: int) -> Axis:
    """Return an axis of windows, which have no halves."""
    axes = [Axis(-0.5, windows - 0.5, most_ticks=most) for most in (4, 5, 3, 2)]
    return next((each for each in axes if all(map(float.is_integer, each.ticks))), axes[-1])


def _note(outcome: Outcome) -> str:
    """Say where it was, what was named as the cause, and what mends it."""
    named = named_of(outcome)
    said = "" if not named else f"named {named}" if outcome.is_right else f"named {named} instead"
    mended = "" if outcome.mended is None else f" ({part_of(outcome.mended)})"
    remedy = f"mended: {outcome.remedy}{mended}" if outcome.remedy else ""
    where = f"in {listed(outcome.columns, 3)}" if outcome.columns else ""
    return "; ".join(each for each in (where, said, remedy) if each)
