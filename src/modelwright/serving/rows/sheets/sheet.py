"""Some rows of a file in columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.errors import InputError
from modelwright.serving.rows.record import Record
from modelwright.serving.rows.upload import Row


@dataclass(frozen=True)
class Sheet:
    """Some rows in columns.

    Parameters
    ----------
    rows
        How many.
    columns
        By name, as `RecordReader` returns them.
    ids
        What stands in the column of ids, None where it is empty; None without such a column.
    one_by_one
        Returns the same as they were sent.
    """

    rows: int
    columns: Columns
    ids: Sequence[object] | None
    one_by_one: Callable[[], list[Row]]

    def sound(self) -> list[Record]:
        """Return the rows as they were sent, of which each could be read.

        Raises
        ------
        InputError
            When one cannot be read after all.
        """
        sound: list[Record] = []
        for row in self.one_by_one():
            if isinstance(row, InputError):
                raise row
            sound.append(row)
        return sound


Piece: TypeAlias = Sheet | list[Row]
"""Some rows, in columns or one by one."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a file is to be read.

    Parameters
    ----------
    schema
        What the model reads.
    accepted
        Columns that a file may have.
    ignored
        Columns that it may have, too, and that nobody reads.
    id_column
        The column of ids; empty where there is none.
    separator
        Between cells of CSV.
    formats
        How moments are written, by column.
    rows
        How many are answered at once.
    """

    schema: Schema
    accepted: Schema
    ignored: frozenset[str] = frozenset()
    id_column: str = ""
    separator: str = ","
    formats: Mapping[str, str]
    rows: int

    @property
    def spare(self) -> frozenset[str]:
        """Columns that the model need not know."""
        return self.ignored | {self.id_column} if self.id_column else self.ignored
