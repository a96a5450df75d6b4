"""A process beside a server that moves its rows from the spool into the ledger.

In a thread of the server it would take turns with the threads that answer. Here it works at the
lowest priority, so that on a busy machine rows wait and requests do not. It only reads the spool:
the server still owns the files, and clears one when it has heard that its rows are in the ledger.
"""

import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec

from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.address import LedgerAddress, parse_address
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.priority import give_way
from modelwright.workspace.spool.file import SpoolFile
from modelwright.workspace.spool.moving import Moved, move_rows

_PATIENCE_S = 120.0
"""A process that has not answered for so long is ended; its work is done here."""
_GRACE_S = 10.0
_NICENESS = 19
"""The least that gets its turn: what waits for idle processors may wait inside a transaction."""


class _Order(msgspec.Struct, frozen=True):
    """Rows to move: those that stand at the beginning of a file."""

    path: str
    size: int
    rows_per_commit: int


class _Done(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an order; with `found`, why nothing did."""

    moved: Moved | None = None
    found: str = ""
    remedy: str = ""


class MovingProcess:
    """Moves rows by a process of its own; close it, or use ``with``.

    Parameters
    ----------
    address
        Of the ledger.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from modelwright.workspace.ledger.rows import Entry
    >>> from modelwright.workspace.spool.spool import Spool
    >>> row = Entry(id="1", at=0, version="a", inputs={}, output=1, latency_s=0.0)
    >>> with TemporaryDirectory() as folder, MovingProcess(Path(folder, "ledger.db")) as moving:
    ...     spool = Spool(Path(folder, "ledger.db.spool"))
    ...     spool.put([row])
    ...     moving.move(spool.take(), rows_per_commit=100).repeated
    ...     spool.close()
    ...     with Ledger.open(Path(folder, "ledger.db")) as ledger:
    ...         ledger.count()
    0
    1
    """

    def __init__(self, address: LedgerAddress) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        # Where no process can be begun, or listened to, rows are moved as well.
        if sys.platform == "win32":
            return
        with suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,
            )
            self._tell(str(address).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process; None where there is none."""
        return None if self._process is None else self._process.pid

    def move(self, file: SpoolFile, *, rows_per_commit: int) -> Moved | None:
        """Move the rows of a file; None where there is no process to do it.

        Raises
        ------
        WorkspaceError
            When the ledger cannot be written.
        """
        if self._process is None:
            return None
        order = _Order(str(file.path.absolute()), file.size, rows_per_commit)
        try:
            self._tell(msgspec.json.encode(order))
            done = msgspec.json.decode(self._answer(), type=_Done)
        except (OSError, msgspec.DecodeError):
            self.close(grace_s=0.0)
            return None
        if done.moved is None:
            raise WorkspaceError(done.found, done.remedy)
        return done.moved

    def close(self, *, grace_s: float = _GRACE_S) -> None:
        """End the process; what it has not moved stays where it is.

        Parameters
        ----------
        grace_s
            How long it may take.
        """
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(grace_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _tell(self, line: bytes) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line + b"\n")

    def _answer(self) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        answer = b""
        while not answer.endswith(b"\n"):
            ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE_S)
            part = os.read(self._process.stdout.fileno(), 1 << 16) if ready else b""
            if not part:
                raise OSError(0, "the process has ended, or does not answer")
            answer += part
        return answer


def main() -> None:
    """Move what standard input tells, until it ends, as it does when the server is killed."""
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    give_way(_NICENESS)
    address = sys.stdin.buffer.readline().rstrip(b"\n").decode()
    with Ledger.open(parse_address(address)) as ledger:
        for line in sys.stdin.buffer:
            done = _carry_out(msgspec.json.decode(line, type=_Order), ledger)
            sys.stdout.buffer.write(msgspec.json.encode(done) + b"\n")
            sys.stdout.buffer.flush()


def _carry_out(order: _Order, ledger: Ledger) -> _Done:
    handle = os.open(order.path, os.O_RDONLY)
    try:
        rows = SpoolFile(Path(order.path), handle, order.size).rows()
        return _Done(moved=move_rows(rows, ledger, rows_per_commit=order.rows_per_commit))
    except WorkspaceError as error:
        return _Done(found=error.found, remedy=error.remedy)
    finally:
        os.close(handle)


if __name__ == "__main__":
    main()
