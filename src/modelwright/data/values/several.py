"""Cells that hold several numbers, as "51.5, -0.12", "120/80" and "cpu=4; ram=16": who does.

Each number becomes a column of its own, "location (1)" and "location (2)", which is read from the
cell by one of `forms.PLACES`, or of `forms.COMMA_PLACES` where decimals stand behind commas.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import polars as pl

from modelwright.data.inference.tally import Tally
from modelwright.data.schema import Schema
from modelwright.data.values.forms import COMMA_PLACES, PLACES
from modelwright.data.values.series import as_text, is_flat, read_measures

_FEWEST, _SHARE, _SHAPES = 20, 0.9, 3
_LOOKED_AT = 200
_DIGITS = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_COMMA_DIGITS = r"[0-9]+(?:,[0-9]+)?"
_NO_DECIMAL_COMMA = r"[0-9]\.[0-9]|,[0-9]+,|^,|[^0-9],|,[^0-9]|,$"
_NO_THOUSANDS = r",(?:[0-9]{1,2}|[0-9]{4,})(?:[^0-9]|$)"
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
    unit
        How it is read, as `Column.unit` has it.
    evidence
        A sentence.
    """

    place: int
    unit: str
    evidence: str


@dataclass(frozen=True)
class _Writing:
    """How numbers are written: a pattern of one, and the units that read them."""

    digits: str
    units: tuple[str, ...]


_POINTS, _COMMAS = _Writing(_DIGITS, PLACES), _Writing(_COMMA_DIGITS, COMMA_PLACES)


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
    first = series.drop_nulls().head(_LOOKED_AT)
    writing = _COMMAS if _has_decimal_commas(first) else _POINTS
    if not _may_hold_several(first, writing):
        return ()
    tally = Tally.of(as_text(series)).without_number_tokens()
    if tally.distinct <= _FEWEST or not _are_shaped(tally, writing):
        return ()
    pieces = tuple(_pieces(tally, writing))
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


def _has_decimal_commas(first: pl.Series) -> bool:
    """Say whether all commas stand between digits, and none can separate thousands or a list."""
    if first.str.contains(_NO_DECIMAL_COMMA).any():
        return False
    return int(first.str.contains(_NO_THOUSANDS).sum()) > 0.5 * len(first)


def _may_hold_several(first: pl.Series, writing: _Writing) -> bool:
    """Look at a few rows only: most columns are told apart at once."""
    count = first.str.count_matches(writing.digits)
    return len(first) > 1 and int((count.is_between(2, len(PLACES))).sum()) > 0.5 * len(first)


def _are_shaped(tally: Tally, writing: _Writing) -> bool:
    values = tally.values
    if values.str.contains(r"(?:^|[^0-9.,])0[0-9]").any():
        return False
    marked = values.str.replace_all(writing.digits, "#").str.replace_all(_SIGNED, "${1}#")
    shapes = marked.alias("").value_counts(sort=True).head(_SHAPES)
    allowed = pl.col("").str.contains(_SHAPE) & (pl.col("").str.len_chars() <= _LONGEST)
    if writing is _COMMAS or values.str.contains(r"[0-9]\.[0-9]").mean() > 0.5:  # type: ignore[operator]
        allowed = allowed | pl.col("").str.contains(_PAIRS)  # else it is a list of codes
    if _is_range(tally, marked, writing):
        allowed = allowed | pl.col("").str.contains(_RANGE)
    usual = shapes.filter(allowed)
    return int(usual["count"].sum()) > _SHARE * len(values)


def _is_range(tally: Tally, marked: pl.Series, writing: _Writing) -> bool:
    """Say whether cells tell from where to where; numbers of orders have a bar as well."""
    ranges = tally.values.filter(marked.str.contains(_RANGE))
    if len(ranges) <= _SHARE * tally.distinct or tally.unique_share > _AS_CODES:
        return False
    begin, end = (read_measures(ranges, unit) for unit in writing.units[:2])
    return int((begin <= end).sum()) > _SHARE * len(ranges)


def _pieces(tally: Tally, writing: _Writing) -> Iterator[Piece]:
    counted = f"{tally.present:,} cells hold several numbers, such as {tally.values[0][:40]!r}"
    for place, unit in enumerate(writing.units, 1):
        numbers = read_measures(tally.values, unit)
        if numbers.drop_nulls().n_unique() > 1:
            yield Piece(place, unit, f"{counted}: this is the {PLACES[place - 1]}.")
