"""The last line of a terminal while a command is at work: where it is, and the time left."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from modelwright.cli.output import Report, progress

if TYPE_CHECKING:
    from modelwright.engineer.foreseen import Foreseen

_CLEAR = "\r\x1b[2K"
_EVERY_S = 1.0
_ROOMS = frozenset({"plan", "explore", "build", "deploy"})
"""Those that a plan foresees: what comes after them takes its own time."""
Clock = Callable[[], float]


class Countdown:
    """Tells progress as `progress` does, and keeps a line below it that counts down.

    Parameters
    ----------
    say
        Prints a line of progress.
    write
        Writes to the terminal as it is.
    clock
        Tells the time in seconds.
    began
        When the command did, on the clock; None for now.
    """

    def __init__(
        self,
        say: Report,
        write: Callable[[str], None],
        clock: Clock,
        *,
        began: float | None = None,
    ) -> None:
        self._say, self._write, self._clock = say, write, clock
        self._began = clock() if began is None else began
        self._room = ""
        self._foreseen: Foreseen | None = None
        # Rooms tell from threads of their own, and the line is drawn by another.
        self._lock = threading.Lock()

    def __call__(self, room: str, sentence: str) -> None:
        """Print a sentence above the line."""
        from modelwright.engineer.foreseen import Foreseen

        with self._lock:
            self._room = room
            if isinstance(sentence, Foreseen):
                self._foreseen = sentence
            self._write(_CLEAR)
            self._say(room, sentence)
            self._draw()

    def redraw(self) -> None:
        """Write the line as it is by now."""
        with self._lock:
            self._draw()

    def clear(self) -> None:
        """Leave nothing of the line."""
        with self._lock:
            self._foreseen = None
            self._write(_CLEAR)

    def _draw(self) -> None:
        from modelwright.report.terminal.time_left import tell_left

        told = self._foreseen
        if told is None or self._room not in _ROOMS:
            return
        left = tell_left(
            self._clock() - self._began, foreseen_s=told.seconds, budget_s=told.budget_s
        )
        line = f"{self._room}: {left}" if left else ""
        self._write(f"{_CLEAR}{line[: shutil.get_terminal_size().columns - 1]}")


@contextmanager
def counted_down(
    *, quiet: bool, as_json: bool, clock: Clock = time.monotonic, began: float | None = None
) -> Iterator[Report]:
    """Yield what prints progress; on a terminal a line below it says the time left.

    Parameters
    ----------
    quiet
        Whether nothing is said.
    as_json
        Whether a script reads the result: then no line is drawn.
    clock
        Tells the time in seconds.
    began
        When the command did, on the clock: the budget counts from there. None for now.
    """
    say = progress(quiet=quiet, clock=clock, began=began)
    if quiet or as_json or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield say
        return
    countdown = Countdown(say, _to_terminal, clock, began=began)
    ended = threading.Event()

    def keep_drawing() -> None:
        while not ended.wait(_EVERY_S):
            countdown.redraw()

    drawing = threading.Thread(target=keep_drawing, name="countdown", daemon=True)
    drawing.start()
    try:
        yield countdown
    finally:
        ended.set()
        drawing.join()
        countdown.clear()


def _to_terminal(text: str) -> None:
    click.echo(text, err=True, nl=False)
