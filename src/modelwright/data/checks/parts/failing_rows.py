"""The rows that break rules, found a piece of the table at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from modelwright.data.checks.base import RowCheck
from modelwright.data.checks.parts.keys import NUMBER, Part, parts_of, raw_names
from modelwright.data.checks.parts.pieces import Room, Rules, are_own
from modelwright.data.checks.readable import readable
from modelwright.data.checks.run import failing_rows
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.pieces.base import Mark, Pieces
from modelwright.data.pieces.parquet import ParquetPieces
from modelwright.data.pieces.whole import WholePieces
from modelwright.data.schema import Schema
from modelwright.data.sources.open import open_source
from modelwright.errors import SourceError

_USUAL = Room()
_TOLD = ("row", "rule", "column")


def list_failing_rows(
    pieces: Pieces, rules: Rules, *, most: int = 1_000, room: Room = _USUAL
) -> pl.DataFrame:
    """Return the rows that break rules, each with the rule that it breaks.

    The table is read once for all rules of single rows, and some times more for each rule that no
    value comes twice. A rule of another package, which may look at any row, has all of it at once.

    Parameters
    ----------
    pieces
        The table.
    rules
        Those about the whole table, or about a column that is not there, have no rows.
    most
        Rows for each rule.
    room
        What may be held at once.

    Returns
    -------
    DataFrame
        `row`, counted from 1, `rule`, `column`, and the columns of the table as they came; a row
        that breaks several rules is there for each.

    Raises
    ------
    SourceError
        When the table cannot be read, or changes meanwhile.

    Examples
    --------
    >>> from modelwright.data.checks.ranges import Range
    >>> from modelwright.data.schema import Column, Kind, Schema
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> pieces = WholePieces(open_source(pl.DataFrame({"age": [39, 200]})), "", 50_000)
    >>> list_failing_rows(pieces, Rules(schema, (Range(column="age", maximum=110),))).row(0)
    (2, "Column 'age' is at most 110", 'age', 200)
    """
    if not are_own(rules.checks):
        every = pl.concat([rows for _, rows in _numbered(pieces)])
        pieces = WholePieces(open_source(every), "", max(1, every.height))
    checks = [check for check in rules.checks if isinstance(check, RowCheck)]
    told = _of_rows(pieces, Rules(rules.schema, tuple(checks)), most)
    for at, check in enumerate(checks):
        if isinstance(check, Unique):
            told[at] = _of_keys(pieces, check, rules.schema, most=most, room=room)
    found = [rows for each in told for rows in each]
    if not found:
        return pl.DataFrame(schema=dict.fromkeys(_TOLD, pl.String))
    return pl.concat(found, how="vertical_relaxed")


def _of_rows(pieces: Pieces, rules: Rules, most: int) -> list[list[pl.DataFrame]]:
    """Return what is told of each rule of single rows, a frame for each piece that has any."""
    told: list[list[pl.DataFrame]] = [[] for _ in rules.checks]
    left = [0 if isinstance(check, Unique) else most for check in rules.checks]
    for first, rows in _numbered(pieces) if any(left) else ():
        seen = readable(rows, rules.schema)
        for at, check in enumerate(rules.checks):
            found = failing_rows(seen, [check], most=left[at]) if left[at] else ()
            for broken, places in found:
                told[at].append(_told(rows[places], places.cast(pl.Int64) + first, broken))
                left[at] -= len(places)
        if not any(left):
            break
    return told


def _of_keys(
    pieces: Pieces, check: Unique, schema: Schema, *, most: int, room: Room
) -> list[pl.DataFrame]:
    """Return what is told of the rows that repeat a key; none where a column of it is missing."""
    types, rows = _measured(pieces)
    names = raw_names(check, schema, types)
    if not set(names) <= set(types):
        return []
    of = parts_of([types[name] for name in names], rows, room.together)
    parts = (Part(_narrow(pieces, names), number, of) for number in range(of))
    repeats = pl.concat([part.repeats(check, schema, most=most) for part in parts])
    repeats = repeats.sort(NUMBER).head(most)
    return list(_rows_of(pieces, repeats, check)) if repeats.height else []


def _rows_of(pieces: Pieces, repeats: pl.DataFrame, check: RowCheck) -> Iterator[pl.DataFrame]:
    """Read the rows that were found by their keys again, and see that they still have these."""
    for first, rows in _numbered(pieces):
        here = repeats.filter(pl.col(NUMBER).is_between(first, first + rows.height - 1))
        found = rows[here[NUMBER].cast(pl.Int64) - first]
        keys = here.drop(NUMBER)
        if not found.select(keys.columns).equals(keys):
            raise SourceError(
                f"{pieces.address} changed while it was read, or its rows come in another order.",
                "Let it rest meanwhile; of a database, name a query with ORDER BY.",
            )
        if found.height:
            yield _told(found, here[NUMBER].cast(pl.Int64), check)


def _measured(pieces: Pieces) -> tuple[Mapping[str, pl.DataType], int]:
    """Return the types of the columns, and how many rows there are."""
    types: Mapping[str, pl.DataType] = {}
    count = 0
    for first, rows in _numbered(pieces):
        types = types or rows.schema
        count = pieces.rows or first + rows.height - 1
        if pieces.rows is not None:
            break
    return types, count


def _narrow(pieces: Pieces, names: Sequence[str]) -> Pieces:
    """Return pieces that need not have other columns."""
    return replace(pieces, columns=tuple(names)) if isinstance(pieces, ParquetPieces) else pieces


def _numbered(pieces: Pieces) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the rows of each piece, and the number of the first, counted from 1."""
    first = 1
    for piece in pieces.after(Mark()):
        rows = piece.read()
        yield first, rows
        first += rows.height


def _told(rows: pl.DataFrame, numbers: pl.Series, check: RowCheck) -> pl.DataFrame:
    told = pl.select(row=numbers, rule=pl.lit(check.rule), column=pl.lit(check.column))
    return told.hstack(rows.rename(_apart(rows.columns)))


def _apart(names: list[str]) -> dict[str, str]:
    """Rename columns that are called like what is told of a row."""
    return {name: f"{name} of the table" for name in names if name in _TOLD}
