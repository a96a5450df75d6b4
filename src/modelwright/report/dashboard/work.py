"""The command that is at work, as far as it has got."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from modelwright.report.terminal.time_left import tell_left
from modelwright.tasks.interval import Interval

_ROOMS = {"plan": "Plan", "explore": "Explore", "build": "Build", "deploy": "Deploy"}
_WHOLE = ("run", "adopt")
"""Commands that go through all rooms."""

State = Literal["done", "now", "later"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """What was told: when, from which room, and the sentence."""

    at: datetime
    room: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A room on the way, and whether the work has been there."""

    title: str
    state: State


@dataclass(frozen=True, kw_only=True)
class Work:
    """A command at work.

    Parameters
    ----------
    command
        Its name.
    started
        When.
    now
        The present moment.
    lines
        What it told until now, the oldest first.
    foreseen_s
        Seconds until the candidate is judged, as the plan foresaw them; None where it did not.
    budget_s
        The most seconds that it takes; 0 where there is no such bound.
    """

    command: str
    started: datetime
    now: datetime
    lines: Sequence[Line] = ()
    foreseen_s: Interval | None = None
    budget_s: float = 0.0

    @property
    def elapsed_s(self) -> float:
        """Seconds since it began."""
        return max(0.0, (self.now - self.started).total_seconds())

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The rooms on its way; none for a command that stays in one."""
        if self.command not in _WHOLE:
            return ()
        rooms = [*_ROOMS]
        seen = [rooms.index(line.room) for line in self.lines if line.room in rooms]
        present = max(seen, default=0)
        return tuple(
            Phase(title=_ROOMS[room], state=_state(place, present))
            for place, room in enumerate(rooms)
        )

    @property
    def left(self) -> str:
        """How long it will still take, in words; empty where nobody knows."""
        foreseen_s = self.foreseen_s if self.command in _WHOLE else None
        return tell_left(self.elapsed_s, foreseen_s=foreseen_s, budget_s=self.budget_s)


def _state(place: int, present: int) -> State:
    return "done" if place < present else "now" if place == present else "later"
