"""Why the loss changed: causes with their shares, the rows that prove them and their pictures."""

from dataclasses import dataclass

from markupsafe import Markup

from modelwright.documents import Health, LossShare
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.plots import Frame, draw_hits, draw_line, draw_plot
from modelwright.report.charts.tracks import draw_bar, draw_scale
from modelwright.report.pictures.figures import Figure, Row
from modelwright.report.words import NONE, clip, percent, plural
from modelwright.tasks.interval import Interval

_SHOWN = 5


@dataclass(frozen=True)
class Course:
    """A picture of what a cause did over the rows.

    Parameters
    ----------
    title
        The cause.
    share
        Of the document.
    svg
        The picture.
    """

    title: str
    share: LossShare
    svg: Markup


def show_shares(health: Health) -> Figure | None:
    """Show by which part of the loss before each cause made it grow; None where none is known."""
    shares = health.split.shares if health.split else ()
    if not shares:
        return None
    ends = [end for each in shares for end in (each.growth.low, each.growth.high)]
    axis = Axis.over((0.0, *ends), most_ticks=3, in_percent=True)
    rows = (
        Row(
            _name(each),
            draw_bar((each.growth.low, each.growth.high), each.growth.value, axis),
            _shares(each.growth),
            f"{_shares(each.share)} of the change" if each.share else "estimated",
            each,
        )
        for each in shares
    )
    return Figure(tuple(rows), draw_scale(axis))


def draw_courses(health: Health) -> tuple[Course, ...]:
    """Draw for each cause what it added to the loss, stretch by stretch, before and since."""
    shares = health.split.shares if health.split else ()
    return tuple(_drawn(each) for each in shares[:_SHOWN] if len(each.course) > 1)


def split_lines(health: Health) -> list[str]:
    """Return why the loss changed for a terminal; nothing where nobody asked."""
    split = health.split
    if split is None:
        return []
    lines = [
        f"{_shares(each.share or each.growth)} {_name(each)}: {clip(each.sentence, 160)}"
        for each in split.shares[:_SHOWN]
    ]
    return [split.sentence, *lines]


def _name(share: LossShare) -> str:
    names = f" of {', '.join(clip(name, 24) for name in share.columns)}" if share.columns else ""
    return f"{share.kind}{names}"


def _shares(interval: Interval | None) -> str:
    if interval is None:
        return NONE
    return f"{percent(interval.value)} ({percent(interval.low)} to {percent(interval.high)})"


def _drawn(share: LossShare) -> Course:
    points = [(float(place + 1), value) for place, value in enumerate(share.course)]
    frame = Frame(
        x=Axis(0.0, len(points) + 1.0),
        y=Axis.over([0.0, *share.course], in_percent=True),
        x_title="stretch of rows, those before first",
        y_title="added to the loss, as a part of it",
        label=f"What {_name(share)} added to the loss, in {plural(len(points), 'stretch')}",
    )
    svg = draw_plot(
        frame,
        draw_line(frame, [(frame.x.low, 0.0), (frame.x.high, 0.0)], look="reference"),
        draw_line(frame, points),
        draw_hits(frame, points),
    )
    return Course(_name(share), share, svg)
