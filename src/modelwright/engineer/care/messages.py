"""The messages of a workspace: who is told of its alarms."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from modelwright.documents import Brief
from modelwright.engineer.archive import Report
from modelwright.errors import BriefError, nearest
from modelwright.maintain.messages.base import Surroundings
from modelwright.maintain.messages.delivery import Post
from modelwright.maintain.messages.registry import channels_of
from modelwright.workspace.folder import Workspace
from modelwright.workspace.logbook import LOGBOOK, Logbook
from modelwright.workspace.outbox import Waiting


@dataclass(frozen=True)
class Messages:
    """Who is told of the alarms of a workspace.

    Parameters
    ----------
    workspace
        The folder.
    brief
        Names the channels in `[messages]`.
    clock
        Tells the time, with its zone.
    report
        Told what was sent and what was not.
    environment
        Holds the secrets.
    """

    workspace: Workspace
    brief: Brief
    clock: Callable[[], datetime]
    report: Report
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def names(self) -> tuple[str, ...]:
        """The channels."""
        return tuple(self.brief.messages)

    def deliver(self) -> None:
        """Send what waits; what cannot be sent waits for the next time."""
        with self._logbook() as logbook:
            self._post().deliver(
                logbook.outbox, report=lambda sentence: self.report("messages", sentence)
            )

    def waiting(self) -> tuple[Waiting, ...]:
        """Return the messages that nobody has taken yet, the oldest first."""
        with self._logbook() as logbook:
            return logbook.outbox.waiting()

    def test(self, *names: str) -> dict[str, str]:
        """Send a test over channels; over all when none is named.

        Returns
        -------
        dict
            By channel why it was not taken; empty when it was.

        Raises
        ------
        BriefError
            When there is no channel, or none of that name.
        """
        if not self.names:
            raise BriefError(
                "modelwright.toml names nobody to tell of alarms.",
                "Write a table such as [messages.webhook]; see docs/how-to/alarms.md",
            )
        for name in names:
            if name not in self.names:
                raise BriefError(f"There is no [messages.{name}].", nearest(name, self.names))
        post = self._post()
        return {name: post.test(name) for name in names or self.names}

    def _post(self) -> Post:
        return Post(
            channels=channels_of(self.brief.messages),
            surroundings=Surroundings(self.workspace.path, self.environment),
            target=self.brief.target,
            clock=self.clock,
            sleep=time.sleep,
        )

    def _logbook(self) -> Logbook:
        return Logbook.open(self.workspace.path / LOGBOOK)
