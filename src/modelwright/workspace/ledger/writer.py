"""Writes the server's predictions in the background, so that no answer waits for a commit."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self

from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.rows import Entry, Gap, Prediction
from modelwright.workspace.ledger.sampling import sampled
from modelwright.workspace.spool.file import SpoolFile, record_of_lines, rows_of
from modelwright.workspace.spool.moving import Moved, move_rows
from modelwright.workspace.spool.spool import Place, Spool

_CROWD = 64 << 10
"""So many bytes within one wait come from a crowd; rows wait for its end."""
_WAITS, _ENOUGH = 8, 4 << 20
"""After so many waits, or when so many bytes wait, they no longer do."""
_MUCH = 8 << 20
"""A file of the spool beyond so many bytes is moved by the writer itself."""


class Destination(Protocol):
    """What a writer needs of a ledger."""

    spool_folder: Path

    def append(self, rows: Sequence[Prediction]) -> int:
        """Write predictions and return how many were new."""

    def note_gap(self, gap: Gap) -> None:
        """Write that answers were not logged."""


class Helper(Protocol):
    """Who moves rows in the writer's stead; `MovingProcess` does."""

    def move(self, file: SpoolFile, *, rows_per_commit: int) -> Moved | None:
        """Move the rows of a file; None where it cannot, and the writer does."""


class LedgerWriter:
    """Takes predictions to the ledger, so that an answer never waits for a commit.

    What `put` has taken is in the spool on disk: a kill does not lose it, and whoever opens the
    ledger next moves it there. From the spool, many predictions go into the ledger with one commit.
    While the ledger cannot be written they wait in the spool; when the spool cannot be written
    either, answers are lost and counted, or refused.

    Parameters
    ----------
    ledger
        Where to write; closed by the caller, after the writer.
    inputs_rate
        The share of predictions that keep their row; which ones, their ids decide.
    refuses
        Whether `put` raises what it cannot keep, instead of counting it.
    rows_per_commit
        The most that share a commit.
    wait_s
        How long a prediction waits for others, in seconds; while they come fast, eight times that.
    retry_s
        How long to wait after a fault of the ledger.
    capacity_bytes
        The most that wait in the spool.
    helper
        Who moves rows from the spool into the same ledger; None for a thread of this process.

    Attributes
    ----------
    inputs_rate
        As it was given.
    dropped
        Predictions that were not logged.
    repeated
        Predictions that were not logged because their id was there already.
    last_error
        Why the last commit failed; None when it succeeded.
    last_loss
        Why predictions were not logged; None when all were.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from modelwright.workspace.ledger.ledger import Ledger
    >>> row = Entry(id="1", at=0, version="a", inputs={}, output=1, latency_s=0.0)
    >>> with TemporaryDirectory() as folder, Ledger.open(Path(folder, "ledger.db")) as ledger:
    ...     with LedgerWriter(ledger) as writer:
    ...         _ = writer.put([row])
    ...     ledger.count()
    1
    """

    def __init__(
        self,
        ledger: Destination,
        *,
        refuses: bool = False,
        inputs_rate: float = 1.0,
        rows_per_commit: int = 2_000,
        wait_s: float = 0.25,
        retry_s: float = 1.0,
        capacity_bytes: int = 256 << 20,
        helper: Helper | None = None,
    ) -> None:
        self.dropped = 0
        self.repeated = 0
        self.last_error: str | None = None
        self.last_loss: str | None = None
        self._ledger = ledger
        self._refuses = refuses
        self.inputs_rate = inputs_rate
        self._helper = helper
        self._rows_per_commit = rows_per_commit
        self._wait_s = wait_s
        self._retry_s = retry_s
        self._spool = Spool(ledger.spool_folder, capacity_bytes=capacity_bytes)
        self._gap: Gap | None = None
        self._failed = False
        self._waiting = threading.Event()
        self._hurry = threading.Event()
        self._moving = threading.Lock()
        self._counting = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="ledger-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def place(self) -> Place:
        """Where the compiled kernel may put records itself; `take_note` is told of news."""
        return self._spool.place

    @property
    def waiting_bytes(self) -> int:
        """How much waits in the spool."""
        return self._spool.waiting_bytes

    @property
    def is_refusing(self) -> bool:
        """Whether the last that was put was refused, so that the next one may well be."""
        return self._refuses and self._failed

    @property
    def state(self) -> str:
        """In three words: it is ``"ok"``, ``"behind"``, or ``"loses answers"``."""
        if self._failed:
            return "loses answers"
        return "ok" if self.last_error is None else "behind"

    def put(self, predictions: Sequence[Entry]) -> bool:
        """Take predictions, all or none, without waiting; return whether there was room for them.

        Raises
        ------
        WorkspaceError
            When there was none and the writer refuses.
        """
        rate = self.inputs_rate
        try:
            self._spool.put(predictions if rate >= 1.0 else sampled(predictions, rate))
        except OSError as error:
            return self._could_not(predictions, error)
        return self._did()

    def put_lines(self, lines: bytes) -> bool:
        """Take predictions as lines, which `LineForm` writes, as `put` does.

        Raises
        ------
        WorkspaceError
            As `put`.
        """
        try:
            self._spool.put_record(record_of_lines(lines))
        except OSError as error:
            return self._could_not(rows_of(lines), error)
        return self._did()

    def take_note(self) -> None:
        """Hear that the compiled kernel has put something into `place`."""
        self._did()

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Wait until what was put is in the ledger; return whether it is."""
        deadline = time.monotonic() + timeout_s
        while self._spool.waiting_bytes and time.monotonic() < deadline:
            if not self._move():
                time.sleep(0.01)
        return not self._spool.waiting_bytes

    def close(self) -> None:
        """Write what waits and end the background thread; what is put later is lost.

        What cannot be written stays in the spool for whoever opens the ledger next.
        """
        self._closing = True
        self._hurry.set()
        self._waiting.set()
        if self._thread.is_alive():
            self._thread.join()
            while (self._spool.waiting_bytes or self._gap) and self._move():
                pass
            self._spool.close()

    def _did(self) -> bool:
        self._failed = False
        if not self._waiting.is_set():
            self._waiting.set()
        return True

    def _could_not(self, predictions: Sequence[Entry | Prediction], error: OSError) -> bool:
        self._failed, self._spool.place.news = True, 0
        self._lose(predictions, error.strerror or str(error))
        return False

    def _work(self) -> None:
        while not self._closing:
            self._waiting.wait()
            self._wait_for_lull()
            # Cleared before the spool is read: whoever puts from here on wakes us again.
            self._waiting.clear()
            self._spool.place.news = 0
            if not self._move():
                self._waiting.set()
                self._hurry.wait(self._retry_s)

    def _wait_for_lull(self) -> None:
        before = 0
        for _ in range(_WAITS):
            self._hurry.wait(self._wait_s)
            waiting = self._spool.waiting_bytes
            if waiting - before < _CROWD or waiting >= _ENOUGH:
                return
            before = waiting

    def _move(self) -> bool:
        """Take what waits to the ledger; return whether that was done."""
        with self._moving:
            try:
                file = self._spool.take()
                if file is not None:
                    self._empty(file)
                self._move_gap()
            except (WorkspaceError, OSError) as error:
                # Rows that are moved again are there already, as their ids tell.
                self.last_error = str(error)
                return False
            self.last_error = None
            if self._spool.waiting_bytes:
                # They were put while the ledger failed: nobody wakes us for them again.
                self._waiting.set()
            return True

    def _empty(self, file: SpoolFile) -> None:
        moved = self._moved(file)
        self.repeated += moved.repeated
        if moved.unfit is not None:
            self._count_lost(moved.unfit)
        file.clear()

    def _moved(self, file: SpoolFile) -> Moved:
        most = self._rows_per_commit
        # Who has fallen so far behind gets no time from those who answer; this thread does.
        helper = self._helper if file.size <= _MUCH else None
        moved = None if helper is None else helper.move(file, rows_per_commit=most)
        if moved is None:
            return move_rows(file.rows(), self._ledger, rows_per_commit=most)
        return moved

    def _move_gap(self) -> None:
        with self._counting:
            gap, self._gap = self._gap, None
        if gap is None:
            return
        try:
            self._ledger.note_gap(gap)
        except WorkspaceError:
            with self._counting:
                self._gap = self._gap.joined(gap) if self._gap else gap
            raise

    def _lose(self, predictions: Sequence[Entry | Prediction], why: str) -> None:
        if self._refuses:
            raise WorkspaceError(f"The answer could not be logged: {why}.", "Ask again later.")
        self._count_lost(Gap.of(predictions, why))

    def _count_lost(self, gap: Gap) -> None:
        with self._counting:
            self.dropped += gap.answers
            self.last_loss = gap.why
            self._gap = gap.joined(self._gap)
