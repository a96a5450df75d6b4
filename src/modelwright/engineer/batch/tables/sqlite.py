"""A SQLite file to write to."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import polars.selectors as cs

from modelwright.data.sources.quoting import quoted
from modelwright.engineer.batch.tables.door import Door, Existing, on_conflict
from modelwright.errors import SourceError

_WAIT_S = 30.0


class SqliteDoor(Door):
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

    def has(self, schema: Sequence[str], name: str) -> bool:
        """Say whether there is a table of a name."""
        return bool(self.rows(f"SELECT 1 FROM sqlite_master WHERE name = {self.literal(name)}"))

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

    def _begin(self) -> None:
        """Begin; others wait meanwhile."""
        self._connection.execute("BEGIN IMMEDIATE")

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise SourceError(f"{self.address} refused to be written: {error}.") from error
