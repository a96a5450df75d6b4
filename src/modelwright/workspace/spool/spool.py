"""The spool: answers that are on disk already and not in the ledger yet.

A row in it survives the death of its process: whoever opens the ledger next finds the file without
an owner and moves its rows. It costs an answer less than a microsecond, where a commit costs many.
"""

import ctypes
import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from modelwright.errors import WorkspaceError
from modelwright.workspace.handles import BINARY, lock_handle
from modelwright.workspace.ledger.rows import Entry
from modelwright.workspace.spool.file import SpoolFile, record_of
from modelwright.workspace.spool.window import Span

_SUFFIX = ".rows"


class Place(ctypes.Structure):
    """Where the compiled kernel may put a record itself, holding the interpreter's lock.

    Attributes
    ----------
    span
        Of the file that is filled just now; None for none.
    most
        Up to which size of the file there is room.
    news
        Whether something was put since this was last set to zero.
    """

    _fields_ = (
        ("span", ctypes.POINTER(Span)),
        ("most", ctypes.c_int64),
        ("news", ctypes.c_int64),
    )


class Spool:
    """The rows of one process that wait for the ledger.

    Parameters
    ----------
    folder
        Where its files are; made when it is missing.
    capacity_bytes
        The most that wait.

    Attributes
    ----------
    place
        Where records may be put that the compiled kernel writes.

    Raises
    ------
    WorkspaceError
        When the folder cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> row = Entry(id="1", at=0, version="a", inputs={}, output=1, latency_s=0.0)
    >>> with TemporaryDirectory() as folder:
    ...     spool = Spool(Path(folder))
    ...     spool.put([row])
    ...     [waiting.id for waiting in spool.take().rows()]
    ['1']
    """

    def __init__(self, folder: Path, *, capacity_bytes: int = 256 << 20) -> None:
        self._room = capacity_bytes
        self._closed = False
        self._lock = threading.Lock()
        self.place = Place()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # One is filled while the other is moved.
            self._filled, self._spare = _begin(folder), _begin(folder)
        except OSError as error:
            raise WorkspaceError(
                f"Nothing can be written in {folder}: {error.strerror}.",
                "Name another place for the ledger, or mend this one.",
            ) from error
        with self._alone():
            self.place.span = ctypes.pointer(self._filled.window.span)

    @property
    def waiting_bytes(self) -> int:
        """How much waits for the ledger."""
        return self._filled.size + self._spare.size

    def put(self, rows: Sequence[Entry]) -> None:
        """Write rows, all or none; when this returns, a kill does not lose them.

        Raises
        ------
        OSError
            When the disk is full, or as much waits as may.
        """
        self.put_record(record_of(rows))

    def put_record(self, record: bytes) -> None:
        """Write a record, as `put` writes rows."""
        with self._alone():
            self._put(record)

    def take(self) -> SpoolFile | None:
        """Return the rows that wait, to be cleared when they have been moved.

        The same file is returned until it is cleared; None when there is no row.
        """
        with self._alone():
            self._filled.heed_length()
            if not self._spare.size:
                self._filled, self._spare = self._spare, self._filled
                self.place.span = ctypes.pointer(self._filled.window.span)
            return self._spare if self._spare.size else None

    def close(self) -> None:
        """Let go of the files; with rows, they stay for whoever opens the ledger next."""
        with self._lock:
            # A number of a closed file may be that of another one soon.
            self._closed, self._room = True, 0
            self.place.span = None
            for file in (self._filled, self._spare):
                if file.size:
                    file.leave()
                else:
                    file.remove()

    def _put(self, record: bytes) -> None:
        filled = self._filled
        if filled.size + self._spare.size + len(record) > self._room:
            why = "as many answers wait for the ledger as may"
            raise OSError(0, "the server ends" if self._closed else why)
        filled.put(record)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Meanwhile whoever writes without the lock is sent to `put_record`, and waits for it."""
        with self._lock:
            self.place.most = 0
            try:
                yield
            finally:
                self.place.most = self._room - self._spare.size


def abandoned_files(folder: Path) -> Iterator[SpoolFile]:
    """Find the files whose owners have died; each is owned by the caller, who removes it."""
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            handle = os.open(path, os.O_RDWR | BINARY)
        except FileNotFoundError:
            continue
        if _own(path, handle):
            yield SpoolFile(path, handle, os.fstat(handle).st_size)


def is_written(folder: Path) -> bool:
    """Say whether a process on this machine writes there, or was killed and left rows."""
    return any(folder.glob(f"*{_SUFFIX}"))


def _begin(folder: Path) -> SpoolFile:
    while True:
        path = folder / f"{secrets.token_hex(8)}{_SUFFIX}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
        if _own(path, handle):
            return SpoolFile(path, handle)


def _own(path: Path, handle: int) -> bool:
    """Lock a file, unless another process has it, or has just moved its rows and removed it."""
    with suppress(OSError):
        lock_handle(handle)
        if os.fstat(handle).st_ino == path.stat().st_ino:
            return True
    os.close(handle)
    return False
