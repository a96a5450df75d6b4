"""The server's log: one JSON object a line, and never a value that a client sent."""

import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import msgspec

_FRAMES = 12


class Log:
    """Writes what happens, a line each.

    Parameters
    ----------
    out
        Where to; None for standard error.
    clock
        Tells the time in seconds since 1970.
    requests
        Whether every request gets a line too.

    Examples
    --------
    >>> Log(sys.stdout, clock=lambda: 0.0).tell("swapped", model="5c8e")
    {"at":"1970-01-01T00:00:00.000Z","event":"swapped","model":"5c8e"}
    """

    def __init__(
        self,
        out: TextIO | None = None,
        *,
        clock: Callable[[], float] = time.time,
        requests: bool = False,
    ) -> None:
        self._out = out
        self._clock = clock
        self.tells_requests = requests

    def tell(self, event: str, **facts: Any) -> None:
        """Write a line, where that can be done.

        Parameters
        ----------
        event
            What happened, in a word.
        facts
            What is known of it; nothing that a client sent, save its own name of the request.
        """
        moment = datetime.fromtimestamp(self._clock(), UTC)
        at = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
        line = msgspec.json.encode({"at": at, "event": event, **facts}).decode()
        # In one piece, because other workers write to the same place.
        out = self._out or sys.stderr
        # What was answered and stands in the ledger is not taken back for want of a line.
        with suppress(OSError):
            out.write(f"{line}\n")
            out.flush()

    def tell_fault(self, error: BaseException, **facts: Any) -> None:
        """Write where a fault came from; not its message, which may quote what a client sent."""
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        self.tell("fault", kind=type(error).__name__, where=where, **facts)
