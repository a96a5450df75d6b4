"""Alarms and past judgements as plain text."""

from collections.abc import Sequence

from modelwright.documents import Health
from modelwright.report.terminal.layout import aligned, bounded, field, title
from modelwright.report.words import clip, interval, moment, plural
from modelwright.workspace.alarm import Alarm
from modelwright.workspace.outbox import Waiting

_SENTENCE = 300


def describe_alarms(alarms: Sequence[Alarm], *, waiting: Sequence[Waiting] = ()) -> str:
    """Return alarms as text for a terminal, without a final newline.

    Parameters
    ----------
    alarms
        In the order in which they are shown.
    waiting
        Messages that nobody has taken yet.

    Examples
    --------
    >>> print(describe_alarms([]).splitlines()[1])
    Verdict   ✓ there is no alarm
    """
    told = [line for alarm in alarms for line in _alarm(alarm)]
    late = [f"✗ {clip(each.channel, 40)}: {clip(_reason(each), _SENTENCE)}" for each in waiting]
    unsent = field("Untold", *bounded(late, 5, "in logbook.db"))
    nothing = field("Verdict", "✓ there is no alarm")
    return "\n".join([title("Alarms"), *(told or nothing), *unsent])


def describe_history(judgements: Sequence[Health]) -> str:
    """Return past judgements as a table for a terminal, without a final newline.

    Parameters
    ----------
    judgements
        The oldest first.

    Examples
    --------
    >>> print(describe_history([]).splitlines()[1])
    Judged    nothing yet
    """
    rows = [
        (
            moment(each.made_at),
            "✓" if each.healthy else "✗",
            f"{each.rows:,}",
            f"{each.labelled:,}",
            interval(each.realised),
            each.action,
        )
        for each in judgements
    ]
    head = ("at", "", "rows", "labels", "realised", "action")
    table = aligned([head, *rows], right=[2, 3]) if rows else ["nothing yet"]
    return "\n".join([title("Health"), *field("Judged", *table)])


def describe_judgement(health: Health) -> str:
    """Return a judgement as a line: when, whether all is well, what to do and why."""
    mark = "✓" if health.healthy else "✗"
    about = f"{health.rows:,} rows until {moment(health.until or health.made_at)}"
    return f"{mark} {about}: {health.action}. {clip(health.sentence, _SENTENCE)}"


def _alarm(alarm: Alarm) -> list[str]:
    seen = f"first {moment(alarm.first_seen.isoformat())}"
    if alarm.times_seen > 1:
        times = f"in {plural(alarm.times_seen, 'judgement')}"
        seen += f", last {moment(alarm.last_seen.isoformat())}, {times}"
    steps = [
        f"{moment(step.at.isoformat())} {step.what}"
        + (f" by {clip(step.by, 40)}" if step.by else "")
        + (f": {clip(step.note, _SENTENCE)}" if step.note else "")
        for step in alarm.steps[1:]
    ]
    return [
        *field(f"{alarm.number}", f"{_mark(alarm)} {clip(alarm.title, 120)}"),
        *field("", clip(alarm.sentence, _SENTENCE), f"To do: {alarm.action}", f"Seen {seen}"),
        *field("", *steps[-5:]),
    ]


def _reason(message: Waiting) -> str:
    tries = f" ({plural(message.tries, 'delivery')} failed)" if message.tries else ""
    return f"{message.error or 'not sent yet'}{tries}"


def _mark(alarm: Alarm) -> str:
    sign = "✓" if alarm.state == "closed" else "✗"
    return f"{sign} {alarm.state}:"
