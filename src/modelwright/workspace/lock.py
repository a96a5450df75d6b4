"""One command at a time: a lock that the operating system releases when its holder dies."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from modelwright.errors import WorkspaceError
from modelwright.workspace.draft import explained
from modelwright.workspace.handles import lock_handle, unlock_handle

_PAUSE_S = 0.02


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a lock.

    Parameters
    ----------
    pid
        The process.
    command
        What it does, for the person who must wait for it.
    """

    pid: int
    command: str


@contextmanager
def hold_lock(path: Path, *, command: str, patience_s: float = 0.0) -> Iterator[None]:
    """Hold a lock file for the length of the block.

    The lock belongs to the open file, not to what is written in it: when the holder is killed,
    however hard, the next one takes over. It is not re-entrant.

    Parameters
    ----------
    path
        The lock file; made when missing, never removed.
    command
        What the holder does. It is shown to others, so it must hold no password.
    patience_s
        How long to wait for another holder, in seconds.

    Raises
    ------
    WorkspaceError
        When another process, or another thread of this one, holds the lock.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, hold_lock(Path(folder, ".lock"), command="demo"):
    ...     print(holder_of(Path(folder, ".lock")).command)
    demo
    """
    try:
        file = path.open("a+b", buffering=0)
    except OSError as error:
        raise _unlockable(path, error) from error
    with file:
        _acquire(file, path, time.monotonic() + patience_s)
        try:
            _write(file, path, holder=Holder(pid=os.getpid(), command=command))
            yield
        finally:
            file.truncate(0)
            unlock_handle(file.fileno())


def holder_of(path: Path) -> Holder | None:
    """Return who wrote himself into a lock file last, or None when it is empty."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Holder)
    except msgspec.DecodeError:  # empty, or its holder was killed while writing
        return None


def _acquire(file: BinaryIO, path: Path, deadline: float) -> None:
    while True:
        try:
            return lock_handle(file.fileno())
        except (BlockingIOError, PermissionError) as error:
            if time.monotonic() >= deadline:
                raise _busy(path) from error
        except OSError as error:
            raise _unlockable(path, error) from error
        time.sleep(_PAUSE_S)


def _write(file: BinaryIO, path: Path, *, holder: Holder) -> None:
    with explained(path):
        file.truncate(0)
        file.write(msgspec.json.encode(holder))


def _busy(path: Path) -> WorkspaceError:
    holder = holder_of(path)
    who = f"process {holder.pid} ({holder.command})" if holder else "another process"
    stop = f", or stop it: kill {holder.pid}" if holder else ""
    return WorkspaceError(f"{path.parent} is in use by {who}.", f"Wait until it is done{stop}")


def _unlockable(path: Path, error: OSError) -> WorkspaceError:
    return WorkspaceError(
        f"{path.parent} cannot be locked: {error.strerror or error}.",
        "Use a folder that you may write to, on a disk that supports file locks.",
    )
