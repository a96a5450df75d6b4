"""The spool: answers that are on disk already and not in the ledger yet.

A row in it survives the death of its process: whoever opens the ledger next finds the file without
an owner and moves its rows. It costs an answer less than a microsecond, where a commit costs many.
"""

import fcntl
import os
import secrets
import struct
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger_rows import Entry, Prediction, Role

_SUFFIX = ".rows"
_HEAD = struct.Struct("<II")
_DECODED_AT_ONCE = 500
"""Many answers are put alone, and each time decoding begins takes longer than a line."""
_ENCODER = msgspec.json.Encoder()


class _Line(msgspec.Struct):
    """An entry as it is read back: row and answer stay the JSON that they are."""

    id: str
    at: int
    version: str
    inputs: msgspec.Raw
    output: msgspec.Raw
    latency_s: float
    role: Role
    host: str
    inputs_rate: float


_DECODER = msgspec.json.Decoder(_Line)


@dataclass
class SpoolFile:
    """A file of rows that one process owns.

    Parameters
    ----------
    path
        The file.
    handle
        Open and locked, so that others can tell that its owner lives.
    size
        In bytes; what lies beyond was never acknowledged.
    """

    path: Path
    handle: int
    size: int = 0

    def rows(self) -> Iterator[Prediction]:
        """Read the rows; what a kill or a full disk has cut off is no row."""
        some: list[bytes] = []
        for lines in _whole(os.pread(self.handle, self.size, 0)):
            some.append(lines)
            if len(some) == _DECODED_AT_ONCE:
                yield from map(_prediction, _DECODER.decode_lines(b"".join(some)))
                some = []
        yield from map(_prediction, _DECODER.decode_lines(b"".join(some)))

    def clear(self) -> None:
        """Forget the rows."""
        os.ftruncate(self.handle, 0)
        self.size = 0

    def leave(self) -> None:
        """No longer own the file; with rows in it, it stays for whoever looks next."""
        os.close(self.handle)

    def remove(self) -> None:
        """Remove the file, and no longer own it."""
        with suppress(FileNotFoundError):
            self.path.unlink()
        self.leave()


class Spool:
    """The rows of one process that wait for the ledger.

    Parameters
    ----------
    folder
        Where its files are; made when it is missing.
    capacity_bytes
        The most that wait.

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
        self._capacity = capacity_bytes
        self._closed = False
        self._lock = threading.Lock()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # One is filled while the other is moved.
            self._filled, self._spare = _begin(folder), _begin(folder)
        except OSError as error:
            raise WorkspaceError(
                f"Nothing can be written in {folder}: {error.strerror}.",
                "Name another place for the ledger, or mend this one.",
            ) from error

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
        lines = _ENCODER.encode_lines(rows)
        content = _HEAD.pack(len(lines), zlib.crc32(lines)) + lines
        with self._lock:
            file = self._filled
            if self._closed:
                raise OSError(0, "the server ends")
            if self.waiting_bytes + len(content) > self._capacity:
                raise OSError(0, "as many answers wait for the ledger as may")
            try:
                _write(file.handle, content, file.size)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(file.handle, file.size)
                raise
            file.size += len(content)

    def take(self) -> SpoolFile | None:
        """Return the rows that wait, to be cleared when they have been moved.

        The same file is returned until it is cleared; None when there is no row.
        """
        with self._lock:
            if not self._spare.size:
                self._filled, self._spare = self._spare, self._filled
            return self._spare if self._spare.size else None

    def close(self) -> None:
        """Let go of the files; with rows, they stay for whoever opens the ledger next."""
        with self._lock:
            # A number of a closed file may be that of another one soon.
            self._closed = True
            for file in (self._filled, self._spare):
                if file.size:
                    file.leave()
                else:
                    file.remove()


def abandoned_files(folder: Path) -> Iterator[SpoolFile]:
    """Find the files whose owners have died; each is owned by the caller, who removes it."""
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            handle = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        if _own(path, handle):
            yield SpoolFile(path, handle, os.fstat(handle).st_size)


def _begin(folder: Path) -> SpoolFile:
    while True:
        path = folder / f"{secrets.token_hex(8)}{_SUFFIX}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        if _own(path, handle):
            return SpoolFile(path, handle)


def _own(path: Path, handle: int) -> bool:
    """Lock a file, unless another process has it, or has just moved its rows and removed it."""
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_ino == path.stat().st_ino:
            return True
    os.close(handle)
    return False


def _whole(content: bytes) -> Iterator[bytes]:
    """Return what was put, up to what a kill or a full disk has cut off."""
    start = 0
    while start + _HEAD.size <= len(content):
        length, check = _HEAD.unpack_from(content, start)
        start += _HEAD.size
        lines = content[start : start + length]
        if len(lines) < length or zlib.crc32(lines) != check:
            return
        yield lines
        start += length


def _prediction(line: _Line) -> Prediction:
    inputs = bytes(line.inputs)
    return Prediction(
        id=line.id,
        at=line.at,
        version=line.version,
        inputs=None if inputs == b"null" else inputs,
        output=bytes(line.output),
        latency_s=line.latency_s,
        role=line.role,
        host=line.host,
        inputs_rate=line.inputs_rate,
    )


def _write(handle: int, content: bytes, at: int) -> None:
    written = os.pwrite(handle, content, at)
    while written < len(content):
        # A disk that is nearly full takes a part; the next try says why.
        written += os.pwrite(handle, content[written:], at + written)
