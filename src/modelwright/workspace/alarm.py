"""The alarm: one trouble with the live model, from when it was first seen until it is gone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal, Self

import msgspec

from modelwright.errors import InputError

State = Literal["open", "acknowledged", "snoozed", "closed"]
"""Nobody has answered; a person knows; a person wants silence for a while; it is gone."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble that a judgement of the live model found.

    Parameters
    ----------
    kind
        Of the trouble, such as ``"unit change"``; with `columns` it says which trouble it is.
    columns
        The columns at fault; empty where none is.
    sentence
        The evidence.
    action
        What to do.
    is_worse
        Whether it has clearly grown worse since it was told.
    """

    kind: str
    columns: tuple[str, ...] = ()
    sentence: str
    action: str = ""
    is_worse: bool = False


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to an alarm.

    Parameters
    ----------
    at
        When, in UTC.
    what
        Such as ``"opened"`` or ``"acknowledged"``.
    by
        The person; empty for modelwright itself.
    note
        What was said.
    """

    at: datetime
    what: str
    by: str = ""
    note: str = ""


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble with the live model, which stays the same one however often it is seen.

    Parameters
    ----------
    number
        Names it.
    kind, columns
        Which trouble: as in `Sign`.
    sentence, action
        What was found and advised when it was last seen.
    bundle_hash
        The model that was judged when it was first seen.
    state
        What became of it.
    first_seen, last_seen
        The judgements that found it, in UTC.
    times_seen
        How many these are.
    silent_until
        The end of a snooze.
    steps
        What happened to it, the oldest first.

    Examples
    --------
    >>> now = datetime(2026, 3, 1, tzinfo=UTC)
    >>> sign = Sign(kind="unit change", columns=("amount",), sentence="'amount' is in cents.")
    >>> alarm = Alarm.open_for(sign, number=1, at=now).acknowledge("Ann", note="asked", at=now)
    >>> alarm.state, [step.what for step in alarm.steps]
    ('acknowledged', ['opened', 'acknowledged'])
    """

    number: int
    kind: str
    columns: tuple[str, ...]
    sentence: str
    action: str
    bundle_hash: str = ""
    state: State = "open"
    first_seen: datetime
    last_seen: datetime
    times_seen: int = 1
    silent_until: datetime | None = None
    steps: tuple[Step, ...] = ()

    @classmethod
    def open_for(cls, sign: Sign, *, number: int, at: datetime, bundle_hash: str = "") -> Self:
        """Return a new alarm about a trouble."""
        return cls(
            number=number,
            kind=sign.kind,
            columns=sign.columns,
            sentence=sign.sentence,
            action=sign.action,
            bundle_hash=bundle_hash,
            first_seen=at,
            last_seen=at,
            steps=(Step(at=at, what="opened"),),
        )

    @property
    def title(self) -> str:
        """The trouble in a few words: ``"unit change: amount"``."""
        return f"{self.kind}: {', '.join(self.columns)}" if self.columns else self.kind

    def is_about(self, sign: Sign) -> bool:
        """Whether this is the alarm about a trouble."""
        return (self.kind, self.columns) == (sign.kind, sign.columns)

    def see(self, sign: Sign, *, at: datetime) -> Self:
        """Return the alarm as it is when its trouble was seen once more.

        One whose snooze has ended, that was closed, or that has grown worse while nobody wanted
        silence, is open again.
        """
        seen = self._with(
            sentence=sign.sentence,
            action=sign.action,
            last_seen=max(at, self.last_seen),
            times_seen=self.times_seen + 1,
        )
        if self.silent_until is not None and self.silent_until <= at:
            return seen._step("snooze ended", at=at, state="open", silent_until=None)
        if sign.is_worse and self.state != "snoozed":
            return seen._step("grew worse", at=at, state="open")
        if self.state == "closed":
            return seen._step("reopened", at=at, state="open")
        return seen

    def close(self, *, at: datetime) -> Self:
        """Return the alarm as it is when its trouble is gone."""
        return self._step("closed", at=at, state="closed", silent_until=None)

    def acknowledge(self, by: str, *, note: str = "", at: datetime) -> Self:
        """Return the alarm as it is when a person knows of it.

        Raises
        ------
        InputError
            When it is closed, or nobody is named.
        """
        self._need_person(by)
        return self._step(
            "acknowledged", at=at, by=by, note=note, state="acknowledged", silent_until=None
        )

    def snooze(self, until: datetime, *, by: str, note: str = "", at: datetime) -> Self:
        """Return the alarm as it is when a person wants silence until a moment.

        Raises
        ------
        InputError
            When it is closed, nobody is named, or the moment has passed or has no time zone.
        """
        self._need_person(by)
        if until.tzinfo is None:
            raise InputError(f"The moment {until} has no time zone.", "Write it with one.")
        if until <= at:
            raise InputError(f"{until.isoformat()} has passed.", "Name a moment that lies ahead.")
        silent = until.astimezone(UTC)
        said = f"until {silent.isoformat(timespec='minutes')}{'; ' if note else ''}{note}"
        return self._step("snoozed", at=at, by=by, note=said, state="snoozed", silent_until=silent)

    def _need_person(self, by: str) -> None:
        if not by.strip():
            raise InputError("Nobody is named.", "Say who you are: --by NAME.")
        if self.state == "closed":
            raise InputError(
                f"Alarm {self.number} is closed: its trouble is gone.", "See: modelwright alarms"
            )

    def _step(
        self, what: str, *, at: datetime, by: str = "", note: str = "", **changes: object
    ) -> Self:
        steps = (*self.steps, Step(at=at.astimezone(UTC), what=what, by=by, note=note))
        return self._with(steps=steps, **changes)

    def _with(self, **changes: object) -> Self:
        return msgspec.structs.replace(self, **changes)


def next_alarms(
    known: Sequence[Alarm],
    signs: Sequence[Sign],
    *,
    at: datetime,
    free_number: int,
    same_within: timedelta,
    bundle_hash: str = "",
) -> tuple[Alarm, ...]:
    """Return the alarms that a judgement changes or opens.

    Parameters
    ----------
    known
        Alarms of earlier judgements.
    signs
        What this one found; what it did not find is gone.
    at
        When.
    free_number
        The number of the next new alarm.
    same_within
        A trouble that is back so soon after it was gone is the same one.
    bundle_hash
        The model that is judged.
    """
    recent = [each for each in known if each.state != "closed" or at - _end(each) <= same_within]
    numbers = count(free_number)
    changed = []
    for sign in _first_of_each(signs):
        alarm = next((each for each in reversed(recent) if each.is_about(sign)), None)
        if alarm is None:
            number = next(numbers)
            changed.append(Alarm.open_for(sign, number=number, at=at, bundle_hash=bundle_hash))
        else:
            changed.append(alarm.see(sign, at=at))
    gone = [
        each.close(at=at)
        for each in known
        if each.state != "closed" and not any(each.is_about(sign) for sign in signs)
    ]
    return (*changed, *gone)


def _first_of_each(signs: Sequence[Sign]) -> list[Sign]:
    return list({(each.kind, each.columns): each for each in reversed(signs)}.values())[::-1]


def _end(alarm: Alarm) -> datetime:
    return alarm.steps[-1].at if alarm.steps else alarm.last_seen
