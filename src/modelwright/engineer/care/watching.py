"""The watch: each new window of live rows is judged once, whichever process does it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from modelwright.documents import Health, Release
from modelwright.engineer.archive import read
from modelwright.errors import ModelwrightError
from modelwright.maintain.log.due import SETTLED, Rhythm, next_window
from modelwright.maintain.log.window import Window
from modelwright.workspace.alarm import Sign
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.logbook import LOGBOOK, Logbook

if TYPE_CHECKING:
    from modelwright.engineer.practice import Practice

NOT_JUDGED = "not judged"
"""The kind of the alarm that nothing could be judged."""
_PATIENCE = 3
"""Rounds that may fail in a row, such as beside a long build, before that is an alarm."""


@dataclass(frozen=True)
class Watching:
    """Who judges the windows of a project, from where the last one ended.

    Parameters
    ----------
    project
        What is judged.
    rhythm
        How rows are cut into windows.
    """

    project: "Practice"
    rhythm: Rhythm

    def catch_up(self, *, stop: threading.Event) -> Iterator[Health]:
        """Judge every window that is complete and was not judged yet, and yield each health.

        Where an earlier process was killed, a window that it had not finished is judged again.

        Raises
        ------
        ModelwrightError
            As `Project.maintain` does.
        """
        while not stop.is_set():
            window = self._next(self.project.now())
            if window is None:
                self._look_for_silence(self.project.now())
                # What could not be sent before may be due, though nothing new was found.
                self.project.messages.deliver()
                return
            yield self.project.maintain(window=window)

    def rounds(self, *, stop: threading.Event) -> Iterator[Health]:
        """Catch up, wait for the length of a window, and so on until told to stop.

        What goes wrong is told, and tried again in the next round; three times in a row it is an
        alarm.
        """
        failures = 0
        while not stop.is_set():
            try:
                self.project.read_again()
                yield from self.catch_up(stop=stop)
                failures = 0
            except ModelwrightError as error:
                failures += 1
                self.project.report("maintain", f"{error} It is tried again in the next round.")
                if failures == _PATIENCE:
                    self._raise_alarm(str(error))
            stop.wait(self.rhythm.every / timedelta(seconds=1))

    def _look_for_silence(self, now: datetime) -> None:
        """Raise an alarm where far fewer rows came than are usual, too few to judge."""
        from modelwright.maintain.watch.flow import find_odd_flow

        _, since = self._judged()
        moment = None if since is None else datetime.fromtimestamp(since / 1e6, UTC)
        with Ledger.open(ledger_of(self.project.workspace.path)) as ledger:
            causes = find_odd_flow(ledger, since=moment, until=now - SETTLED)
        for cause in causes:
            self._raise_alarm(cause.sentence, kind=cause.kind, action="fix input")

    def _judged(self) -> tuple[str, int | None]:
        """Return the champion, and up to when it was judged."""
        from modelwright.maintain.champion import open_champion

        workspace = self.project.workspace
        version = open_champion(read(Release, workspace), workspace).hash
        with Logbook.open(workspace.path / LOGBOOK) as logbook:
            return version, logbook.judged_until(version)

    def _next(self, now: datetime) -> Window | None:
        version, since = self._judged()
        workspace = self.project.workspace
        with Ledger.open(ledger_of(workspace.path)) as ledger:
            return next_window(ledger, version, since=since, now=now, rhythm=self.rhythm)

    def _raise_alarm(
        self, sentence: str, *, kind: str = NOT_JUDGED, action: str = "call a person"
    ) -> None:
        sign = Sign(kind=kind, sentence=sentence, action=action)
        try:
            self.project.alarms.raise_one(sign, tell=self.project.messages.names)
            self.project.messages.deliver()
        except ModelwrightError as error:
            self.project.report("maintain", f"The alarm could not be kept: {error}")
