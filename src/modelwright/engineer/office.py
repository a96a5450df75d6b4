"""A workspace that was opened: its question, and who works on it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from modelwright.documents import Brief
from modelwright.engineer.archive import Archive, Report, say_nothing
from modelwright.engineer.chain import Chain
from modelwright.engineer.progress import Progress
from modelwright.engineer.question.asking import Asked, ask
from modelwright.engineer.question.brief_file import read_brief
from modelwright.engineer.question.intake import FRAME
from modelwright.engineer.rooms import Rooms
from modelwright.engineer.shift import Shift
from modelwright.engineer.staff import Staff
from modelwright.errors import BriefError, UnknownColumnError
from modelwright.workspace.folder import Workspace
from modelwright.workspace.journal import utc_now

Made = TypeVar("Made")


class Office:
    """A workspace, what it asks, and the rooms that answer.

    Parameters
    ----------
    workspace
        The folder.
    data
        A data frame to read instead of what the brief names.
    report
        Told the room and a sentence when something happens.
    compute
        Who does the work: ``"here"``, ``"processes"``, ``"ray"`` or ``"ray://host:10001"``.
    asked
        What `ask` returned, when the question was asked just now.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        data: object = None,
        report: Report = say_nothing,
        compute: str = "here",
        asked: Asked | None = None,
    ) -> None:
        self.workspace = workspace
        self._data = data
        self._report = Progress(report)
        self._archive = Archive(workspace, self._report)
        self._staff = Staff(compute, report=lambda sentence: self._report("compute", sentence))
        self._shift = Shift(workspace, self._report, self._staff, utc_now)
        self._asked = asked
        self._take(read_brief(workspace))

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        data: object,
        target: str,
        report: Report = say_nothing,
        compute: str = "here",
        **brief: Any,
    ) -> Self:
        """Make a workspace, or ask again in the one that is there.

        In a workspace that has a brief, what is given here replaces those keys; what else
        `modelwright.toml` says stays, unless the target is another one.

        Parameters
        ----------
        path
            The folder.
        data
            A file, folder, glob or database URL; or a data frame.
        target
            The column to predict.
        report, compute
            As above.
        brief
            Further keys of `modelwright.toml`, for example ``budget="5m"``.

        Raises
        ------
        BriefError
            When a key is unknown or a value has the wrong type; nothing is written then.
        WorkspaceError
            When the folder cannot be written, or another command is at work in it.
        """
        named = isinstance(data, str | Path)
        address = str(data) if named else FRAME
        asked = cls.ask(path, {"data": address, "target": target, **brief}, report=report)
        own = None if named else data
        return cls.open(path, data=own, report=report, compute=compute, asked=asked)

    @classmethod
    def ask(
        cls, path: str | Path, asked: Mapping[str, Any], *, report: Report = say_nothing
    ) -> Asked:
        """Write the brief of a workspace, or change the one that is there.

        Parameters
        ----------
        path
            The folder; it is made when it is missing.
        asked
            Keys and values as in `modelwright.toml`; a relative path begins at the present folder.
        report
            Told each key that changes, and each that stays though nobody asked for it now.

        Of a table of a database the tables that belong to it are looked up and become `related`,
        unless that key is given; ``related={}`` says none. Give `open` what is returned: where
        a column, metric or task that is named now is none that there is, the brief then says again
        what it said before.
        """
        return ask(Path(path), asked, report=report)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        data: object = None,
        report: Report = say_nothing,
        compute: str = "here",
        asked: Asked | None = None,
    ) -> Self:
        """Open a workspace that is there."""
        workspace = Workspace.open(Path(path))
        return cls(workspace, data=data, report=report, compute=compute, asked=asked)

    def now(self) -> datetime:
        """Return the present moment."""
        return utc_now()

    def report(self, room: str, sentence: str) -> None:
        """Tell whoever listens what happens in a room."""
        self._report(room, sentence)

    def read_again(self) -> None:
        """Take the brief as it is now: a person may have edited it."""
        self._take(read_brief(self.workspace))

    def _at_work(self, command: str, make: Callable[[], Made]) -> Made:
        """Do what a command does, with the workspace held and its journal kept."""
        try:
            return self._shift.work(command, make)
        except (BriefError, UnknownColumnError) as error:
            if self._asked is not None and error.key:
                self._asked.take_back(error.key, self.workspace, report=self._report)
            raise

    def _take(self, brief: Brief) -> None:
        self.brief = brief
        self._rooms = Rooms(self.workspace, brief, self._data, self._report, utc_now, self._staff)
        self._chain = Chain(self._rooms, self._archive)
