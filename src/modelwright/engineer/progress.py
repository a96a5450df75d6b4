"""What is told while a command is at work, and kept for who looks at it later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from modelwright.engineer.archive import Report
from modelwright.workspace.journal import Journal
from modelwright.workspace.log_file import LogFile

PROGRESS = "progress"
"""The kind of the journal's events."""

Keep = Callable[[str, str], None]


class Progress:
    """Tells what happens, and writes it down while a command is at work.

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
        self._kept: tuple[Keep, ...] = ()

    def __call__(self, room: str, sentence: str) -> None:
        self._report(room, sentence)
        for keep in self._kept:
            keep(room, str(sentence))

    @contextmanager
    def kept_in(
        self, journal: Journal, log: LogFile | None = None, *, command: str = ""
    ) -> Iterator[None]:
        """Write what is told into a journal, and into a log, for the length of the block.

        Parameters
        ----------
        journal
            For the dashboard.
        log
            For people; None for none.
        command
            That is at work.
        """

        def into_journal(room: str, sentence: str) -> None:
            journal.record(PROGRESS, room=room, sentence=sentence)

        def into_log(room: str, sentence: str) -> None:
            if log is not None:
                log.write(command, room, sentence)

        before, self._kept = self._kept, (into_journal, into_log)
        try:
            yield
        finally:
            self._kept = before
