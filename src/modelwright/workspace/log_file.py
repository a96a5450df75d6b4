"""What commands told, line by line, in a file that any editor opens."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

NAME = "modelwright.log"
_LARGEST_BYTES = 1 << 20


class LogFile:
    """A file that grows by a line at a time, and begins anew when it is large.

    Parameters
    ----------
    folder
        Where it is, under `NAME`; the one before is kept beside it with ``.1`` at its end.
    clock
        Tells the time, with its zone.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     log = LogFile(Path(folder), lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))
    ...     log.write("run", "plan", "Reading what the columns hold")
    ...     log.path.read_text()
    '2026-03-01T12:00:00Z run      plan      Reading what the columns hold\\n'
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self.path = folder / NAME
        self._clock = clock

    def write(self, command: str, room: str, sentence: str) -> None:
        """Add a line.

        A log that cannot be written, as on a full disk, keeps nobody from working: then the line
        is lost.

        Parameters
        ----------
        command
            That is at work.
        room
            Where it is by now.
        sentence
            What it tells; it becomes one line.
        """
        at = self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = f"{at} {command:<8} {room:<9} {' '.join(sentence.split())}\n"
        try:
            self._turn_over()
            with self.path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(line)
        except OSError:
            return

    def _turn_over(self) -> None:
        if self.path.is_file() and self.path.stat().st_size > _LARGEST_BYTES:
            self.path.replace(self.path.with_name(f"{NAME}.1"))
