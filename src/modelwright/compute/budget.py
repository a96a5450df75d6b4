"""The time that a person gives, and what is left of it."""

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self

from modelwright.compute.turns import Turns
from modelwright.errors import BriefError, BudgetError

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_DURATION = re.compile(
    rf"(?:{_NUMBER}\s*d)?\s*(?:{_NUMBER}\s*h)?\s*(?:{_NUMBER}\s*m(?:in)?)?\s*(?:{_NUMBER}\s*s)?",
    re.ASCII,
)

_ENDLESS = 1e300
"""A whole number beyond this may have no float."""


def parse_duration(text: str | float) -> float:
    """Read a duration.

    Parameters
    ----------
    text
        Days, hours, minutes and seconds, or a number of seconds.

    Returns
    -------
    float
        Seconds, above zero and finite.

    Raises
    ------
    BriefError
        When it is no duration.

    Examples
    --------
    >>> parse_duration("5m"), parse_duration("1h30m"), parse_duration("1d"), parse_duration(300)
    (300.0, 5400.0, 86400.0, 300.0)
    >>> parse_duration("soon")
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: 'soon' is no duration above zero. Write '5m', '90s', '1h30m',
    '1d' or a number of seconds.
    """
    seconds = _seconds(text)
    if not 0 < seconds < math.inf:
        raise BriefError(
            f"{text!r} is no duration above zero.",
            "Write '5m', '90s', '1h30m', '1d' or a number of seconds.",
        )
    return seconds


def format_duration(seconds: float) -> str:
    """Write a duration for people: two units at most.

    Parameters
    ----------
    seconds
        A finite number of seconds; below zero it is written with a minus.

    Examples
    --------
    >>> [format_duration(s) for s in (0.25, 4.2, 60, 252, 5400)]
    ['0.25 s', '4.2 s', '1 min', '4 min 12 s', '1 h 30 min']
    """
    if seconds < 0:
        return f"-{format_duration(-seconds)}"
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 3599.5:
        return _two_units(round(seconds), "min", "s")
    return _two_units(round(seconds / 60), "h", "min")


@dataclass(frozen=True)
class Budget:
    """A span of wall time that has begun.

    Parameters
    ----------
    seconds
        Its length.
    started
        When it began, on the clock.
    clock
        Tells the time in seconds; it never goes back.
    turns
        What this process had worked and waited by then.

    Examples
    --------
    >>> budget = Budget.start(10, clock=lambda: 0.0)
    >>> budget.reserve(2).remaining_s, budget.share(0.5).remaining_s, budget.has(11)
    (8.0, 5.0, False)
    """

    seconds: float
    started: float
    clock: Callable[[], float]
    turns: Turns = field(default_factory=Turns.now, compare=False, repr=False)

    @classmethod
    def start(
        cls,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        *,
        began: float | None = None,
    ) -> Self:
        """Begin a budget.

        Parameters
        ----------
        seconds
            Its length.
        clock
            Tells the time in seconds; it never goes back.
        began
            When it began, on the clock; None for now.

        Raises
        ------
        BudgetError
            When the time is not above zero and finite.
        """
        if not 0 < seconds < math.inf:
            raise BudgetError(f"A budget of {seconds} seconds is too short.", "Give more time.")
        started = clock() if began is None else began
        return cls(float(seconds), started, clock)

    @property
    def deadline(self) -> float:
        """When it ends, on the clock."""
        return self.started + self.seconds

    @property
    def is_young(self) -> bool:
        """Whether at least half of it is left."""
        return self.has(self.seconds / 2)

    @property
    def elapsed_s(self) -> float:
        """The seconds since it began."""
        return self.clock() - self.started

    @property
    def hindrance(self) -> float:
        """How many times longer work has taken since it began than on cores of its own.

        1 where this process never waited for its turn on a processor.
        """
        return Turns.now().hindrance(self.turns)

    @property
    def remaining_s(self) -> float:
        """The seconds until it ends, never below zero."""
        return max(0.0, self.deadline - self.clock())

    def has(self, seconds: float) -> bool:
        """Whether so many seconds are left."""
        return self.remaining_s >= seconds

    def reserve(self, seconds: float) -> Self:
        """Return a budget that ends so many seconds earlier, to keep them for later work."""
        if seconds < 0:
            raise ValueError(f"Only time above zero can be reserved, not {seconds}.")
        return replace(self, seconds=max(0.0, self.seconds - seconds))

    def share(self, fraction: float) -> Self:
        """Return a budget that begins now and lasts a fraction of what is left."""
        if not 0 <= fraction <= 1:
            raise ValueError(f"A share lies between 0 and 1, not at {fraction}.")
        now = self.clock()
        left_s = max(0.0, self.deadline - now)
        return replace(self, seconds=left_s * fraction, started=now, turns=Turns.now())


def _seconds(text: str | float) -> float:
    if isinstance(text, bool):
        return math.nan
    if not isinstance(text, str):
        return float(text) if text < _ENDLESS else math.inf
    if re.fullmatch(_NUMBER, text.strip()):
        return float(text)
    found = _DURATION.fullmatch(text.strip().casefold())
    if found is None:
        return math.nan
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return days * 86_400 + hours * 3600 + minutes * 60 + seconds


def _two_units(count: int, large: str, small: str) -> str:
    quotient, rest = divmod(count, 60)
    parts = ((quotient, large), (rest, small))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
