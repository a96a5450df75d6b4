"""A PostgreSQL database to write to."""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import pyarrow as pa

from modelwright.data.sources.postgresql import connect, refusal
from modelwright.data.sources.postgresql_address import POSTGRESQL
from modelwright.data.sources.quoting import quoted
from modelwright.data.sources.url import DatabaseUrl
from modelwright.engineer.batch.tables.door import Door, Existing, on_conflict

_ROWS = "modelwright_rows_of_a_piece"


class PostgresqlDoor(Door):
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
        self.address = self._url.shown
        self._connection = connect(self._url)
        self.execute("SET standard_conforming_strings = on")
        self._connection.commit()

    def insert(self, table: str, frame: pl.DataFrame, *, key: str, existing: Existing) -> None:
        """Insert rows."""
        columns = ", ".join(quoted(name) for name in frame.columns)
        end = on_conflict(frame, key=key, existing=existing, door=self)
        with self._said(), self._cursor() as cursor:
            cursor.adbc_ingest(_ROWS, frame.to_arrow(), mode="create", temporary=True)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {_ROWS}{end}")
            cursor.execute(f"DROP TABLE {_ROWS}")

    @contextmanager
    def _said(self) -> Iterator[None]:
        from adbc_driver_postgresql import dbapi

        try:
            yield
        except (dbapi.Error, OSError, pa.ArrowException) as error:
            raise refusal(self._url, str(error)) from error
