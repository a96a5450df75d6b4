"""A message as text."""

from modelwright.maintain.messages.base import Message
from modelwright.report.words import clip, moment

_MOST = 10
"""Alarms that a message tells in full."""


def subject_of(message: Message) -> str:
    """Return one line that says what has happened.

    Examples
    --------
    >>> subject_of(Message(id="1", made_at="", workspace="orders-model", target="returned"))
    'modelwright: a test from orders-model'
    """
    name = clip(message.workspace, 60)
    if not message.alarms:
        return f"modelwright: a test from {name}"
    first, more = message.alarms[0], len(message.alarms) - 1
    others = f" and {more} more" if more else ""
    return f"modelwright: {name}: {clip(first.title, 80)}{others}"


def lines_of(message: Message) -> list[str]:
    """Return the text below the subject."""
    if not message.alarms:
        return ["This is a test. Alarms of this model will come here."]
    lines = [f"The model of {clip(message.target, 60)!r} needs a look ({moment(message.made_at)})."]
    for alarm in message.alarms[:_MOST]:
        lines += ["", f"{alarm.number}. {clip(alarm.title, 120)}", clip(alarm.sentence, 500)]
        lines += [f"To do: {alarm.action}"] if alarm.action else []
    more = len(message.alarms) - _MOST
    lines += ["", f"And {more} more."] if more > 0 else []
    number = message.alarms[0].number
    answer = f"modelwright alarms acknowledge {number} --by NAME --workspace {message.workspace}"
    return [*lines, "", f"To answer: {clip(answer, 200)}"]
