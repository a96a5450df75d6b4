"""Writes the server's predictions in the background, so that no answer waits for the disk."""

import sqlite3
import threading
from collections import deque
from types import TracebackType
from typing import Self

from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger import Ledger, Prediction

_FAULTS = (WorkspaceError, sqlite3.Error, ValueError, TypeError, OverflowError)
"""A full or damaged disk, and a row that SQLite cannot hold."""


class LedgerWriter:
    """Writes predictions in the background, so that an answer never waits for the disk.

    Many predictions share one commit. When the queue or the disk is full, the server goes on
    answering; the predictions that are not logged are counted. A kill loses what was not
    committed yet, at most `wait_s` old.

    Parameters
    ----------
    ledger
        Where to write; closed by the caller, after the writer.
    rows_per_commit
        The most that share a commit.
    wait_s
        The longest that a prediction waits for others, in seconds.
    capacity
        The most that wait.

    Attributes
    ----------
    dropped
        Predictions that were not logged.
    repeated
        Predictions that were not logged because their id was there already.
    last_error
        Why the last commit failed; None when it succeeded.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from pathlib import Path
    >>> row = Prediction(id="1", at=0, version="a", inputs=b"{}", output=b"1", latency_s=0.0)
    >>> with TemporaryDirectory() as folder, Ledger.open(Path(folder, "ledger.db")) as ledger:
    ...     with LedgerWriter(ledger) as writer:
    ...         _ = writer.put(row)
    ...     ledger.count()
    1
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        rows_per_commit: int = 500,
        wait_s: float = 0.05,
        capacity: int = 20_000,
    ) -> None:
        self.dropped = 0
        self.repeated = 0
        self.last_error: str | None = None
        self._ledger = ledger
        self._rows_per_commit = rows_per_commit
        self._wait_s = wait_s
        self._capacity = capacity
        self._queue: deque[Prediction | threading.Event] = deque()
        self._waiting = threading.Event()
        self._hurry = threading.Event()
        self._counting = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="ledger-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def put(self, prediction: Prediction) -> bool:
        """Queue a prediction, without waiting; return whether there was room for it."""
        if self._closing or len(self._queue) >= self._capacity:
            self._drop(1)
            return False
        self._queue.append(prediction)
        if not self._waiting.is_set():
            self._waiting.set()
        elif len(self._queue) >= self._rows_per_commit and not self._hurry.is_set():
            self._hurry.set()
        return True

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Wait until all that was put is written or counted as dropped; return whether it is."""
        if not self._thread.is_alive():
            return True
        done = threading.Event()
        self._queue.append(done)
        self._rouse()
        return done.wait(timeout_s)

    def close(self) -> None:
        """Write what waits and end the background thread; what is put later is dropped."""
        self._closing = True
        self._rouse()
        self._thread.join()
        # Another thread may have been in the middle of `put`.
        self._drop(len(self._queue))
        self._queue.clear()

    def _rouse(self) -> None:
        self._hurry.set()
        self._waiting.set()

    def _work(self) -> None:
        while not self._closing:
            self._waiting.wait()
            self._hurry.wait(self._wait_s)
            # Cleared before the queue is read: whoever puts from here on wakes us again.
            self._waiting.clear()
            self._hurry.clear()
            self._empty()
        self._empty()

    def _empty(self) -> None:
        while self._queue:
            self._commit()

    def _commit(self) -> None:
        size = min(len(self._queue), self._rows_per_commit)
        taken = [self._queue.popleft() for _ in range(size)]
        if rows := [item for item in taken if isinstance(item, Prediction)]:
            self._write(rows)
        for item in taken:
            if isinstance(item, threading.Event):
                item.set()

    def _write(self, rows: list[Prediction]) -> None:
        try:
            self.repeated += len(rows) - self._ledger.append(rows)
            self.last_error = None
        except _FAULTS as error:
            self.last_error = str(error)
            self._drop(len(rows))

    def _drop(self, count: int) -> None:
        with self._counting:
            self.dropped += count
