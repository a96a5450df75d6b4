"""How long this process has worked, and how long it has waited for its turn on a processor."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_NS = 1e-9
_SETTLED_S = 0.1
"""So much work without a wait is added: a few milliseconds tell nothing of a machine."""
_START_S = 2.0
"""A process that has worked for less has done nothing but start."""
_MOST_HINDRANCE = 4.0
"""Where waiting for a turn cannot be told from waiting for a database."""


@dataclass(frozen=True)
class Turns:
    """Seconds of this process up to a moment.

    Parameters
    ----------
    worked_s
        On a processor.
    waited_s
        Ready to work while others did; None where the system does not tell.
    at_s
        The moment, on a clock that never goes back.
    """

    worked_s: float
    waited_s: float | None
    at_s: float

    @classmethod
    def now(cls) -> Self:
        """Read what the system tells of this thread; of the whole process where it does not."""
        try:
            told = Path("/proc/thread-self/schedstat").read_text(encoding="ascii")
            worked, waited, _ = told.split()
        except (OSError, ValueError):  # not Linux, or one that keeps no account
            return cls(time.process_time(), None, time.monotonic())
        return cls(int(worked) * _NS, int(waited) * _NS, time.monotonic())

    def hindrance(self, before: "Turns") -> float:
        """Return how many times longer work has taken since then than on cores of its own.

        Parameters
        ----------
        before
            An earlier moment.

        Examples
        --------
        >>> Turns(3.0, 4.0, at_s=9.0).hindrance(Turns(1.1, 2.0, at_s=0.0))
        2.0
        """
        worked_s = max(self.worked_s - before.worked_s, 0.0) + _SETTLED_S
        if self.waited_s is not None and before.waited_s is not None:
            return 1.0 + max(self.waited_s - before.waited_s, 0.0) / worked_s
        return min(max((self.at_s - before.at_s) / worked_s, 1.0), _MOST_HINDRANCE)


def command_began() -> float:
    """Return when the command of this process began, on `time.monotonic`.

    Python's own start, for which people wait too, is part of it; in a process that has done other
    work before, the command begins now.

    Examples
    --------
    >>> command_began() <= time.monotonic()
    True
    """
    now = Turns.now()
    started_s = now.worked_s + (now.waited_s or 0.0)
    return now.at_s - (started_s if now.worked_s < _START_S else 0.0)
