"""Delimited text in pieces: UTF-8 with commas, which is read by the same parser as whole files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelwright.data.pieces.base import Held, Mark, Piece
from modelwright.data.pieces.cut import cut
from modelwright.data.pieces.stamp import stamp_of
from modelwright.data.sources.delimited import Layout, layout_of, stream_delimited
from modelwright.errors import SourceError


@dataclass(frozen=True)
class DelimitedPieces:
    """Files of delimited text as one table.

    Parameters
    ----------
    address
        Printable.
    files
        Of the same columns.
    layout
        How all of them are written.
    size
        Rows of a piece.
    """

    address: str
    files: tuple[Path, ...]
    layout: Layout
    size: int
    rows: None = None

    @property
    def stamp(self) -> str:
        """Differs when a file does."""
        return stamp_of(self.files)

    def after(self, mark: Mark) -> Iterator[Piece]:
        """Yield the pieces after a mark; those before it are parsed again and passed over."""
        for number, frame in enumerate(cut(self._frames(), self.size), 1):
            if number > mark.pieces:
                yield Held(frame)

    def _frames(self) -> Iterator[pl.DataFrame]:
        for file in self.files:
            yield from stream_delimited(file, self.layout)


def delimited_pieces(address: str, files: tuple[Path, ...], *, size: int) -> DelimitedPieces | None:
    """Open delimited text in pieces; None where only all of it tells how it is written.

    That is so where a file is packed, is no UTF-8, or is separated by anything but commas: whether
    a comma in a number stands before decimals is seen from whole columns.

    Raises
    ------
    SourceError
        When a file is empty or no text, or has other columns than the first.
    """
    layouts = [layout_of(file) for file in files]
    first = layouts[0]
    if first is None or None in layouts:
        return None
    for file, layout in zip(files, layouts, strict=True):
        if layout != first:
            raise SourceError(
                f"{file} has other columns than {files[0]}.", "Give all files the same columns."
            )
    return DelimitedPieces(address, files, first, size)
