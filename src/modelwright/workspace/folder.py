"""The workspace: one folder with a story that can be read, killed and resumed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

import msgspec

from modelwright.errors import WorkspaceError
from modelwright.workspace.draft import explained, remove_drafts, write_file
from modelwright.workspace.lock import Holder, hold_lock, holder_of

_FORMAT = 1
_MARK = "workspace.json"
_LOCK = ".lock"
_IGNORED = (
    *("journal.db*", "ledger.db*", "logbook.db*", "watch.json", "bundles/", "modelwright.log*"),
    *(".lock", ".*.lock", ".*.draft"),
)
"""What git shall not keep: databases, rows of people, bundles, and what is not finished."""


class _Mark(msgspec.Struct, frozen=True, kw_only=True):
    format: int


def is_workspace(path: Path) -> bool:
    """Say whether a folder is a workspace."""
    return (path / _MARK).is_file()


@dataclass(frozen=True)
class Workspace:
    """A folder of documents, bundles and reports; make it with `create` or `open`.

    Whoever writes into it holds its `lock`; reading needs none, because every file is replaced
    as a whole.

    Parameters
    ----------
    path
        The folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     workspace = Workspace.create(Path(folder, "flights"))
    ...     with workspace.lock():
    ...         workspace.write_text("plan.json", "{}")
    ...     Workspace.open(workspace.path).read_bytes("plan.json")
    b'{}'
    """

    path: Path

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a workspace, or open the one that is there.

        Other files in the folder stay as they are.

        Raises
        ------
        WorkspaceError
            When the folder cannot be made or was written by a newer modelwright.
        """
        if is_workspace(path):
            return cls.open(path)
        workspace = cls(path)
        _ignore_in_git(path)
        workspace.write_bytes(_MARK, msgspec.json.encode(_Mark(format=_FORMAT)))
        return workspace

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a workspace that exists.

        Raises
        ------
        WorkspaceError
            When there is none, or when a newer modelwright wrote it.
        """
        if not is_workspace(path):
            raise WorkspaceError(
                f"There is no workspace in {path}.",
                f"Make one: modelwright run DATA --target COLUMN --workspace {path}",
            )
        workspace = cls(path)
        mark = _decode_mark(workspace.read_bytes(_MARK), path / _MARK)
        if mark.format > _FORMAT:
            raise WorkspaceError(
                f"{path} was written by a newer modelwright (format {mark.format}, "
                f"this one reads up to {_FORMAT}).",
                "Run: pip install --upgrade modelwright",
            )
        return workspace

    @property
    def bundles(self) -> Path:
        """The folder of stored bundles."""
        return self.path / "bundles"

    @property
    def reports(self) -> Path:
        """The folder of reports."""
        return self.path / "reports"

    def has(self, name: str) -> bool:
        """Whether a document was written."""
        return self._resolve(name).is_file()

    def read_bytes(self, name: str) -> bytes:
        """Return a document's bytes.

        Raises
        ------
        WorkspaceError
            When it is not there or cannot be read.
        """
        path = self._resolve(name)
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise WorkspaceError(
                f"There is no {name} in {self.path}.", "Run the command that writes it first."
            ) from error
        except OSError as error:
            raise WorkspaceError(f"{path} could not be read: {error.strerror}.") from error

    def write_bytes(self, name: str, data: bytes) -> None:
        """Replace a document as a whole: a kill leaves the old one or the new one.

        Parameters
        ----------
        name
            A file name, or one below a folder: ``"plan.json"``, ``"reports/plan.html"``.
        data
            All that it shall hold.

        Raises
        ------
        WorkspaceError
            When it cannot be written; the old one is unharmed.
        """
        write_file(self._resolve(name), data)

    def write_text(self, name: str, text: str) -> None:
        """Replace a document by a text in UTF-8; see `write_bytes`."""
        self.write_bytes(name, text.encode())

    @contextmanager
    def lock(self, command: str | None = None) -> Iterator[None]:
        """Keep other commands out, and clear away what killed ones left unfinished.

        Parameters
        ----------
        command
            What the holder does, shown to whoever must wait; without passwords. By default the
            program and its subcommand.

        Raises
        ------
        WorkspaceError
            When another command is at work, with its process and its name.
        """
        with hold_lock(self.path / _LOCK, command=command or _own_command()):
            remove_drafts(self.path)
            yield

    @property
    def holder(self) -> Holder | None:
        """Who wrote himself into the lock last and did not leave; a killed one may stand there."""
        path = self.path / _LOCK
        return holder_of(path) if path.is_file() else None

    def _resolve(self, name: str) -> Path:
        parts = PurePosixPath(name).parts
        if not 1 <= len(parts) <= 2 or {"/", ".."} & set(parts):
            raise WorkspaceError(
                f"{name!r} is no name for a document.",
                "Use a file name, or a folder and a file name, such as 'reports/plan.html'.",
            )
        return self.path.joinpath(*parts)


def _decode_mark(data: bytes, path: Path) -> _Mark:
    try:
        return msgspec.json.decode(data, type=_Mark)
    except msgspec.DecodeError as error:
        raise WorkspaceError(
            f"{path} is damaged: {error}.", f'It should hold {{"format":{_FORMAT}}}.'
        ) from error


def _ignore_in_git(path: Path) -> None:
    file = path / ".gitignore"
    with explained(file):
        present = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    missing = [pattern for pattern in _IGNORED if pattern not in present]
    write_file(file, "".join(f"{line}\n" for line in [*present, *missing]).encode())


def _own_command() -> str:
    # Nothing beyond the subcommand: an argument may be a URL with a password.
    program = Path(sys.argv[0]).name or "python"
    subcommand = next((word for word in sys.argv[1:2] if word.isidentifier()), "")
    return f"{program} {subcommand}".strip()
