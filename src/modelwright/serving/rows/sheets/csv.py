"""Sheets of comma-separated values, whose cells the compiled kernel finds."""

import csv
import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import IO, Any

from numpy.typing import NDArray

from modelwright.data.record_columns import ColumnReader
from modelwright.errors import InputError
from modelwright.predictor.kernel.cells import Cut, cut
from modelwright.predictor.kernel.library import Library
from modelwright.serving.rows.sheets.columns import SheetColumns
from modelwright.serving.rows.sheets.sheet import Piece, Reading, Sheet
from modelwright.serving.rows.upload import Row, csv_rows, in_pieces

_BLOCK = 1 << 18
_LONGEST_HEAD = 1 << 20
_BOM = b"\xef\xbb\xbf"


def sheets_of_csv(
    file: IO[bytes], reading: Reading, header: Sequence[str], library: Library
) -> Iterator[Piece]:
    """Read the rows behind a header.

    Where the text is too odd for the kernel, the rest is read row by row.

    Parameters
    ----------
    file
        Behind the header.
    reading
        What is read of it.
    header
        As `header_of` returned it.
    library
        The compiled kernel, which must read cells.

    Raises
    ------
    InputError
        When the file is damaged.
    """
    columns = SheetColumns(reading)
    held, at, is_over = b"", file.tell(), False
    while True:
        if len(held) < _BLOCK and not is_over:
            block = file.read(_BLOCK)
            is_over = not block
            held += block
        found = cut(
            held,
            separator=reading.separator,
            columns=len(header),
            most=reading.rows,
            ends=is_over,
            library=library,
        )
        if found.state == "odd" or not _is_text(held[: found.used]):
            file.seek(at)
            rest = csv_rows(file, reading.separator, header)
            yield from in_pieces(rest, reading.rows)
            return
        if found.rows:
            yield _piece(found, reading, header, columns)
        elif is_over:
            return
        elif not found.used:
            held += file.read(len(held))
        held, at = held[found.used :], at + found.used


def header_of(file: IO[bytes], separator: str) -> list[str] | None:
    """Return the names of the columns; None where the first line does not hold just them."""
    line = file.readline(_LONGEST_HEAD).removeprefix(_BOM)
    try:
        text = line.decode().removesuffix("\n").removesuffix("\r")
        if not line.endswith(b"\n") or not text or "\r" in text:
            return None
        (names,) = csv.reader([text], delimiter=separator, strict=True)
    except (UnicodeDecodeError, csv.Error):
        return None
    return names if len({*names}) == len(names) else None


def _piece(found: Cut, reading: Reading, header: Sequence[str], columns: SheetColumns) -> Piece:
    one_by_one = partial(_rows, found.text[: found.used], reading.separator, header)
    if found.state != "sound":
        return one_by_one()
    places = {name: place for place, name in enumerate(header)}

    def made(name: str, reader: ColumnReader) -> NDArray[Any]:
        return _column(found, places[name], reader)

    try:
        read = columns.make(found.rows, places, made)
    except InputError:
        return one_by_one()
    name = reading.id_column
    ids = found.texts(places[name]) if name in places else None
    return Sheet(found.rows, read, ids, one_by_one)


def _column(found: Cut, place: int, reader: ColumnReader) -> NDArray[Any]:
    if not reader.takes_numbers:
        return reader.of_levels(*found.groups(place))
    numbers, others = found.numbers(place)
    texts = found.texts(place, others)
    known = {text: reader.read(text) for text in set(texts)}
    numbers[others] = [known[text] for text in texts]
    return reader.of_numbers(numbers)


def _rows(text: bytes, separator: str, header: Sequence[str]) -> list[Row]:
    return list(csv_rows(io.BytesIO(text), separator, header))


def _is_text(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
