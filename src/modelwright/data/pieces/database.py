"""A database's table in pieces: a query that streams, in the order of a key if one is named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl

from modelwright.data.pieces.base import Held, Mark, Piece
from modelwright.data.pieces.cut import cut
from modelwright.data.sources.base import Source
from modelwright.data.sources.columns import settle
from modelwright.data.sources.order import Order

Stream = Callable[[Order], Iterator[pl.DataFrame]]
"""Yields the rows in an order, a few thousand at a time."""


@dataclass(frozen=True)
class DatabasePieces:
    """A table, view or query of a database.

    Parameters
    ----------
    address
        Printable, without a password.
    stream
        Reads it. Not shown by `repr`, because it may hold a password.
    whole
        The same table, read at once.
    key
        The column that orders the rows; empty for none.
    size
        Rows of a piece.
    """

    address: str
    stream: Stream = field(repr=False)
    whole: Source
    key: str
    size: int
    rows: None = None

    @property
    def stamp(self) -> str:
        """The key, by which rows can be found again; empty without one."""
        return f"by {self.key}" if self.key else ""

    def after(self, mark: Mark) -> Iterator[Piece]:
        """Yield the pieces after a mark: rows of greater keys."""
        order = Order(self.key, mark.key)
        is_empty = mark == Mark()
        for frame in cut(self.stream(order), self.size):
            is_empty = False
            yield Held(settle(frame)[0])
        if is_empty:
            yield Held(self.whole.read())  # A table without rows has its columns all the same.
