"""Parquet in pieces: each names rows of a file, and is read where it is needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelwright.data.pieces.base import Mark, Piece
from modelwright.data.pieces.stamp import stamp_of
from modelwright.data.sources.columns import settle
from modelwright.data.sources.parquet import parquet_files, read_rows


@dataclass(frozen=True)
class Rows:
    """Some rows of a file.

    Parameters
    ----------
    file
        The file.
    first, count
        Where they begin, and how many there are.
    columns
        Which columns; None for all.
    """

    file: Path
    first: int
    count: int
    columns: tuple[str, ...] | None

    def read(self) -> pl.DataFrame:
        """Return the rows."""
        return settle(read_rows(self.file, self.first, self.count, self.columns))[0]


@dataclass(frozen=True)
class ParquetPieces:
    """Files of Parquet as one table.

    Parameters
    ----------
    address
        Printable.
    files
        With the number of their rows.
    size
        Rows of a piece.
    columns
        Which are needed; None for all.
    """

    address: str
    files: tuple[tuple[Path, int], ...]
    size: int
    columns: tuple[str, ...] | None = None

    @property
    def stamp(self) -> str:
        """Differs when a file does."""
        return stamp_of([file for file, _ in self.files])

    @property
    def rows(self) -> int:
        """Of all files."""
        return sum(count for _, count in self.files)

    def after(self, mark: Mark) -> Iterator[Piece]:
        """Yield the pieces after a mark; none reaches over the end of a file."""
        number = 0
        for file, rows in self.files:
            # A table without rows has its columns all the same.
            for first in range(0, max(rows, not self.rows), self.size):
                number += 1
                if number > mark.pieces:
                    yield Rows(file, first, min(self.size, rows - first), self.columns)


def parquet_pieces(
    address: str, *, size: int, columns: tuple[str, ...] | None = None
) -> ParquetPieces:
    """Open Parquet files in pieces; their directories are read, nothing else.

    Raises
    ------
    SourceError
        When there is no such file, one is damaged, or their columns differ.
    """
    return ParquetPieces(address, parquet_files(address), size, columns)
