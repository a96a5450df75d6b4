"""The score of live rows: by time, estimated and realised side by side, by slice and in money."""

from collections.abc import Iterator

from markupsafe import Markup

from modelwright.documents import Health, LiveCosts, PeriodScore
from modelwright.report.charts.axis import Axis
from modelwright.report.charts.tracks import Look, draw_interval, draw_scale
from modelwright.report.pictures.figures import Figure, Row
from modelwright.report.words import NONE, clip, interval, moment, number, plural
from modelwright.tasks.interval import Interval

_SHOWN = 6


def show_periods(health: Health) -> Figure | None:
    """Show for each period the score that was estimated and the one that came true."""
    scores = [each for period in health.periods for each in _of(period)]
    if not scores:
        return None
    axis, mark = _axis(scores), health.expected.value if health.expected else None
    return Figure(
        tuple(row for period in health.periods for row in _rows(period, axis, mark)),
        draw_scale(axis),
    )


def show_live_slices(health: Health) -> Figure | None:
    """Show the realised score on each slice, beside the score on all labelled rows."""
    if not health.slices:
        return None
    axis, whole = _axis([each.score for each in health.slices]), health.realised
    return Figure(
        tuple(
            Row(
                f"{each.column} = {each.level}",
                _draw(each.score, axis, mark=whole.value if whole else None),
                interval(each.score),
                plural(each.rows, "row"),
                each,
            )
            for each in health.slices
        ),
        draw_scale(axis),
    )


def periods_agree(health: Health) -> str:
    """Say how often the realised score lay in the estimated interval; empty where nothing says."""
    known = [each.agrees for each in health.periods if each.agrees is not None]
    if not known:
        return ""
    return f"The realised score lay in the estimated interval in {sum(known)} of {len(known)}."


def cost_rows(health: Health) -> tuple[tuple[str, str, str], ...]:
    """Return what a thousand answers cost and save: a title, estimated and realised."""
    costs = health.costs
    if costs is None:
        return ()
    return (
        ("a thousand answers cost", _money(costs, costs.estimated), _money(costs, costs.realised)),
        (
            "and save, against always the same",
            _money(costs, costs.saved_estimated),
            _money(costs, costs.saved_realised),
        ),
    )


def estimate_lines(health: Health) -> list[str]:
    """Return the estimated score for a terminal; nothing where nobody tried."""
    if not health.estimate:
        return []
    score = interval(health.estimated) if health.estimated else ""
    return [part for part in (score, health.estimate) if part]


def period_lines(health: Health) -> list[str]:
    """Return the latest periods for a terminal, one a line; nothing where there are not two."""
    if len(health.periods) < 2:
        return []
    shown = health.periods[-_SHOWN:]
    lines = [f"{_when(each)}: {_said(each)}" for each in shown]
    return [*lines, *([told] if (told := periods_agree(health)) else [])]


def cost_lines(health: Health) -> list[str]:
    """Return what answers cost for a terminal."""
    return [
        f"{title}: {estimated} estimated, {realised} realised"
        for title, estimated, realised in cost_rows(health)
    ]


def _of(period: PeriodScore) -> list[Interval]:
    return [each for each in (period.estimated, period.realised) if each is not None]


def _rows(period: PeriodScore, axis: Axis, mark: float | None) -> Iterator[Row]:
    if period.estimated is None:
        yield Row(_when(period), Markup(""), NONE, clip(period.reason, 120), period)
    else:
        drawn = _draw(period.estimated, axis, look="plain", mark=mark)
        yield Row(_when(period), drawn, interval(period.estimated), "estimated", period)
    if period.realised is not None:
        drawn, shown = _draw(period.realised, axis, mark=mark), interval(period.realised)
        said = f"realised on {plural(period.labelled, 'label')}"
        yield Row("", drawn, shown, said, period)


def _when(period: PeriodScore) -> str:
    return moment(period.since) if period.since else plural(period.rows, "row")


def _said(period: PeriodScore) -> str:
    estimated = f"{interval(period.estimated)} estimated" if period.estimated else "not estimated"
    realised = f"{interval(period.realised)} realised" if period.realised else "no labels yet"
    doubt = " (outside)" if period.agrees is False else ""
    return f"{estimated}, {realised}{doubt}"


def _money(costs: LiveCosts, amount: Interval | None) -> str:
    if amount is None:
        return NONE
    unit = f" {clip(costs.unit, 12)}" if costs.unit else ""
    return f"{number(amount.value)} ({number(amount.low)} to {number(amount.high)}){unit}"


def _axis(scores: list[Interval]) -> Axis:
    ends = [end for each in scores for end in (each.low, each.high, each.value)]
    return Axis.over(ends, most_ticks=3)


def _draw(score: Interval, axis: Axis, *, look: Look = "model", mark: float | None) -> Markup:
    return draw_interval((score.low, score.high), score.value, axis, look=look, mark=mark)
