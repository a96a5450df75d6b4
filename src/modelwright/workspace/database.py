"""How the workspace's SQLite files are opened, and how their faults are told."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from modelwright.errors import WorkspaceError

_BUSY_S = 5.0


def open_database(
    path: Path, *, tables: str, version: int, changes: Mapping[int, str] = MappingProxyType({})
) -> sqlite3.Connection:
    """Open a SQLite file with a write-ahead log, and make or change its tables when needed.

    Parameters
    ----------
    path
        The file.
    tables
        The statements that make the tables, each with IF NOT EXISTS.
    version
        The version of the tables, kept in the file.
    changes
        By version, the statements that make its tables those of the next one.

    Returns
    -------
    sqlite3.Connection
        In autocommit mode and usable from any thread; it waits up to five seconds for others.

    Raises
    ------
    WorkspaceError
        When the file is damaged, cannot be written, or was made by a newer modelwright.
    """
    with explained(path):
        connection = sqlite3.connect(
            path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, path, tables=tables, version=version, changes=changes)
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Write all or nothing.

    Raises
    ------
    WorkspaceError
        When the disk is full, another process keeps the file busy, or the file is damaged.
    """
    with explained(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a fault of a SQLite file into a sentence; a fault of ours stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if type(error) not in (sqlite3.DatabaseError, sqlite3.OperationalError):
            raise
        raise _fault(path, error) from error


def _prepare(
    connection: sqlite3.Connection,
    path: Path,
    *,
    tables: str,
    version: int,
    changes: Mapping[int, str],
) -> None:
    if _version(connection, path, version) == version:
        return
    _log_ahead(connection)
    with transaction(connection, path):
        # Another process may have been quicker.
        found = _version(connection, path, version)
        scripts = [changes.get(each, "") for each in range(found, version)] if found else []
        for statement in ";".join([*scripts, tables]).split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version:d}")


def _version(connection: sqlite3.Connection, path: Path, known: int) -> int:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > known:
        raise WorkspaceError(
            f"{path} was written by a newer modelwright (version {found}, this one reads up to "
            f"{known}).",
            "Run: pip install --upgrade modelwright",
        )
    return int(found)


def _log_ahead(connection: sqlite3.Connection) -> None:
    # SQLite does not wait for others when it changes this mode, so two first commands at the
    # same moment would fail.
    deadline = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _fault(path: Path, error: sqlite3.DatabaseError) -> WorkspaceError:
    match _code(error):
        case sqlite3.SQLITE_FULL:
            return WorkspaceError(
                f"{path} could not be written: no space is left on its disk.",
                "Free some space and run the command again; what was there is unharmed.",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return WorkspaceError(
                f"{path} was kept busy by another process for {_BUSY_S:.0f} seconds.",
                "Wait until it is done and run the command again.",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return WorkspaceError(
                f"{path} is damaged: {error}.",
                f"Move {path.name}* away, all files with this beginning; a new one is then begun.",
            )
    return WorkspaceError(
        f"{path} could not be used: {error}.", "Check its folder, its permissions and its disk."
    )


def _code(error: sqlite3.DatabaseError) -> int:
    # The low byte is the kind of fault; the others say where it arose.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
