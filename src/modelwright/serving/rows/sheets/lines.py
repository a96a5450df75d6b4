"""Sheets of JSON Lines."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from types import SimpleNamespace
from typing import IO, Any

import msgspec
from msgspec import UNSET
from numpy.typing import NDArray

from modelwright.data.json_keys import outside_of_texts
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
    described = [
        (own, Any, msgspec.field(default=UNSET, name=name)) for name, own in fields.items()
    ]
    try:
        line = msgspec.defstruct("Line", described, forbid_unknown_fields=True, gc=False)
    except ValueError:  # of a name with a quote or a line end, which JSON escapes
        return partial(_decode_names, fields)
    return msgspec.json.Decoder(line).decode


def _decode_names(fields: dict[str, str], line: bytes) -> SimpleNamespace:
    row = msgspec.json.decode(line, type=dict[str, Any])
    if not row.keys() <= fields.keys():
        raise ValueError("a field is unknown")
    return SimpleNamespace(**{own: row.get(name, UNSET) for name, own in fields.items()})


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

    cells = {name: [*map(attrgetter(own), records)] for name, own in fields.items()}
    absent = {name: values.count(UNSET) for name, values in cells.items()}
    keys = len(records) * len(fields) - sum(absent.values())
    if outside_of_texts(b"\n".join(lines)).count(b":") != keys:  # one stands twice, or in a value
        return one_by_one()

    def values(name: str) -> list[object]:
        given = cells[name]
        return [None if each is UNSET else each for each in given] if absent[name] else given

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
