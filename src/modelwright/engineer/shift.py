"""A command at work in a workspace: it holds the lock, and the journal knows how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from modelwright.documents import Document
from modelwright.engineer.archive import is_yes
from modelwright.engineer.progress import Progress
from modelwright.engineer.staff import Staff
from modelwright.engineer.tracking.following import follow
from modelwright.workspace.folder import Workspace
from modelwright.workspace.journal import JOURNAL, Journal
from modelwright.workspace.log_file import LogFile

_FOLLOWED = frozenset({"run", "build", "deploy", "adopt", "remedy", "maintain"})
"""Commands that a tracking server is told of."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Shift:
    """Whoever works in a workspace, one command after another.

    Parameters
    ----------
    workspace
        The folder.
    report
        Told what happens.
    staff
        Who does the work.
    clock
        Tells the time, with its zone.
    """

    workspace: Workspace
    report: Progress
    staff: Staff
    clock: Callable[[], datetime]

    def work(self, command: str, make: Callable[[], Made]) -> Made:
        """Hold the workspace, and write the run into its journal however it ends."""
        path, log = self.workspace.path / JOURNAL, LogFile(self.workspace.path, self.clock)
        with (
            self.workspace.lock(command),
            Journal.open(path) as journal,
            self.report.kept_in(journal, log, command=command),
            self.staff.on_duty(),
        ):
            run = journal.start_run(command)
            log.write(command, "", "begins")
            exit_code = 2
            try:
                made = make()
                exit_code = 1 if isinstance(made, Document) and not is_yes(made) else 0
            finally:
                journal.end_run(run, exit_code=exit_code)
                log.write(command, "", f"ends with {exit_code}")
        if command in _FOLLOWED:
            self.follow()
        return made

    def follow(self) -> None:
        """Let the tracking server of the workspace know what was decided."""
        follow(self.workspace, lambda sentence: self.report("track", sentence))
