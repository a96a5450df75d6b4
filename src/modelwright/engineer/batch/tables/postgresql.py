"""A PostgreSQL database to write to."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
import pyarrow as pa

from modelwright.data.sources.order import text_literal
from modelwright.data.sources.postgresql import POSTGRESQL, connect, refusal
from modelwright.data.sources.selection import quoted
from modelwright.data.sources.url import DatabaseUrl
from modelwright.engineer.batch.tables.door import Existing, on_conflict, standard_type

_ROWS = "modelwright_rows_of_a_piece"


class PostgresqlDoor:
    """A PostgreSQL database; rows go through its bulk copy into a temporary table first.

    Parameters
    ----------
    address
        As for the source of this kind.

    Raises
    ------
    SourceError
        When the address is malformed, or nobody answers.
    """

    def __init__(self, address: str) -> None:
        self._url = DatabaseUrl.parse(address, POSTGRESQL)
        self._connection = connect(self._url)
        self.execute("SET standard_conforming_strings = on")
        self._connection.commit()

    @property
    def address(self) -> str:
        """Without a password."""
        return self._url.shown

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: the driver begins one with the first statement."""
        with self._said():
            try:
                yield
                self._connection.commit()
            except BaseException:
                self._connection.rollback()
                raise

    def execute(self, statement: str) -> None:
        """Run a statement."""
        with self._said(), self._connection.cursor() as cursor:
            cursor.execute(statement)

    def rows(self, statement: str) -> Sequence[Sequence[Any]]:
        """Return what a query finds."""
        with self._said(), self._connection.cursor() as cursor:
            cursor.execute(statement)
            found: Sequence[Sequence[Any]] = cursor.fetchall()
            return found

    def quote(self, name: str) -> str:
        """Write a name."""
        return quoted(name)

    def literal(self, text: str) -> str:
        """Write a text."""
        return text_literal(text)

    def type_of(self, dtype: pl.DataType, *, is_key: bool) -> str:
        """Return the type of a column."""
        return standard_type(dtype)

    def insert(self, table: str, frame: pl.DataFrame, *, key: str, existing: Existing) -> None:
        """Insert rows."""
        columns = ", ".join(quoted(name) for name in frame.columns)
        end = on_conflict(frame, key=key, existing=existing, door=self)
        with self._said(), self._connection.cursor() as cursor:
            cursor.adbc_ingest(_ROWS, frame.to_arrow(), mode="create", temporary=True)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {_ROWS}{end}")
            cursor.execute(f"DROP TABLE {_ROWS}")

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        from adbc_driver_postgresql import dbapi

        try:
            yield
        except (dbapi.Error, OSError, pa.ArrowException) as error:
            raise refusal(self._url, str(error)) from error
