"""What the server predicted, and what turned out to be true later."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger_address import LedgerAddress, is_database, spool_folder
from modelwright.workspace.ledger_flow import LastAnswer, count_by_hour, last_answer
from modelwright.workspace.ledger_labels import write_labels
from modelwright.workspace.ledger_pairs import AloneRow, AnsweredRow, read_alone, read_answered
from modelwright.workspace.ledger_quarantine import (
    NOT_SET_ASIDE,
    SetAside,
    let_back,
    read_set_aside,
    set_aside,
)
from modelwright.workspace.ledger_rows import (
    ANSWERED,
    Gap,
    LabelCount,
    LoggedPrediction,
    Prediction,
    Role,
    Truth,
    microseconds,
)
from modelwright.workspace.ledger_store import SqliteStore, Store
from modelwright.workspace.ledger_summary import (
    Summary,
    count_answers,
    count_window,
    end_of,
    first_of,
    summarise,
)
from modelwright.workspace.ledger_tables import PREDICTIONS
from modelwright.workspace.ledger_upkeep import Found, erase_ids, find_ids, forget_before
from modelwright.workspace.moving import move_rows
from modelwright.workspace.spool import abandoned_files

__all__ = [
    "LabelCount",
    "Ledger",
    "LoggedPrediction",
    "Prediction",
    "Role",
    "Truth",
    "microseconds",
]

_PAGE = """
SELECT number, {columns}, (
    SELECT label FROM labels WHERE labels.id = predictions.id ORDER BY at DESC, number DESC LIMIT 1
)
FROM predictions
WHERE (at, number) > (:at, :number) AND at < :until AND {judged}{only}
ORDER BY at, number LIMIT :limit
"""
_JUDGED = NOT_SET_ASIDE.format(table="predictions")
_LAST = 2**63 - 1
_LABELLED = """
SELECT number, {columns}, (
    SELECT label FROM labels WHERE labels.id = predictions.id ORDER BY at DESC, number DESC LIMIT 1
)
FROM predictions
WHERE at < :until{only} AND EXISTS (SELECT 1 FROM labels WHERE labels.id = predictions.id)
ORDER BY at DESC, number DESC LIMIT :limit
"""
_PAGE_ROWS = 1000


class Ledger:
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
        self.spool_folder = spool_folder
        self._store = store

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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._store.close()

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

    def check(self) -> None:
        """Ask the database for nothing.

        Raises
        ------
        WorkspaceError
            When it does not answer, or refuses the user or the password.
        """
        self._store.rows("SELECT 1", {})

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

    def gaps(self) -> tuple[Gap, ...]:
        """Return what is missing, oldest first."""
        rows = self._store.rows(
            f"SELECT {', '.join(Gap.__struct_fields__)} FROM gaps ORDER BY at, number", {}
        )
        return tuple(Gap(**dict(zip(Gap.__struct_fields__, row, strict=True))) for row in rows)

    def count_window(
        self, version: str, *, since: int | None = None, until: int | None = None
    ) -> tuple[int, int, int]:
        """Return how many answers of a bundle clients got, with their row, and set aside.

        Parameters
        ----------
        version
            The bundle's hash.
        since, until
            As for `read_window`.
        """
        return count_window(self._store, version=version, since=since, until=until)

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

    def label_history(self, identifier: str) -> tuple[tuple[int, Truth], ...]:
        """Return every label that a prediction had, oldest first, with its time."""
        rows = self._store.rows(
            "SELECT at, label FROM labels WHERE id = :id ORDER BY at, number", {"id": identifier}
        )
        return tuple((at, msgspec.json.decode(label)) for at, label in rows)

    def read_window(
        self,
        since: int | None = None,
        until: int | None = None,
        *,
        version: str | None = None,
        roles: Sequence[Role] = ANSWERED,
        limit: int | None = None,
    ) -> Iterator[LoggedPrediction]:
        """Read predictions in the order of their time, page by page, while others write.

        Those that are set aside are left out.

        Parameters
        ----------
        since
            The first moment, in microseconds since 1970 in UTC; by default the beginning.
        until
            The moment after the last; by default no end.
        version
            Only answers of this bundle.
        roles
            Only answers in these roles; by default those that clients got.
        limit
            At most so many, the earliest.
        """
        only, wanted = _only(version, roles)
        statement = _PAGE.format(columns=", ".join(PREDICTIONS), judged=_JUDGED, only=only)
        wanted["until"] = end_of(until)
        remaining = _LAST if limit is None else limit
        # A number is never negative, so this is just before the first row of `since`.
        at, number = first_of(since), -1
        while remaining > 0:
            size = min(remaining, _PAGE_ROWS)
            page = self._store.rows(
                statement, {**wanted, "at": at, "number": number, "limit": size}
            )
            yield from (_logged(row) for row in page)
            if len(page) < size:
                return
            number, _, at, *_ = page[-1]
            remaining -= size

    def read_labelled(self, until: int, *, version: str, limit: int) -> list[LoggedPrediction]:
        """Return the latest predictions before a moment whose labels have come, the oldest first.

        Parameters
        ----------
        until
            The moment, in microseconds since 1970 in UTC.
        version
            The bundle that answered clients.
        limit
            At most so many.
        """
        only, wanted = _only(version, ANSWERED)
        statement = _LABELLED.format(columns=", ".join(PREDICTIONS), only=only)
        rows = self._store.rows(statement, {**wanted, "until": until, "limit": limit})
        return [_logged(row) for row in reversed(rows)]

    def read_alone(self, version: str, *, after: tuple[int, int], limit: int) -> list[AloneRow]:
        """Return rows that clients asked and a challenger has not answered yet.

        Parameters
        ----------
        version
            The challenger's hash.
        after
            The moment, in microseconds since 1970 in UTC, and the number of the row before the
            first one.
        limit
            At most so many, the earliest.
        """
        return read_alone(self._store, version, after=after, limit=limit)

    def read_answered(
        self, champion: str, challenger: str, *, since: int = 0
    ) -> Iterator[AnsweredRow]:
        """Read what clients asked of both, with what the challenger said in the shadow.

        Parameters
        ----------
        champion, challenger
            Their hashes.
        since
            The first moment, in microseconds since 1970 in UTC.
        """
        return read_answered(self._store, champion, challenger, since=since)

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

    def read_set_aside(self) -> tuple[SetAside, ...]:
        """Return what is aside and why, the earliest first."""
        return read_set_aside(self._store)

    def find(self, where: Mapping[str, str]) -> Found:
        """Find the answers to rows that have all of these values, written as text."""
        return find_ids(self._store, where)

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

    def summary(self) -> Summary:
        """Return what is in the ledger, and how late labels come."""
        return summarise(self._store)

    def answered(self, since: int) -> dict[tuple[str, str], int]:
        """Return how many answers each bundle gave in each role.

        Parameters
        ----------
        since
            From this moment on, in microseconds since 1970 in UTC.
        """
        return count_answers(self._store, since)

    def count_by_hour(self, first: int, end: int) -> dict[int, int]:
        """Return how many answers clients got in each hour since 1970 that had any.

        Parameters
        ----------
        first, end
            The first hour, and the one after the last.
        """
        return count_by_hour(self._store, first, end)

    def last_answer(self, *, until: int) -> LastAnswer | None:
        """Return the last answer before a moment, in microseconds since 1970 in UTC, if any."""
        return last_answer(self._store, until)

    def count(self) -> int:
        """Return the number of predictions, of all roles."""
        ((count,),) = self._store.rows("SELECT count(*) FROM predictions", {})
        return int(count)


def _store(address: LedgerAddress) -> Store:
    if is_database(address):
        # SQLAlchemy takes a while to import, which a file need not wait for.
        from modelwright.workspace.ledger_postgresql import PostgresqlStore

        return PostgresqlStore.open(str(address))
    return SqliteStore.open(Path(address))


def _only(version: str | None, roles: Sequence[Role]) -> tuple[str, dict[str, Any]]:
    names = {f"role{number}": role for number, role in enumerate(roles)}
    places = ", ".join(f":{name}" for name in names)
    only = f" AND role IN ({places})" if roles else " AND 1 = 0"
    if version is None:
        return only, dict(names)
    return f"{only} AND version = :version", {**names, "version": version}


def _logged(row: Sequence[Any]) -> LoggedPrediction:
    _, *values, label = row
    fields = dict(zip(PREDICTIONS, values, strict=True))
    inputs = fields.pop("inputs")
    return LoggedPrediction(
        inputs=None if inputs is None else msgspec.json.decode(inputs),
        output=msgspec.json.decode(fields.pop("output")),
        label=None if label is None else msgspec.json.decode(label),
        **fields,
    )
