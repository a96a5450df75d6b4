"""What a table in pieces is.

`open_pieces` returns one; whoever reads it asks for the pieces after a mark, in an order that is
the same each time as long as the stamp is the same, and hands each piece to whom it likes: a piece
can be pickled, and costs little where its rows are still in their file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import polars as pl

ROWS = 50_000
"""Of a piece: few enough for memory, and enough that what a piece costs does not count."""

Key = int | str
"""What tells a row from all others."""


@dataclass(frozen=True)
class Mark:
    """How far a reader has come.

    Parameters
    ----------
    pieces
        Pieces that are done.
    key
        Of the last row that is done; None where rows have no order by key, or none is done.
    """

    pieces: int = 0
    key: Key | None = None


class Piece(Protocol):
    """Some rows of a table."""

    def read(self) -> pl.DataFrame:
        """Return the rows."""


class Pieces(Protocol):
    """A table in pieces."""

    @property
    def address(self) -> str:
        """Where the table is, printable."""

    @property
    def stamp(self) -> str:
        """A text that differs when the table does; empty where rows come in no certain order."""

    @property
    def rows(self) -> int | None:
        """How many there are, where that is known beforehand."""

    def after(self, mark: Mark) -> Iterator[Piece]:
        """Yield the pieces after a mark.

        Raises
        ------
        SourceError
            When the table cannot be read.
        """


@dataclass(frozen=True)
class Held:
    """Rows that are in memory already."""

    frame: pl.DataFrame

    def read(self) -> pl.DataFrame:
        """Return the rows."""
        return self.frame
