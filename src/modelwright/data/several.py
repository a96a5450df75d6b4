"""Cells that hold several numbers, as "51.5, -0.12", "120/80" and "cpu=4; ram=16": who does.

Each number becomes a column of its own, "location (1)" and "location (2)", which is read from the
cell by one of `forms.PLACES`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import polars as pl

from modelwright.data.forms import PLACES
from modelwright.data.schema import Schema
from modelwright.data.series import as_text, is_flat, read_measures
from modelwright.data.tally import Tally

_FEWEST, _SHARE, _SHAPES = 20, 0.9, 3
_LOOKED_AT = 200
_DIGITS = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_SIGNED = r"(^|[ ,;(\[=:|/x\u00d7*])-#"
_WORD = r"(?: ?[\p{L}%°²³\"']{1,10})?"
_ENTRY = rf"[\p{{L}}_ .]{{1,20}} ?[=:] ?#{_WORD}"
_PAIRS = r"^(?:POINT ?)?[(\[]?#(?:(?:, ?|; ?|\| ?|/| )#){1,3}[)\]]?$"
_RANGE = rf"^# ?(?:-|\u2013|to|bis) ?#{_WORD}$"
_SHAPE = (
    rf"^#{_WORD}(?: ?[/x\u00d7*] ?#{_WORD}){{1,3}}$|^(?:{_ENTRY}[;,|] ?)+{_ENTRY}[;,|]?$"
    r"|^#[^#]*\p{L}[^#]*#.{0,12}$"
)
"""With "#" for each number, the shapes of cells that are no codes."""
_LONGEST = 80
_AS_CODES = 0.95


@dataclass(frozen=True)
class Piece:
    """A number of each cell.

    Parameters
    ----------
    place
        Which one, counted from 1.
    evidence
        A sentence.
    """

    place: int
    evidence: str

    @property
    def unit(self) -> str:
        """How it is read, as `Column.unit` has it."""
        return PLACES[self.place - 1]


def several_in(series: pl.Series) -> tuple[Piece, ...]:
    """Return the numbers that cells hold; nothing where they hold one, or anything else.

    Nearly all cells have one of a few shapes, and two places or more vary.

    Examples
    --------
    >>> pressures = pl.Series("bp", [f"{90 + at}/{50 + at % 30}" for at in range(60)])
    >>> [piece.unit for piece in several_in(pressures)]
    ['1st number', '2nd number']
    >>> several_in(pl.Series("bp", ["A12-B3", "A14-B7"] * 30))
    ()
    """
    if series.dtype != pl.String or not is_flat(series):
        return ()
    if not _may_hold_several(series.drop_nulls().head(_LOOKED_AT)):
        return ()
    tally = Tally.of(as_text(series)).without_number_tokens()
    if tally.distinct <= _FEWEST or not _are_shaped(tally):
        return ()
    pieces = tuple(_pieces(tally))
    return pieces if len(pieces) > 1 else ()


def split_cells(table: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return a table that has a column for each number of a schema that shares its cells.

    Examples
    --------
    >>> from modelwright.data.schema import Column, Kind
    >>> part = Column(name="at (2)", kind=Kind.NUMERIC, unit="2nd number")
    >>> split_cells(pl.DataFrame({"at": ["51.5, -0.12"]}), Schema(columns=(part,))).columns
    ['at', 'at (2)']
    """
    cells = shared_cells(schema, frozenset(table.columns))
    return table.with_columns(table[cell].alias(name) for name, cell in cells.items())


def shared_cells(schema: Schema, names: Collection[str]) -> dict[str, str]:
    """Return by name the cells of the columns that a table only has beside others.

    Examples
    --------
    >>> from modelwright.data.schema import Column, Kind
    >>> part = Column(name="at (2)", kind=Kind.NUMERIC, unit="2nd number")
    >>> shared_cells(Schema(columns=(part,)), ["at"])
    {'at (2)': 'at'}
    """
    return {
        each.name: each.cell for each in schema if each.name not in names and each.cell in names
    }


def _may_hold_several(first: pl.Series) -> bool:
    """Look at a few rows only: most columns are told apart at once."""
    count = first.str.count_matches(_DIGITS)
    return len(first) > 1 and int((count.is_between(2, len(PLACES))).sum()) > 0.5 * len(first)


def _are_shaped(tally: Tally) -> bool:
    values = tally.values
    if values.str.contains(r"(?:^|[^0-9.,])0[0-9]").any():
        return False
    marked = values.str.replace_all(_DIGITS, "#").str.replace_all(_SIGNED, "${1}#")
    shapes = marked.alias("").value_counts(sort=True).head(_SHAPES)
    allowed = pl.col("").str.contains(_SHAPE) & (pl.col("").str.len_chars() <= _LONGEST)
    if values.str.contains(r"[0-9]\.[0-9]").mean() > 0.5:  # type: ignore[operator]
        allowed = allowed | pl.col("").str.contains(_PAIRS)  # else it is a list of codes
    if _is_range(tally, marked):
        allowed = allowed | pl.col("").str.contains(_RANGE)
    usual = shapes.filter(allowed)
    return int(usual["count"].sum()) > _SHARE * len(values)


def _is_range(tally: Tally, marked: pl.Series) -> bool:
    """Say whether cells tell from where to where; numbers of orders have a bar as well."""
    ranges = tally.values.filter(marked.str.contains(_RANGE))
    if len(ranges) <= _SHARE * tally.distinct or tally.unique_share > _AS_CODES:
        return False
    begin, end = (read_measures(ranges, unit) for unit in PLACES[:2])
    return int((begin <= end).sum()) > _SHARE * len(ranges)


def _pieces(tally: Tally) -> Iterator[Piece]:
    counted = f"{tally.present:,} cells hold several numbers, such as {tally.values[0][:40]!r}"
    for place, unit in enumerate(PLACES, 1):
        numbers = read_measures(tally.values, unit)
        if numbers.drop_nulls().n_unique() > 1:
            yield Piece(place, f"{counted}: this is the {unit}.")
