"""What is told while a command is at work, and kept in the journal for who looks at it later."""

from collections.abc import Iterator
from contextlib import contextmanager

from modelwright.engineer.archive import Report
from modelwright.workspace.journal import Journal

PROGRESS = "progress"
"""The kind of the journal's events."""


class Progress:
    """Tells what happens, and writes it into a journal while it is given one.

    Parameters
    ----------
    report
        Told the room and the sentence.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> progress = Progress(lambda room, sentence: print(room, sentence))
    >>> with TemporaryDirectory() as folder, Journal.open(Path(folder, "journal.db")) as journal:
    ...     with progress.kept_in(journal):
    ...         progress("build", "Opening the holdout")
    ...     [event.facts["sentence"] for event in journal.events(PROGRESS)]
    build Opening the holdout
    ['Opening the holdout']
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._journal: Journal | None = None

    def __call__(self, room: str, sentence: str) -> None:
        self._report(room, sentence)
        if self._journal is not None:
            self._journal.record(PROGRESS, room=room, sentence=sentence)

    @contextmanager
    def kept_in(self, journal: Journal) -> Iterator[None]:
        """Write what is told into a journal for the length of the block."""
        before, self._journal = self._journal, journal
        try:
            yield
        finally:
            self._journal = before
