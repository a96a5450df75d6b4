"""JSON Lines in pieces: the types of the columns are found from all lines first."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from modelwright.data.pieces.base import Held, Mark, Piece
from modelwright.data.pieces.stamp import stamp_of
from modelwright.data.sources.columns import settle
from modelwright.data.sources.files import access
from modelwright.data.sources.key_order import in_order


@dataclass(frozen=True)
class LinesPieces:
    """A file of one object per line.

    Parameters
    ----------
    path
        In UTF-8 without a mark, not packed.
    schema
        Types of the columns.
    size
        Rows of a piece.
    """

    path: Path
    schema: pl.Schema
    size: int
    rows: None = None

    @property
    def address(self) -> str:
        """The path."""
        return str(self.path)

    @property
    def stamp(self) -> str:
        """Differs when the file does."""
        return stamp_of([self.path])

    def after(self, mark: Mark) -> Iterator[Piece]:
        """Yield the pieces after a mark."""
        with access(self.path), self.path.open("rb") as file:
            lines = (line for line in file if line.strip())
            for _ in islice(lines, mark.pieces * self.size):
                pass
            while part := b"".join(islice(lines, self.size)):
                yield Held(settle(pl.read_ndjson(part, schema=self.schema))[0])


def lines_pieces(path: Path, *, size: int) -> LinesPieces | None:
    """Open a file of JSON Lines in pieces; None where `read_lines` has to say what is wrong.

    Parameters
    ----------
    path
        A file that is there.
    size
        Rows of a piece.
    """
    try:
        schema = pl.scan_ndjson(path, infer_schema_length=None).collect_schema()
    except pl.exceptions.PolarsError:
        return None
    with access(path), path.open("rb") as file:
        return LinesPieces(path, in_order(schema, file), size)
