"""A rule that no value comes twice, held to a part of the values at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import polars as pl

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.columns import check_columns
from modelwright.data.checks.readable import readable
from modelwright.data.checks.run import failing_rows
from modelwright.data.pieces.base import Mark, Pieces
from modelwright.data.schema import Schema
from modelwright.data.values.several import shared_cells

NUMBER = "modelwright: number of the row"
"""A column beside those of keys; rows are counted from 1."""
ROWS = 200_000
"""Of a piece that is read: few beside those of a part."""
_TEXT_CELLS = 3
"""Cells that a text takes while its like is looked for: 130 bytes were measured of 20 letters."""
_SEED = 0


@dataclass(frozen=True)
class Part:
    """Rows whose keys are in one of several parts: those with the same key are in the same one.

    Parameters
    ----------
    pieces
        The columns of the key at least, a piece of the table at a time.
    number, of
        Which part of how many.
    """

    pieces: Pieces
    number: int
    of: int

    def find(self, check: Check, schema: Schema) -> CheckResult:
        """Return what a check of the key finds in these rows, with the numbers of the table."""
        keys = self._keys(check, schema)
        numbers = keys[NUMBER]
        (found,) = check_columns(keys.drop(NUMBER), schema, [check])
        examples = tuple((numbers[row - 1], value) for row, value in found.examples)
        return msgspec.structs.replace(found, examples=examples)

    def repeats(self, check: Check, schema: Schema, *, most: int) -> pl.DataFrame:
        """Return the first of these rows that repeat an earlier one: number and key."""
        keys = self._keys(check, schema)
        found = failing_rows(readable(keys, schema), [check], most=most)
        return keys[found[0][1]] if found else keys.clear()

    def _keys(self, check: Check, schema: Schema) -> pl.DataFrame:
        kept, first = [], 1
        for piece in self.pieces.after(Mark()):
            rows = piece.read()
            keys = rows.select(raw_names(check, schema, rows.columns))
            numbered = keys.with_row_index(NUMBER, offset=first)
            kept.append(numbered.filter(self._holds(keys, check, schema)))
            first += rows.height
        return pl.concat(kept)

    def _holds(self, rows: pl.DataFrame, check: Check, schema: Schema) -> pl.Series:
        keys = readable(rows, schema).select(check.columns)
        there = keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
        return there & (keys.hash_rows(_SEED) % self.of == self.number)


def raw_names(check: Check, schema: Schema, names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of a table in which the columns of a key are.

    Parameters
    ----------
    check, schema
        Its columns may be numbers of cells that hold several.
    names
        Of the table's columns.
    """
    cells_of = shared_cells(schema, frozenset(names))
    return tuple(dict.fromkeys(cells_of.get(name, name) for name in check.columns))


def parts_of(types: Iterable[pl.DataType], rows: int, together: int | None) -> int:
    """Return in how many parts a key is held to its rule.

    Parameters
    ----------
    types
        Of its columns.
    rows
        Of the table.
    together
        Cells that may be held at once; None for all.

    Examples
    --------
    >>> parts_of([pl.Int64(), pl.String()], 1_000, 1_500), parts_of([pl.Int64()], 1_000, None)
    (3, 1)
    """
    if together is None:
        return 1
    cells = sum(_TEXT_CELLS if dtype == pl.String else 1 for dtype in types)
    return max(1, -(-rows * cells // together))
