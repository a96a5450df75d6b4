"""A DuckDB file to write to."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from modelwright.data.sources.duckdb import connect
from modelwright.data.sources.order import text_literal
from modelwright.data.sources.selection import quoted
from modelwright.engineer.batch.tables.door import Existing, on_conflict, standard_type
from modelwright.errors import SourceError

_ROWS = "rows_of_a_piece"


class DuckdbDoor:
    """A DuckDB file; it is made when it is missing.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    SourceError
        When it cannot be opened.
    """

    def __init__(self, path: str | Path) -> None:
        self.address = str(path)
        with self._said():
            self._connection = connect(Path(path), read_only=False)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._said():
            self._connection.begin()
            try:
                yield
                self._connection.commit()
            except BaseException:
                self._connection.rollback()
                raise

    def execute(self, statement: str) -> None:
        """Run a statement."""
        with self._said():
            self._connection.execute(statement)

    def rows(self, statement: str) -> Sequence[Sequence[Any]]:
        """Return what a query finds."""
        with self._said():
            return self._connection.execute(statement).fetchall()

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
        with self._said():
            self._connection.register(_ROWS, frame.to_arrow())
            self._connection.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {_ROWS}{end}"
            )
            self._connection.unregister(_ROWS)

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            first = str(error).partition("\n")[0].rstrip(".!")
            raise SourceError(f"{self.address} refused to be written: {first}.") from error
