"""A rule that a column is not stuck at one value, held to a piece after the other."""

from dataclasses import dataclass

import polars as pl

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.readable import readable
from modelwright.data.checks.run import result_of
from modelwright.data.pieces.base import Mark
from modelwright.data.pieces.parquet import ParquetPieces
from modelwright.data.schema import Schema


@dataclass(frozen=True)
class Variety:
    """All rows of a column, of which few are read where values differ early.

    Parameters
    ----------
    pieces
        The column, a piece of the table at a time.
    """

    pieces: ParquetPieces

    def find(self, check: Check, schema: Schema) -> CheckResult:
        """Return what a check finds in the column, from what two values tell of each piece."""
        ends: list[pl.DataFrame] = []
        failed = 0
        for piece in self.pieces.after(Mark()):
            ends.append(_ends(readable(piece.read(), schema)[check.columns[0]].drop_nulls()))
            values = pl.concat(ends)
            failed = int(values.select(check.failing(values.schema)).item())
            if values.height > 1 and not failed:
                break
            ends = [values.head(2)]
        return result_of(check, self.pieces.rows, failed)


def _ends(values: pl.Series) -> pl.DataFrame:
    """Return the least and the greatest value; a value alone is one."""
    ends = [values.min(), values.max()]
    return (values if len(values) < 2 else pl.Series(values.name, ends, values.dtype)).to_frame()
