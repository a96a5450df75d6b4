"""What a person who signed in may do to a project: each a function from a form to nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from modelwright.engineer.care.alarms import Alarms
from modelwright.engineer.rollout.rollout import Rollout
from modelwright.errors import InputError
from modelwright.workspace.folder import Workspace

_MOST_DAYS = 365.0
_LONGEST_REASON = 300


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What is done, by whom and where.

    Parameters
    ----------
    workspace
        Where.
    by
        The name that the person gave.
    form
        What was filled in.
    now
        The present moment.
    """

    workspace: Workspace
    by: str
    form: Mapping[str, str]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something that can be done.

    Parameters
    ----------
    page
        Of the project, which is shown afterwards.
    done
        What is said there.
    act
        Does it; raises a `ModelwrightError` where it cannot be done.
    """

    page: str
    done: str
    act: Callable[[Deed], object]


def _acknowledge(deed: Deed) -> None:
    alarms = Alarms(deed.workspace, lambda: deed.now)
    alarms.acknowledge(_number(deed), by=deed.by, note=deed.form.get("note", ""))


def _snooze(deed: Deed) -> None:
    alarms = Alarms(deed.workspace, lambda: deed.now)
    until = timedelta(days=_days(deed))
    alarms.snooze(_number(deed), until, by=deed.by, note=deed.form.get("note", ""))


def _take_remedy(deed: Deed) -> None:
    # It imports what learns; the pages do not wait for that.
    from modelwright.engineer.project import Project

    name = deed.form.get("remedy", "")
    project = Project.open(deed.workspace.path)
    why = _why(deed)
    release = project.apply_remedy(name, anyway=bool(why), who=deed.by, why=why)
    if not release.released:
        red = next(gate for gate in release.gates if not gate.passed)
        told = f"{red.name}: {red.evidence}"
        raise InputError(f"The remedy {name!r:.60} was not taken, by {told}.")


def _roll_back(deed: Deed) -> None:
    _rollout(deed).roll_back(why=_why(deed))


def _promote(deed: Deed) -> None:
    # Whoever gives a reason decides; else the comparison does.
    why = _why(deed)
    promoted = _rollout(deed).promote(why=why, force=bool(why))
    if not promoted.acted:
        raise InputError(promoted.sentence, "Give a reason to promote it all the same.")


def _withdraw(deed: Deed) -> None:
    _rollout(deed).withdraw(why=_why(deed))


def _rollout(deed: Deed) -> Rollout:
    return Rollout(deed.workspace, lambda: deed.now, who=lambda: deed.by)


def _why(deed: Deed) -> str:
    return deed.form.get("why", "").strip()[:_LONGEST_REASON]


def _number(deed: Deed) -> int:
    text = deed.form.get("alarm", "")
    if not text.isdecimal():
        raise InputError(f"{text!r:.40} is no number of an alarm.")
    return int(text)


def _days(deed: Deed) -> float:
    text = deed.form.get("days", "")
    try:
        days = float(text)
    except ValueError:
        days = 0.0
    if not 0.0 < days <= _MOST_DAYS:
        raise InputError(f"{text!r:.40} are no days.", f"Write a number up to {_MOST_DAYS:g}.")
    return days


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "acknowledge": Action(page="health", done="You acknowledged the alarm.", act=_acknowledge),
        "snooze": Action(
            page="health", done="The alarm is silent for the time you chose.", act=_snooze
        ),
        "remedy": Action(
            page="health",
            done="The remedy was taken: its bundle is the champion now.",
            act=_take_remedy,
        ),
        "promote": Action(page="release", done="The challenger is the champion now.", act=_promote),
        "withdraw": Action(
            page="release", done="The challenger is tried no longer.", act=_withdraw
        ),
        "roll-back": Action(
            page="release", done="The champion before is the champion again.", act=_roll_back
        ),
    }
)
"""Every action by the last part of its address."""
