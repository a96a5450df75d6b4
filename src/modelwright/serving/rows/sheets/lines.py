"""Sheets of JSON Lines."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import IO, Any

import msgspec
from numpy.typing import NDArray

from modelwright.data.record_columns import ColumnReader
from modelwright.errors import InputError
from modelwright.serving.rows.sheets.columns import SheetColumns
from modelwright.serving.rows.sheets.sheet import Piece, Reading, Sheet
from modelwright.serving.rows.upload import check_columns, object_of, some_lines

_Decode = Callable[[bytes], Any]


def sheets_of_lines(file: IO[bytes], reading: Reading) -> Iterator[Piece]:
    """Read the rows of a file.

    Raises
    ------
    InputError
        When its first row has an unknown column, or a line is too long.
    """
    columns = SheetColumns(reading)
    fields = _fields(reading)
    decode = _decoder(fields)
    for number, lines in enumerate(some_lines(file, reading.rows)):
        piece = _sheet(lines, reading, decode, fields, columns)
        if isinstance(piece, list) and not number:
            piece = [*check_columns(iter(piece), reading.accepted, spare=reading.spare)]
        yield piece


def _fields(reading: Reading) -> dict[str, str]:
    """Return what the fields of a line are called as Python's names, by their own."""
    names = {*reading.accepted.names, *reading.spare}
    return {name: f"field_{number}" for number, name in enumerate(sorted(names))}


def _decoder(fields: dict[str, str]) -> _Decode:
    """Return what decodes a line with known fields: sooner than as a dictionary."""
    described = [(own, Any, msgspec.field(default=None, name=name)) for name, own in fields.items()]
    line = msgspec.defstruct("Line", described, forbid_unknown_fields=True, gc=False)
    return msgspec.json.Decoder(line).decode


def _sheet(
    lines: Sequence[bytes],
    reading: Reading,
    decode: _Decode,
    fields: dict[str, str],
    columns: SheetColumns,
) -> Piece:
    one_by_one = partial(_rows, lines)
    try:
        records = [*map(decode, lines)]
    except (msgspec.DecodeError, ValueError, RecursionError):
        return one_by_one()

    def values(name: str) -> list[object]:
        return [*map(attrgetter(fields[name]), records)]

    def made(name: str, reader: ColumnReader) -> NDArray[Any]:
        return reader.of_values(values(name))

    try:
        read = columns.make(len(records), fields, made)
    except InputError:
        return one_by_one()
    ids = values(reading.id_column) if reading.id_column else None
    return Sheet(len(records), read, ids, one_by_one)


def _rows(lines: Sequence[bytes]) -> list[Any]:
    return [object_of(line) for line in lines]
