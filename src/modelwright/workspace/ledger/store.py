"""Where a ledger is kept: what it asks of a database, and the one in a SQLite file."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, Self

from modelwright.workspace.database import explained, open_database, transaction
from modelwright.workspace.ledger.tables import SQLITE, SQLITE_CHANGES, VERSION

Values = Mapping[str, Any]

_ROWS_AT_ONCE = 50
"""Of an insertion: each statement lets the threads that answer wait for their turn once more."""


class Writing(Protocol):
    """A transaction that is open; statements name their values as ``:name``."""

    def rows(self, statement: str, values: Values) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    def change(self, statement: str, values: Values) -> int:
        """Run a statement and return how many rows it changed."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """Write rows and return how many were new; one that is there already stays."""


class Store(Protocol):
    """A database with the tables of a ledger; all threads of a process may share it.

    Every fault of it is a `WorkspaceError`; a value that it cannot hold is a `ValueError`.

    Attributes
    ----------
    name
        What to call it in a sentence, without a password.
    """

    name: str

    def rows(self, statement: str, values: Values) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Begin a transaction: all of it is kept, or nothing."""

    def shrink(self) -> bool:
        """Rewrite it, so that nothing that was erased is in it; return whether that was done."""

    def close(self) -> None:
        """Let go of it."""


class SqliteStore:
    """A SQLite file; several processes may use it at the same time.

    Parameters
    ----------
    connection
        As `open_database` returns it.
    path
        The file.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.name = str(path)
        self._connection = connection
        self._path = path
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, or begin one.

        Raises
        ------
        WorkspaceError
            When the file is damaged, cannot be written, or was made by a newer modelwright.
        """
        connection = open_database(path, tables=SQLITE, version=VERSION, changes=SQLITE_CHANGES)
        # With the log ahead, this risks the last commits at a power cut, never the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        return cls(connection, path)

    def rows(self, statement: str, values: Values) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with explained(self._path):
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Begin a transaction: all of it is kept, or nothing."""
        with self._lock, transaction(self._connection, self._path):
            yield _SqliteWriting(self._connection)

    def shrink(self) -> bool:
        """Rewrite the file, so that nothing that was erased is in it.

        Returns
        -------
        bool
            False when somebody still reads what was there: the log ahead still has it.
        """
        with self._lock, explained(self._path):
            self._connection.execute("VACUUM")
            ((busy, *_),) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return not busy

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class _SqliteWriting:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, values: Values) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def change(self, statement: str, values: Values) -> int:
        return self._connection.execute(statement, values).rowcount

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        whole = len(rows) - len(rows) % _ROWS_AT_ONCE
        many = _insertion(table, columns, _ROWS_AT_ONCE)
        new = 0
        for start in range(0, whole, _ROWS_AT_ONCE):
            values = [*chain.from_iterable(rows[start : start + _ROWS_AT_ONCE])]
            new += self._connection.execute(many, values).rowcount
        if whole < len(rows):
            one = _insertion(table, columns, 1)
            new += self._connection.executemany(one, rows[whole:]).rowcount
        return new


def _insertion(table: str, columns: Sequence[str], rows: int) -> str:
    places = f"({', '.join('?' * len(columns))})"
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([places] * rows)} "
        "ON CONFLICT DO NOTHING"
    )
