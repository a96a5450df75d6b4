"""Rows of a Parquet file read from its beginning to its end, each once.

A piece in the middle of a group of rows can be read only by unpacking what stands before it in the
group. Of groups of a million rows that costs little; a file that is one group of many millions
would take ever longer with every piece.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from modelwright.errors import SourceError

_LARGE_ROWS = 1_500_000
"""Of a group: up to here pieces are read one by one."""
_BUFFER_BYTES = 1 << 20


def has_large_groups(file: Path) -> bool:
    """Say whether a file has groups of so many rows that it is read from its beginning."""
    try:
        told = pq.read_metadata(file)
    except (pa.ArrowException, OSError):
        return False  # whoever reads the rows says what is wrong
    return any(told.row_group(at).num_rows > _LARGE_ROWS for at in range(told.num_row_groups))


class Forward:
    """A file, and how far it has been read.

    Parameters
    ----------
    file
        With its rows.
    columns
        Which columns; None for all.
    """

    def __init__(self, file: Path, columns: Sequence[str] | None) -> None:
        self._file, self._columns = file, columns
        self._begin()

    def read(self, first: int, count: int) -> pl.DataFrame:
        """Return some rows; those behind what was read last cost nothing beside themselves.

        Raises
        ------
        SourceError
            When the file is damaged.
        """
        if first < self._at:
            self._begin()
        try:
            self._pass_over(first - self._at, count)
            return self._next(count)
        except (pa.ArrowException, OSError) as error:
            raise SourceError(f"{self._file} is damaged: {error}.", "Write it again.") from error

    def _begin(self) -> None:
        self._at, self._rest = 0, pl.DataFrame()
        self._batches: Iterator[pl.DataFrame] | None = None

    def _pass_over(self, rows: int, size: int) -> None:
        while rows > 0:
            rows -= self._next(min(rows, size), size).height

    def _next(self, count: int, size: int = 0) -> pl.DataFrame:
        batches = self._batches = self._batches or self._open(size or count)
        kept, missing = [self._rest], count - self._rest.height
        while missing > 0:
            batch = next(batches, None)
            if batch is None:
                break
            kept.append(batch)
            missing -= batch.height
        rows = pl.concat([each for each in kept if each.height] or kept[-1:])
        self._rest, self._at = rows[count:], self._at + min(count, rows.height)
        return rows[:count]

    def _open(self, size: int) -> Iterator[pl.DataFrame]:
        names: Any = None if self._columns is None else list(self._columns)
        types = pl.scan_parquet(self._file, glob=False).collect_schema()
        with pq.ParquetFile(self._file, buffer_size=_BUFFER_BYTES, pre_buffer=False) as file:
            for batch in file.iter_batches(size, columns=names):
                frame = pl.DataFrame(pl.from_arrow(batch))
                yield frame.cast({name: types[name] for name in frame.columns})
