"""A MySQL or MariaDB database to write to."""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from modelwright._plugins import require
from modelwright.data.sources.mysql import connect, refusal
from modelwright.data.sources.mysql_address import parse_address, settings_of
from modelwright.data.sources.quoting import mysql_literal, mysql_quoted
from modelwright.engineer.batch.tables.door import Door, Existing, standard_type

_KEY = "VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
"""An index needs a length, and keys that differ in case only are two."""


class MysqlDoor(Door):
    """A MySQL or MariaDB database.

    Parameters
    ----------
    address
        As for the source of this kind.

    Raises
    ------
    MissingDependencyError
        When PyMySQL is not installed.
    SourceError
        When the address is malformed, or nobody answers.
    """

    _usual_schema = "database()"

    def __init__(self, address: str) -> None:
        self._url = parse_address(address)
        self.address = self._url.shown
        self._driver = require("pymysql", extra="mysql")
        self._connection = connect(self._url, settings_of(self._url), reading=False)
        self.execute("SET SESSION time_zone = '+00:00'")

    def quote(self, name: str) -> str:
        """Write a name."""
        return mysql_quoted(name)

    def literal(self, text: str) -> str:
        """Write a text."""
        return mysql_literal(text)

    def type_of(self, dtype: pl.DataType, *, is_key: bool) -> str:
        """Return the type of a column; moments are of UTC."""
        standard = standard_type(dtype)
        if standard == "TEXT" and is_key:
            return _KEY
        return "DATETIME(6)" if standard.startswith("TIMESTAMP") else standard

    def insert(self, table: str, frame: pl.DataFrame, *, key: str, existing: Existing) -> None:
        """Insert rows."""
        # NaN is no number there.
        sound = frame.fill_nan(None)
        columns = ", ".join(mysql_quoted(name) for name in frame.columns)
        places = ", ".join(["%s"] * frame.width)
        end = self._end(frame, key=key, existing=existing)
        # The driver puts many rows into one statement where a percent sign is no placeholder.
        begin = f"INSERT INTO {table} ({columns})".replace("%", "%%")
        with self._said(), self._cursor() as cursor:
            cursor.executemany(f"{begin} VALUES ({places}){end.replace('%', '%%')}", sound.rows())

    def _end(self, frame: pl.DataFrame, *, key: str, existing: Existing) -> str:
        if not key:
            return ""
        names = [mysql_quoted(name) for name in frame.columns if name != key]
        if existing == "keep" or not names:
            names = [mysql_quoted(key)]
        sets = ", ".join(f"{name} = VALUES({name})" for name in names)
        return f" ON DUPLICATE KEY UPDATE {sets}"

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (self._driver.MySQLError, OSError) as error:
            raise refusal(self._url, error) from error
