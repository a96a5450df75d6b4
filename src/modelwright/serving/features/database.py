"""A user's database, which is only read: the one module that imports its drivers.

What is asked is one SELECT with bound parameters, which sees the tables as of one moment.
"""

import math
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, Protocol, TypeAlias
from urllib.parse import quote

from modelwright._plugins import require
from modelwright.data.sources.mysql_address import parse_address, settings_of
from modelwright.data.sources.postgresql_address import POSTGRESQL, libpq_address
from modelwright.data.sources.url import DatabaseUrl
from modelwright.errors import MissingDependencyError, ServiceError, nearest
from modelwright.serving.features.faults import down, late, refused, unfit

Rows: TypeAlias = list[Sequence[Any]]
_SCHEME = re.compile(r"(\w+)(?:\+\w+)?:(?://|.*@)", re.DOTALL)
_STEPS = 10_000
"""Of SQLite's machine between two looks at the clock."""
_MYSQL_LATE = (1969, 3024)
_MYSQL_REFUSED = (1054, 1142, 1143, 1792)
"""Unknown columns, rights that lack, and writing: its driver takes them as faults of operation."""
_ADDRESSES = ("postgresql", "mysql", "mariadb", "sqlite", "duckdb")


class Session(Protocol):
    """An open connection, used by one thread."""

    def ask(self, query: str, values: Sequence[Any]) -> Rows:
        """Answer a SELECT.

        Raises
        ------
        ServiceError
            When the database does not answer in time, or refuses the query; its first sentence
            tells clients nothing of the database.
        SchemaError
            When a value is none that its column can hold.
        """
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


@dataclass(frozen=True)
class Database:
    """How a database is asked.

    Parameters
    ----------
    kind
        Such as ``"postgresql"``.
    shown
        Its address without a password.
    mark
        How a parameter is written.
    connect
        Opens a session.
    """

    kind: str
    shown: str
    mark: str
    connect: Callable[[], Session]


def open_database(address: str, *, seconds: float) -> Database:
    """Return how a database is asked, once its driver is found; nothing is connected yet.

    Parameters
    ----------
    address
        Such as ``postgresql://user@host/database`` or ``shop.db``; passwords are best left to
        PGPASSWORD and MYSQL_PWD.
    seconds
        How long it may take to connect, and to answer.

    Raises
    ------
    MissingDependencyError
        When its driver is not installed.
    SourceError
        When the address is malformed.
    ServiceError
        When there is no such file, or nothing asks such a database.

    Examples
    --------
    >>> open_database("oracle://me@host/shop", seconds=2)
    Traceback (most recent call last):
    ...
    modelwright.errors.ServiceError: Nothing asks oracle:// for features. Known: 'postgresql', ...
    """
    found = _SCHEME.match(address)
    scheme = found[1].lower() if found else ""
    if scheme in ("postgresql", "postgres"):
        return _postgresql(DatabaseUrl.parse(address, POSTGRESQL), seconds)
    if scheme in ("mysql", "mariadb"):
        return _mysql(parse_address(address), scheme, seconds)
    if scheme not in ("", "sqlite", "duckdb"):
        raise ServiceError(f"Nothing asks {scheme}:// for features.", nearest(scheme, _ADDRESSES))
    return _file(_path_of(address), seconds)


def _path_of(address: str) -> Path:
    path = Path(re.sub(r"^\w+:///?", "", address)).expanduser()
    return path if path.exists() or path.is_absolute() or "://" not in address else Path("/", path)


def _file(path: Path, seconds: float) -> Database:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise ServiceError(
            f"{path} cannot be opened: {error.strerror}.", "Name a database: --features-from."
        ) from error
    if head[8:12] == b"DUCK":
        return _duckdb(path, seconds)
    if head != b"SQLite format 3\0":
        raise ServiceError(
            f"{path} is neither a DuckDB nor a SQLite database.", "Name the right file."
        )
    return Database("sqlite", str(path), "?", lambda: _Sqlite(path, seconds))


class _Sqlite:
    def __init__(self, path: Path, seconds: float) -> None:
        self._path, self._seconds, self._until = path, seconds, math.inf
        uri = f"file:{quote(str(path.absolute()))}?mode=ro"
        try:
            self._connection = sqlite3.connect(
                uri, uri=True, timeout=seconds, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA query_only = on")
        except sqlite3.Error as error:
            raise down(str(path), error) from error
        self._connection.set_progress_handler(lambda: time.monotonic() > self._until, _STEPS)

    def ask(self, query: str, values: Sequence[Any]) -> Rows:
        self._until = time.monotonic() + self._seconds
        try:
            return self._connection.execute(query, values).fetchall()
        except (sqlite3.Error, OverflowError) as error:
            if isinstance(error, sqlite3.DataError | OverflowError):
                raise unfit(error) from error
            if "interrupted" in str(error):
                raise late(str(self._path), self._seconds) from error
            if "locked" in str(error):
                raise down(str(self._path), error) from error
            raise refused(str(self._path), error) from error

    def close(self) -> None:
        self._connection.close()


def _duckdb(path: Path, seconds: float) -> Database:
    try:
        driver: Any = require("duckdb", extra="")
    except MissingDependencyError as error:
        raise MissingDependencyError(error.found, "Run: pip install duckdb") from error
    return Database("duckdb", str(path), "?", lambda: _Duckdb(driver, path, seconds))


class _Duckdb:
    def __init__(self, driver: Any, path: Path, seconds: float) -> None:
        self._driver, self._path, self._seconds = driver, path, seconds
        settings = {
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        try:
            self._connection = driver.connect(path, read_only=True, config=settings)
            self._connection.execute("SET TimeZone = 'UTC'")
        except driver.Error as error:
            raise down(str(path), error) from error

    def ask(self, query: str, values: Sequence[Any]) -> Rows:
        alarm = Timer(self._seconds, self._connection.interrupt)
        alarm.start()
        try:
            return list(self._connection.execute(query, list(values)).fetchall())
        except self._driver.InterruptException as error:
            raise late(str(self._path), self._seconds) from error
        except self._driver.DataError as error:
            raise unfit(error) from error
        except self._driver.Error as error:
            raise refused(str(self._path), error) from error
        finally:
            alarm.cancel()

    def close(self) -> None:
        self._connection.close()


def _postgresql(url: DatabaseUrl, seconds: float) -> Database:
    driver: Any = require("psycopg", extra="postgresql")
    return Database("postgresql", url.shown, "%s", lambda: _Postgresql(driver, url, seconds))


class _Postgresql:
    def __init__(self, driver: Any, url: DatabaseUrl, seconds: float) -> None:
        self._driver, self._shown, self._seconds = driver, url.shown, seconds
        wait = max(2, math.ceil(seconds))
        try:
            # Each query is a transaction of its own. Moments are compared as those of UTC.
            self._connection = driver.connect(
                libpq_address(url, wait), autocommit=True, tcp_user_timeout=round(1000 * wait)
            )
            self._connection.execute(
                "SET default_transaction_read_only = on; SET TIME ZONE 'UTC';"
                f" SET statement_timeout = {round(1000 * seconds)}"
            )
        except driver.Error as error:
            raise down(self._shown, error) from error

    def ask(self, query: str, values: Sequence[Any]) -> Rows:
        try:
            return list(self._connection.execute(query, values).fetchall())
        except self._driver.errors.QueryCanceled as error:
            raise late(self._shown, self._seconds) from error
        except self._driver.DataError as error:
            raise unfit(error) from error
        except self._driver.OperationalError as error:
            raise down(self._shown, error) from error
        except self._driver.Error as error:
            raise refused(self._shown, error) from error

    def close(self) -> None:
        self._connection.close()


def _mysql(url: DatabaseUrl, kind: str, seconds: float) -> Database:
    driver: Any = require("pymysql", extra="mysql")
    settings = settings_of(url)
    return Database(kind, url.shown, "%s", lambda: _Mysql(driver, settings, url.shown, seconds))


class _Mysql:
    """The driver binds parameters itself: each is written as a literal that it escapes."""

    def __init__(self, driver: Any, settings: dict[str, Any], shown: str, seconds: float) -> None:
        self._driver, self._shown, self._seconds = driver, shown, seconds
        wait = max(1, math.ceil(seconds))
        waits = {"connect_timeout": wait, "read_timeout": wait, "write_timeout": wait}
        try:
            self._connection = driver.connect(
                **{**settings, **waits}, charset="utf8mb4", autocommit=True
            )
            with self._connection.cursor() as cursor:
                cursor.execute("SET SESSION TRANSACTION READ ONLY")
                cursor.execute("SET SESSION time_zone = '+00:00'")
                if "MariaDB" in self._connection.get_server_info():
                    cursor.execute(f"SET SESSION max_statement_time = {seconds:g}")
                else:
                    cursor.execute(f"SET SESSION max_execution_time = {round(1000 * seconds)}")
        except (driver.MySQLError, OSError, RuntimeError) as error:
            raise down(shown, error) from error

    def ask(self, query: str, values: Sequence[Any]) -> Rows:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(query, list(values))
                return list(cursor.fetchall())
        except self._driver.DataError as error:
            raise unfit(error) from error
        except (self._driver.OperationalError, self._driver.InterfaceError, OSError) as error:
            code = error.args[0] if error.args else 0
            if code in _MYSQL_LATE:
                raise late(self._shown, self._seconds) from error
            if code in _MYSQL_REFUSED:
                raise refused(self._shown, error) from error
            raise down(self._shown, error) from error
        except self._driver.MySQLError as error:
            raise refused(self._shown, error) from error

    def close(self) -> None:
        if self._connection.open:
            self._connection.close()
