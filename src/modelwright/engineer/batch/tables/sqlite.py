"""A SQLite file to write to."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from modelwright.data.sources.order import text_literal
from modelwright.data.sources.selection import quoted
from modelwright.engineer.batch.tables.door import Existing, on_conflict
from modelwright.errors import SourceError

_WAIT_S = 30.0


class SqliteDoor:
    """A SQLite file; it is made when it is missing.

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
            self._connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; others wait meanwhile."""
        with self._said():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
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
        """Return the type of a column; times are texts."""
        if dtype.is_integer() or dtype == pl.Boolean:
            return "INTEGER"
        return "REAL" if dtype.is_float() else "TEXT"

    def insert(self, table: str, frame: pl.DataFrame, *, key: str, existing: Existing) -> None:
        """Insert rows."""
        texts = frame.with_columns(cs.temporal().cast(pl.String))
        columns = ", ".join(quoted(name) for name in frame.columns)
        places = ", ".join("?" * frame.width)
        end = on_conflict(frame, key=key, existing=existing, door=self)
        with self._said():
            self._connection.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({places}){end}", texts.iter_rows()
            )

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise SourceError(f"{self.address} refused to be written: {error}.") from error
