"""Begins to read a file: in columns where that is sure, else row by row."""

from collections.abc import Iterator
from typing import IO

from modelwright.predictor.kernel.library import library
from modelwright.serving.rows.sheets.csv import header_of, sheets_of_csv
from modelwright.serving.rows.sheets.lines import sheets_of_lines
from modelwright.serving.rows.sheets.parquet import sheets_of_parquet
from modelwright.serving.rows.sheets.sheet import Piece, Reading
from modelwright.serving.rows.upload import (
    CSV,
    LINES,
    check_columns,
    damage_of,
    in_pieces,
    load_pyarrow,
    open_rows,
)


def open_pieces(file: IO[bytes], kind: str, reading: Reading) -> Iterator[Piece]:
    """Begin to read the rows of a file, some at a time.

    Parameters
    ----------
    file
        At its first byte; it must be seekable.
    kind
        As for `open_rows`.
    reading
        What is read of it.

    Raises
    ------
    InputError
        Here or later, when the file is damaged, or has columns that nobody knows.
    MissingDependencyError
        When this server cannot read Parquet.
    """
    sheets = _sheets(file, kind, reading)
    if sheets is not None:
        return sheets
    file.seek(0)
    rows = open_rows(file, kind, separator=reading.separator, formats=reading.formats)
    known = check_columns(rows, reading.accepted, spare=reading.spare)
    return in_pieces(known, reading.rows)


def _sheets(file: IO[bytes], kind: str, reading: Reading) -> Iterator[Piece] | None:
    """Return the rows in columns; None where they are to be read one by one."""
    if kind == LINES:
        return sheets_of_lines(file, reading)
    known = {*reading.accepted.names, *reading.spare}
    if kind != CSV:
        names = _parquet_names(file)
        if len({*names}) == len(names) and known.issuperset(names):
            file.seek(0)
            return sheets_of_parquet(file, reading)
        return None
    kernel = library()
    if kernel is None or not kernel.cuts or not "\0" < reading.separator <= "\x7f":
        return None
    header = header_of(file, reading.separator)
    if header is None or not known.issuperset(header):
        return None
    return sheets_of_csv(file, reading, header, kernel)


def _parquet_names(file: IO[bytes]) -> list[str]:
    """Return the columns of a file; none where it cannot be read, which its reader tells."""
    arrow, parquet = load_pyarrow()
    try:
        return list(parquet.read_schema(file).names)
    except damage_of(arrow):
        return []
