"""What the server predicted, and what turned out to be true later."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from modelwright.workspace.database import explained, open_database, transaction

Truth = bool | int | float | str | None
"""What turned out to be true of one prediction; None takes an earlier label back."""

_TABLES = """
CREATE TABLE IF NOT EXISTS predictions (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
    version TEXT NOT NULL, inputs BLOB NOT NULL, output BLOB NOT NULL, latency_s REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS predictions_at ON predictions (at);
CREATE TABLE IF NOT EXISTS labels (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, at INTEGER NOT NULL, label BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS labels_id ON labels (id);
"""
_INSERT = """
INSERT OR IGNORE INTO predictions (id, at, version, inputs, output, latency_s)
VALUES (?, ?, ?, ?, ?, ?)
"""
_LAST_LABEL = "(SELECT label FROM labels WHERE labels.id = {id} ORDER BY number DESC LIMIT 1)"
_KNOWN = f"SELECT EXISTS (SELECT 1 FROM predictions WHERE id = :id), {_LAST_LABEL.format(id=':id')}"
_PAGE = f"""
SELECT number, id, at, version, inputs, output, latency_s, {_LAST_LABEL.format(id="predictions.id")}
FROM predictions
WHERE (at, number) > (:at, :number) AND at < :until AND (:version IS NULL OR version = :version)
ORDER BY at, number LIMIT :limit
"""
_FIRST, _LAST = -(2**63), 2**63 - 1
_PAGE_ROWS = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Prediction(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One answer of the server, as it is logged.

    Parameters
    ----------
    id
        Names this answer; labels refer to it.
    at
        When, in microseconds since 1970 in UTC.
    version
        The fingerprint of the bundle that answered.
    inputs
        The row, as a JSON object.
    output
        The answer, as JSON.
    latency_s
        How long the answer took, in seconds.
    """

    id: str
    at: int
    version: str
    inputs: bytes
    output: bytes
    latency_s: float


class LoggedPrediction(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of the server, as it is read back, with its label when one is known.

    Parameters
    ----------
    id, at, version, latency_s
        As in `Prediction`.
    inputs
        The row by column.
    output
        The answer.
    label
        What turned out to be true, or None.
    """

    id: str
    at: int
    version: str
    inputs: dict[str, Any]
    output: Any
    label: Truth
    latency_s: float


class LabelCount(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the labels given.

    Parameters
    ----------
    matched
        Labels whose prediction is in the ledger.
    corrected
        Labels that replaced another one.
    unknown
        Labels kept for a prediction that is not in the ledger yet; with `matched`, all of them.
    """

    matched: int
    corrected: int
    unknown: int


def microseconds(moment: datetime) -> int:
    """Return a moment as the ledger keeps it: microseconds since 1970 in UTC.

    Examples
    --------
    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (moment - _EPOCH) // timedelta(microseconds=1)


class Ledger:
    """The log of predictions and labels; open it with `Ledger.open` and close it, or use ``with``.

    Several processes may use one file: the server writes predictions while a command writes
    labels or reads. All threads of a process may share one ledger.

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
    LabelCount(matched=1, corrected=0, unknown=1)
    [({'dep': 9}, 0.7, True)]
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._writing = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a ledger, or begin one.

        Raises
        ------
        WorkspaceError
            When the file is damaged, cannot be written, or was made by a newer modelwright.
        """
        connection = open_database(path, tables=_TABLES, version=1)
        # With the log ahead, this risks the last commits at a power cut, never the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        return cls(connection, path)

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
        self._connection.close()

    def append(self, rows: Sequence[Prediction]) -> int:
        """Write predictions, all or none.

        Returns
        -------
        int
            How many were new. One whose id is there already is not written: the first stays.

        Raises
        ------
        WorkspaceError
            When the disk is full or the file is damaged or kept busy.
        """
        values = [(r.id, r.at, r.version, r.inputs, r.output, r.latency_s) for r in rows]
        with self._writing, transaction(self._connection, self._path):
            return self._connection.executemany(_INSERT, values).rowcount

    def label(self, rows: Iterable[tuple[str, Truth]], at: int) -> LabelCount:
        """Write what turned out to be true.

        A label may come late, twice, or corrected: the last one counts and the earlier ones are
        kept. A label that comes before its prediction waits for it. After a kill or a full disk,
        giving the same labels again completes the work.

        Parameters
        ----------
        rows
            The prediction's id and its label.
        at
            When the labels became known, in microseconds since 1970 in UTC.

        Raises
        ------
        WorkspaceError
            When the disk is full or the file is damaged or kept busy.
        """
        matched = corrected = unknown = 0
        remaining = iter(rows)
        while page := list(islice(remaining, _PAGE_ROWS)):
            with self._writing, transaction(self._connection, self._path):
                for identifier, label in page:
                    known, replaced = self._label_one(identifier, label, at)
                    matched += known
                    unknown += not known
                    corrected += replaced
        return LabelCount(matched=matched, corrected=corrected, unknown=unknown)

    def label_history(self, identifier: str) -> tuple[tuple[int, Truth], ...]:
        """Return every label that a prediction had, oldest first, with its time."""
        rows = self._rows(
            "SELECT at, label FROM labels WHERE id = ? ORDER BY number", (identifier,)
        )
        return tuple((at, msgspec.json.decode(label)) for at, label in rows)

    def read_window(
        self,
        since: int | None = None,
        until: int | None = None,
        *,
        version: str | None = None,
        limit: int | None = None,
    ) -> Iterator[LoggedPrediction]:
        """Read predictions in the order of their time, page by page, while others write.

        Parameters
        ----------
        since
            The first moment, in microseconds since 1970 in UTC; by default the beginning.
        until
            The moment after the last; by default no end.
        version
            Only answers of this bundle.
        limit
            At most so many, the earliest.
        """
        remaining = _LAST if limit is None else limit
        # A number is never negative, so this is just before the first row of `since`.
        at, number = (_FIRST if since is None else since), -1
        while remaining > 0:
            size = min(remaining, _PAGE_ROWS)
            page = self._rows(
                _PAGE,
                {
                    "at": at,
                    "number": number,
                    "until": _LAST if until is None else until,
                    "version": version,
                    "limit": size,
                },
            )
            yield from (_logged(row) for row in page)
            if len(page) < size:
                return
            number, _, at, *_ = page[-1]
            remaining -= size

    def count(self) -> int:
        """Return the number of predictions."""
        ((count,),) = self._rows("SELECT count(*) FROM predictions", ())
        return int(count)

    def _label_one(self, identifier: str, label: Truth, at: int) -> tuple[bool, bool]:
        encoded = msgspec.json.encode(label)
        known, earlier = self._connection.execute(_KNOWN, {"id": identifier}).fetchone()
        if encoded != earlier:
            self._connection.execute(
                "INSERT INTO labels (id, at, label) VALUES (?, ?, ?)", (identifier, at, encoded)
            )
        return bool(known), earlier not in (None, encoded)

    def _rows(self, statement: str, values: Any) -> list[Any]:
        with explained(self._path):
            return self._connection.execute(statement, values).fetchall()


def _logged(row: Any) -> LoggedPrediction:
    _, identifier, at, version, inputs, output, latency_s, label = row
    return LoggedPrediction(
        id=identifier,
        at=at,
        version=version,
        inputs=msgspec.json.decode(inputs),
        output=msgspec.json.decode(output),
        label=None if label is None else msgspec.json.decode(label),
        latency_s=latency_s,
    )
