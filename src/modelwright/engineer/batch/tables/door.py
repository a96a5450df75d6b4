"""What a database must do to be written to."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, Literal

import polars as pl

from modelwright.data.sources.quoting import quoted, text_literal

Existing = Literal["update", "keep"]
"""What becomes of a row whose key is in the table already."""


class Door(ABC):
    """A connection that writes.

    Every fault is an `InputError` that shows no password. Names come as they are and are quoted
    here; a text in a statement is written by `literal`. A door says what its database does
    otherwise than the standard; it sets `_connection` and `address` when it is made.
    """

    address: str
    """Where it is, printable."""
    _connection: Any
    _usual_schema = "current_schema()"
    """Where a table stands that is named without its schema, in SQL."""
    _catalog = "table_catalog"
    """The database that is meant, in SQL, where a connection sees the tables of several."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is done meanwhile."""
        with self._said():
            self._begin()
            try:
                yield
                self._connection.commit()
            except BaseException:
                self._connection.rollback()
                raise

    def execute(self, statement: str) -> None:
        """Run a statement."""
        with self._said(), self._cursor() as cursor:
            cursor.execute(statement)

    def rows(self, statement: str) -> Sequence[Sequence[Any]]:
        """Return what a query finds."""
        with self._said(), self._cursor() as cursor:
            cursor.execute(statement)
            found: Sequence[Sequence[Any]] = cursor.fetchall()
            return found

    def has(self, schema: Sequence[str], name: str) -> bool:
        """Say whether there is a table of a name, in a schema or in the usual one."""
        where = self.literal(schema[-1]) if schema else self._usual_schema
        found = self.rows(
            "SELECT 1 FROM information_schema.tables "
            f"WHERE lower(table_schema) = lower({where}) AND table_name = {self.literal(name)} "
            f"AND table_catalog = {self._catalog}"
        )
        return bool(found)

    def quote(self, name: str) -> str:
        """Write a name of a table or column."""
        return quoted(name)

    def literal(self, text: str) -> str:
        """Write a text."""
        return text_literal(text)

    def type_of(self, dtype: pl.DataType, *, is_key: bool) -> str:
        """Return the type of a column that holds such values."""
        return standard_type(dtype)

    @abstractmethod
    def insert(self, table: str, frame: pl.DataFrame, *, key: str, existing: Existing) -> None:
        """Insert rows; where a key is there already, update its row or keep it.

        Parameters
        ----------
        table
            As it is quoted.
        frame
            Of numbers, booleans, texts and times.
        key
            The column that is unique; empty where none is.
        existing
            What becomes of a row whose key is there.
        """

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _begin(self) -> None:  # noqa: B027  # most drivers begin with the first statement
        """Begin a transaction."""

    def _cursor(self) -> AbstractContextManager[Any]:
        """Return what runs statements of this connection."""
        return closing(self._connection.cursor())

    @abstractmethod
    def _said(self) -> AbstractContextManager[None]:
        """Turn what the driver raises into a sentence."""


def assignments(columns: Sequence[str], *, key: str, door: Door) -> str:
    """Return what an upsert sets in the dialects that call the new row ``excluded``.

    Examples
    --------
    >>> from contextlib import closing
    >>> from modelwright.engineer.batch.tables.sqlite import SqliteDoor
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with closing(SqliteDoor(f"{folder}/a.db")) as door:
    ...         assignments(["id", "prediction"], key="id", door=door)
    '"prediction" = excluded."prediction"'
    """
    named = [door.quote(name) for name in columns if name != key]
    return ", ".join(f"{name} = excluded.{name}" for name in named)


def on_conflict(frame: pl.DataFrame, *, key: str, existing: Existing, door: Door) -> str:
    """Return the end of an INSERT in the dialects of PostgreSQL, SQLite and DuckDB."""
    if not key:
        return ""
    sets = assignments(frame.columns, key=key, door=door)
    does = f"UPDATE SET {sets}" if existing == "update" and sets else "NOTHING"
    return f" ON CONFLICT ({door.quote(key)}) DO {does}"


def standard_type(dtype: pl.DataType) -> str:
    """Return the type of standard SQL for a type of column.

    Examples
    --------
    >>> standard_type(pl.Int32()), standard_type(pl.Datetime("us")), standard_type(pl.String())
    ('BIGINT', 'TIMESTAMP', 'TEXT')
    """
    if dtype.is_integer():
        return "BIGINT"
    if dtype.is_float():
        return "DOUBLE PRECISION"
    if isinstance(dtype, pl.Datetime):
        return "TIMESTAMP WITH TIME ZONE" if dtype.time_zone else "TIMESTAMP"
    return {pl.Boolean(): "BOOLEAN", pl.Date(): "DATE"}.get(dtype, "TEXT")
