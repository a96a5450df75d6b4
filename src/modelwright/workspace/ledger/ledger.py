"""What the server predicted, and what turned out to be true later."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec

from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.address import LedgerAddress, is_database, spool_folder
from modelwright.workspace.ledger.labels import write_labels
from modelwright.workspace.ledger.quarantine import let_back, set_aside
from modelwright.workspace.ledger.reader import LedgerReader
from modelwright.workspace.ledger.rows import (
    Gap,
    LabelCount,
    LoggedPrediction,
    Prediction,
    Role,
    Truth,
    microseconds,
)
from modelwright.workspace.ledger.store import SqliteStore, Store
from modelwright.workspace.ledger.tables import PREDICTIONS
from modelwright.workspace.ledger.upkeep import erase_ids, forget_before
from modelwright.workspace.spool.moving import move_rows
from modelwright.workspace.spool.spool import abandoned_files, is_written

__all__ = [
    "LabelCount",
    "Ledger",
    "LoggedPrediction",
    "Prediction",
    "Role",
    "Truth",
    "microseconds",
]


class Ledger(LedgerReader):
    """The log of predictions and labels; open it with `Ledger.open` and close it, or use ``with``.

    Several processes may use one: the server writes predictions while a command writes labels or
    reads. All threads of a process may share one ledger.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> late = Prediction(
    ...     id="1", at=0, version="a1", inputs=b'{"dep": 9}', output=b"0.7", latency_s=0.001
    ... )
    >>> with TemporaryDirectory() as folder, Ledger.open(Path(folder, "ledger.db")) as ledger:
    ...     ledger.append([late])
    ...     ledger.label([("1", True), ("2", False)], at=1)
    ...     [(row.inputs, row.output, row.label) for row in ledger.read_window()]
    1
    LabelCount(matched=1, corrected=0, unknown=1, outdated=0)
    [({'dep': 9}, 0.7, True)]
    """

    def __init__(self, store: Store, spool_folder: Path) -> None:
        super().__init__(store)
        self.spool_folder = spool_folder

    @classmethod
    def open(cls, address: LedgerAddress) -> Self:
        """Open a ledger, or begin one; what a killed server has left in its spool comes into it.

        Parameters
        ----------
        address
            A SQLite file, or ``postgresql://user@host/database``.

        Raises
        ------
        WorkspaceError
            When the file is damaged, cannot be written, or was made by a newer modelwright; or the
            address is malformed. Whether a database answers shows when it is asked.
        """
        ledger = cls(_store(address), spool_folder(address))
        try:
            ledger.take_abandoned()
        except BaseException:
            ledger.close()
            raise
        return ledger

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    @property
    def is_at_rest(self) -> bool:
        """Whether all that was answered so far is in it, since no server is writing.

        Of a database nobody here knows who else writes.
        """
        return isinstance(self._store, SqliteStore) and not is_written(self.spool_folder)

    def append(self, rows: Sequence[Prediction]) -> int:
        """Write predictions, all or none.

        Returns
        -------
        int
            How many were new. One whose id and role are there already is not written: the first
            stays. In the shadow, an id has one answer of each version.

        Raises
        ------
        WorkspaceError
            When the disk is full or the file is damaged or kept busy.
        """
        values = [msgspec.structs.astuple(row) for row in rows]
        with self._store.writing() as writing:
            return writing.insert("predictions", PREDICTIONS, values)

    def take_abandoned(self) -> None:
        """Write what servers that were killed had acknowledged and not yet written."""
        for file in abandoned_files(self.spool_folder):
            try:
                move_rows(file.rows(), self)
            except WorkspaceError:
                # The rows are safe where they are, and what is in the ledger can be read.
                file.leave()
                return
            file.remove()

    def note_gap(self, gap: Gap) -> None:
        """Write that answers were not logged."""
        with self._store.writing() as writing:
            writing.insert("gaps", Gap.__struct_fields__, [msgspec.structs.astuple(gap)])

    def label(
        self, rows: Iterable[tuple[str, Truth] | tuple[str, Truth, int]], at: int
    ) -> LabelCount:
        """Write what turned out to be true.

        A label may come late, twice, corrected or out of order: the one with the latest time of its
        own counts, of two with the same time the one that came last; the others are kept. A label
        that comes before its prediction waits for it. After a kill or a full disk, giving the same
        labels again completes the work.

        Parameters
        ----------
        rows
            The prediction's id and its label; and when the label became known, in microseconds
            since 1970 in UTC, where that is not now.
        at
            Now.

        Raises
        ------
        WorkspaceError
            When the disk is full or the file is damaged or kept busy.
        """
        return write_labels(self._store, rows, at)

    def set_aside(self, reasons: Mapping[str, str], at: int) -> int:
        """Set answers aside, so that nobody judges them or learns from them.

        They stay in the ledger, with their labels and the reason.

        Parameters
        ----------
        reasons
            Why, by the id of an answer.
        at
            Now, in microseconds since 1970 in UTC.

        Returns
        -------
        int
            How many were not aside before; the first reason stays.
        """
        return set_aside(self._store, reasons, at)

    def let_back(self, ids: Iterable[str]) -> int:
        """Judge answers again that were set aside; return how many."""
        return let_back(self._store, ids)

    def erase(self, ids: Iterable[str]) -> int:
        """Erase answers of all roles and their labels, and leave no trace of them in the tables.

        Returns
        -------
        int
            How many answers.

        Raises
        ------
        WorkspaceError
            When they are erased and the file could not be rewritten, because somebody reads it.
        """
        erased = erase_ids(self._store, ids)
        if not self._store.shrink():
            raise WorkspaceError(
                f"{erased:,} answers are erased, but somebody reads {self._store.name}, so its log "
                "still holds them.",
                "Run the command again when nobody does.",
            )
        return erased

    def forget_before(self, moment: int) -> int:
        """Erase answers that are older than a moment, and their labels; return how many answers."""
        return forget_before(self._store, moment)

    def shrink(self) -> bool:
        """Give the room of what was erased back to the disk; return whether that was done."""
        return self._store.shrink()


def _store(address: LedgerAddress) -> Store:
    if is_database(address):
        # SQLAlchemy takes a while to import, which a file need not wait for.
        from modelwright.workspace.ledger.postgresql import PostgresqlStore

        return PostgresqlStore.open(str(address))
    return SqliteStore.open(Path(address))
