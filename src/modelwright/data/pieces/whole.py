"""A table that cannot be read in pieces is read once and cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from modelwright.data.pieces.base import Held, Mark, Piece
from modelwright.data.sources.base import Source


@dataclass(frozen=True)
class WholePieces:
    """A source that is read as a whole.

    Parameters
    ----------
    source
        What is read.
    stamp
        Of its file.
    size
        Rows of a piece.
    """

    source: Source
    stamp: str
    size: int

    @property
    def address(self) -> str:
        """Of the source."""
        return self.source.address

    @property
    def rows(self) -> int:
        """Reads the table."""
        return self._frame.height

    def after(self, mark: Mark) -> Iterator[Piece]:
        """Yield the pieces after a mark."""
        # A table without rows has its columns all the same.
        for first in range(mark.pieces * self.size, max(1, self._frame.height), self.size):
            yield Held(self._frame.slice(first, self.size))

    @cached_property
    def _frame(self) -> pl.DataFrame:
        return self.source.read()
