"""A rule that no value comes twice, held to a part of the values at a time."""

from dataclasses import dataclass, replace

import msgspec
import polars as pl

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.columns import check_columns
from modelwright.data.checks.readable import readable
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.pieces.base import Mark
from modelwright.data.pieces.parquet import ParquetPieces
from modelwright.data.schema import Schema

_TEXT_CELLS = 3
"""Cells that a text takes while its like is looked for: 130 bytes were measured of 20 letters."""
_ROWS = 200_000
"""Of a piece that is read: few beside those of a part."""
_SEED = 0
_NUMBER = "modelwright: number of the row"


@dataclass(frozen=True)
class Part:
    """Rows whose keys are in one of several parts: those with the same key are in the same one.

    Parameters
    ----------
    pieces
        The columns of the key, a piece of the table at a time.
    number, of
        Which part of how many.
    """

    pieces: ParquetPieces
    number: int
    of: int

    def find(self, check: Check, schema: Schema) -> CheckResult:
        """Return what a check of the key finds in these rows, with the numbers of the table."""
        kept, first = [], 0
        for piece in replace(self.pieces, size=min(_ROWS, self.pieces.size)).after(Mark()):
            rows = piece.read()
            numbered = rows.with_row_index(_NUMBER, offset=first + 1)
            kept.append(numbered.filter(self._holds(rows, check, schema)))
            first += rows.height
        every = pl.concat(kept)
        numbers = every[_NUMBER]
        (found,) = check_columns(every.drop(_NUMBER), schema, [check])
        examples = tuple((numbers[row - 1], value) for row, value in found.examples)
        return msgspec.structs.replace(found, examples=examples)

    def _holds(self, rows: pl.DataFrame, check: Check, schema: Schema) -> pl.Series:
        keys = readable(rows, schema).select(check.columns)
        there = keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
        return there & (keys.hash_rows(_SEED) % self.of == self.number)


def parts_of(check: Check, pieces: ParquetPieces, together: int | None) -> int:
    """Return in how many parts a rule is held to a table.

    Parameters
    ----------
    check
        A rule of whole columns.
    pieces
        Its columns.
    together
        Cells that may be held at once; None for all.
    """
    if together is None or not isinstance(check, Unique) or not pieces.files:
        return 1
    types = pl.scan_parquet(pieces.files[0][0], glob=False).collect_schema()
    names = pieces.columns or ()
    cells = sum(_TEXT_CELLS if types.get(name) == pl.String else 1 for name in names)
    return max(1, -(-pieces.rows * cells // together))
