"""Columns of a sheet, made of what a file holds."""

from collections.abc import Callable, Collection
from typing import Any

from numpy.typing import NDArray

from modelwright.data.record_columns import ColumnReader
from modelwright.data.records import Columns
from modelwright.serving.rows.sheets.sheet import Reading

Made = Callable[[str, ColumnReader], NDArray[Any]]
"""From a column's name and what reads it to its values."""


class SheetColumns:
    """Makes the columns that a model reads.

    Parameters
    ----------
    reading
        Which these are.
    """

    def __init__(self, reading: Reading) -> None:
        self._readers = {column.name: ColumnReader(column) for column in reading.schema}
        self._ignored = reading.ignored

    def make(self, rows: int, present: Collection[str], made: Made) -> Columns:
        """Return the columns of some rows.

        Parameters
        ----------
        rows
            How many.
        present
            Columns that the file has; others are missing.
        made
            Makes one of them.

        Raises
        ------
        SchemaError
            When a value has the wrong type.
        """
        return {
            name: made(name, reader)
            if name in present and name not in self._ignored
            else reader.missing(rows)
            for name, reader in self._readers.items()
        }
