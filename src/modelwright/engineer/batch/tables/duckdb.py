"""A DuckDB file to write to."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from modelwright.data.sources.duckdb import connect
from modelwright.data.sources.quoting import quoted
from modelwright.engineer.batch.tables.door import Door, Existing, on_conflict
from modelwright.errors import SourceError

_ROWS = "rows_of_a_piece"


class DuckdbDoor(Door):
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

    _catalog = "current_database()"

    def __init__(self, path: str | Path) -> None:
        self.address = str(path)
        with self._said():
            self._connection = connect(Path(path), read_only=False)

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

    def _begin(self) -> None:
        """Begin a transaction."""
        self._connection.begin()

    def _cursor(self) -> AbstractContextManager[Any]:
        """Return the connection: a cursor would be one more, with transactions of its own."""
        return nullcontext(self._connection)

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            first = str(error).partition("\n")[0].rstrip(".!")
            raise SourceError(f"{self.address} refused to be written: {first}.") from error
