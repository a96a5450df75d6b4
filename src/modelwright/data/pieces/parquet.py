"""Parquet in pieces: each names rows of a file, and is read where it is needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from modelwright.data.pieces.base import Mark, Piece
from modelwright.data.pieces.stamp import stamp_of
from modelwright.data.sources.columns import settle
from modelwright.data.sources.parquet import folder_types, parquet_files, read_rows

if TYPE_CHECKING:
    from modelwright.data.pieces.forward import Forward


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
    forward
        Whether the file is read from its beginning, because its groups of rows are large.
    folders
        The columns that folders such as year=2013 become in the table, and their types.
    """

    file: Path
    first: int
    count: int
    columns: tuple[str, ...] | None
    forward: bool = False
    folders: tuple[tuple[str, pl.DataType], ...] = ()

    def read(self) -> pl.DataFrame:
        """Return the rows."""
        if self.forward:
            # A process reads one piece after the other; only the last file is kept open.
            return settle(_forward(self.file, self.columns).read(self.first, self.count))[0]
        rows = read_rows(
            self.file, self.first, self.count, self.columns, folders=dict(self.folders)
        )
        return settle(rows)[0]


@lru_cache(maxsize=1)
def _forward(file: Path, columns: tuple[str, ...] | None) -> "Forward":
    from modelwright.data.pieces.forward import Forward

    return Forward(file, columns)


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
        # Arrow is loaded by who reads rows: others need not wait for it.
        from modelwright.data.pieces.forward import has_large_groups

        number = 0
        folders = tuple(folder_types([file for file, _ in self.files]).items())
        for file, rows in self.files:
            forward = not folders and has_large_groups(file)
            for first, count in self._cut(rows):
                number += 1
                if number > mark.pieces:
                    yield Rows(file, first, count, self.columns, forward, folders)

    def counts(self) -> Iterator[int]:
        """Yield how many rows each piece has."""
        return (count for _, rows in self.files for _, count in self._cut(rows))

    def _cut(self, rows: int) -> Iterator[tuple[int, int]]:
        # A table without rows has its columns all the same.
        for first in range(0, max(rows, not self.rows), self.size):
            yield first, min(self.size, rows - first)


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
