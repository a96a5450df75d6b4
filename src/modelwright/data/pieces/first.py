"""The first rows of a table, where what stands below them is none of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from modelwright.data.pieces.base import Held, Mark, Piece, Pieces


@dataclass(frozen=True)
class FirstRows:
    """A table in pieces up to some row: totals and notes below it are told only from all of it.

    Parameters
    ----------
    pieces
        The table.
    rows
        How many are the first.

    Examples
    --------
    >>> import polars as pl
    >>> from modelwright.data.pieces.whole import WholePieces
    >>> from modelwright.data.sources.open import open_source
    >>> table = WholePieces(open_source(pl.DataFrame({"a": range(9)})), "", 3)
    >>> [piece.read().height for piece in FirstRows(table, 5).after(Mark())]
    [3, 2]
    """

    pieces: Pieces
    rows: int

    @property
    def address(self) -> str:
        """Of the table."""
        return self.pieces.address

    @property
    def stamp(self) -> str:
        """Of the table."""
        return self.pieces.stamp

    def after(self, mark: Mark) -> Iterator[Piece]:
        """Yield the pieces after a mark; the first one also where no row is wanted."""
        left = self.rows
        for number, piece in enumerate(self.pieces.after(Mark())):
            rows = piece.read().head(left)
            left -= rows.height
            if number >= mark.pieces:
                yield Held(rows)
            if not left:
                return
