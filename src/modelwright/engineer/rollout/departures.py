"""Departures: of a model that had to go, or should, people are told as of any alarm."""

from collections.abc import Callable
from datetime import datetime
from threading import Thread

from modelwright.engineer.care.alarms import Alarms
from modelwright.engineer.care.messages import Messages
from modelwright.engineer.question.brief_file import has_brief, read_brief
from modelwright.errors import ModelwrightError
from modelwright.workspace.alarm import Sign
from modelwright.workspace.folder import Workspace

Beside = Callable[[Callable[[], None]], None]

SENT_AWAY = "model sent away"
SHOULD_GO = "model should go"


def tell_gone(
    workspace: Workspace, sentence: str, *, clock: Callable[[], datetime], beside: Beside
) -> None:
    """Tell people that a model was sent away; the next judgement closes the alarm.

    Parameters
    ----------
    workspace
        Whose messages go out; one that cannot be sent now goes out with the next judgement.
    sentence
        Which model, and why.
    clock
        Tells the time, with its zone.
    beside
        How they are sent.
    """
    # The second one that goes on a day is news, too.
    sign = Sign(kind=SENT_AWAY, sentence=sentence, action="call a person", is_worse=True)
    _tell(workspace, sign, clock, beside=beside)


def tell_should_go(
    workspace: Workspace, sentence: str, *, clock: Callable[[], datetime], beside: Beside
) -> None:
    """Tell people that a model should go and that the brief leaves that to them.

    Parameters
    ----------
    workspace, sentence, clock, beside
        As in `tell_gone`.
    """
    sign = Sign(kind=SHOULD_GO, sentence=sentence, action="call a person")
    _tell(workspace, sign, clock, beside=beside)


def at_once(work: Callable[[], None]) -> None:
    """Do it now: a command has sent its messages when it ends."""
    work()


def in_a_thread(work: Callable[[], None]) -> None:
    """Do it beside: whoever answers requests does not wait for a channel that hangs."""
    Thread(target=work, daemon=True).start()


def _tell(
    workspace: Workspace, sign: Sign, clock: Callable[[], datetime], *, beside: Beside
) -> None:
    if not has_brief(workspace):
        return
    messages = Messages(workspace, read_brief(workspace), clock, report=_hush)
    Alarms(workspace, clock).raise_one(sign, tell=messages.names)
    beside(lambda: _deliver(messages))


def _deliver(messages: Messages) -> None:
    try:
        messages.deliver()
    except ModelwrightError as error:
        messages.report("messages", str(error))


def _hush(room: str, sentence: str) -> None:
    """Say nothing: what was not sent says why in the outbox."""
