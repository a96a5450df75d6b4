"""CSV and TSV files, plain, gzipped or zipped alone."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from modelwright.data.sources.base import Reading
from modelwright.data.sources.columns import named
from modelwright.data.sources.decimals import point_decimals
from modelwright.data.sources.dialect import (
    LONGEST_RECORD_BYTES,
    Dialect,
    below_titles,
    infer_dialect,
    is_padded,
    split_records,
    without_padding,
)
from modelwright.data.sources.encoding import to_utf8
from modelwright.data.sources.files import access, read_head, read_unpacked, refuse_foreign
from modelwright.data.sources.titles import rows_alone, said_of_titles
from modelwright.errors import SourceError

_PART_BYTES = 1 << 22


def read_delimited(path: Path) -> Reading:
    """Read a table of delimited text; every column is text, as the file writes it.

    Encoding, delimiter and decimal commas are detected. An empty field is null, quoted or not;
    blank lines are skipped, as are titles above the names and totals below the rows; leading zeros
    and spaces stay, but for blanks around all fields of a file. Quotes are doubled inside quotes
    (RFC 4180). Where a file with tabs breaks that rule, its quotes are characters as others.

    Parameters
    ----------
    path
        A file that is there.

    Raises
    ------
    SourceError
        When the file is empty, undecodable, no text, or a record has too many or too few fields.
    """
    raw, unpacked = read_unpacked(path)
    refuse_foreign(path, raw[:512], "delimited text")
    decoded = to_utf8(raw, str(path))
    utf8, padding = _unpadded(decoded.text)
    dialect = _sound_dialect(utf8, path)
    names, unnamed = named(dialect.header)
    text = _parse(utf8, dialect, path).rename(dict(zip(_positions(dialect), names, strict=True)))
    rows = rows_alone(text)
    reading = point_decimals(rows.frame, dialect.delimiter)
    detected = f"Read as delimited text: {dialect.words}, {decoded.words}."
    around = (*said_of_titles(dialect.titles), *rows.facts)
    facts = (*unpacked, detected, *padding, *around, *unnamed, *_doubts(dialect), *reading.facts)
    return replace(reading, facts=facts, lines_around=bool(around), encoding=decoded.encoding)


@dataclass(frozen=True)
class Layout:
    """How a file of delimited text is written that can be read from its begin.

    Parameters
    ----------
    dialect
        Separated by commas.
    names
        Of the columns.
    """

    dialect: Dialect
    names: tuple[str, ...]


def layout_of(path: Path) -> Layout | None:
    """Return how a file is written; None where only all of it tells.

    All bytes are looked at once, none is kept.

    Raises
    ------
    SourceError
        When the file is empty, no text, or its quotes do not match.
    """
    head = read_head(path, LONGEST_RECORD_BYTES)
    if head.startswith((b"\x1f\x8b", b"PK\x03\x04")) or not _is_utf8(path):
        return None
    refuse_foreign(path, head[:512], "delimited text")
    end = head.rfind(b"\n") if len(head) == LONGEST_RECORD_BYTES else len(head)
    start = head[:end].removeprefix(codecs.BOM_UTF8)
    dialect = infer_dialect(start)
    if not dialect.header or (dialect.delimiter != "," and len(dialect.header) > 1):
        return None
    if dialect.titles or is_padded(dialect):
        return None
    if _has_quotes(path) and (fault := _fault(path.open("rb"), dialect, path)):
        raise fault
    return Layout(dialect, tuple(named(dialect.header)[0]))


def stream_delimited(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """Yield the rows of a file, some megabytes of it at a time.

    Raises
    ------
    SourceError
        When a record has too many or too few fields.
    """
    names = dict(zip(_positions(layout.dialect), layout.names, strict=True))
    is_header = True
    try:
        with pa_csv.open_csv(path, **_options(layout.dialect)) as reader:
            for batch in reader:
                frame = pl.DataFrame(pl.from_arrow(batch)).rename(names)
                yield frame.slice(1) if is_header else frame
                is_header = False
    except pa.ArrowInvalid as error:
        raise _fault(path.open("rb"), layout.dialect, path) or SourceError(
            f"{path} cannot be parsed: {error}."
        ) from error


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for part in _parts(path):
            if b"\0" in part:
                return False
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_quotes(path: Path) -> bool:
    return any(b'"' in part for part in _parts(path))


def _parts(path: Path) -> Iterator[bytes]:
    with access(path), path.open("rb") as file:
        while part := file.read(_PART_BYTES):
            yield part


def _unpadded(utf8: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a text without blanks around its fields where its names have them, and say so."""
    dialect = infer_dialect(utf8)
    if not is_padded(dialect):
        return utf8, ()
    try:
        return without_padding(utf8, dialect), ("Blanks around names and values were left out.",)
    except csv.Error:
        return utf8, ("Blanks stand around fields and were kept, for the quotes do not match.",)


def _doubts(dialect: Dialect) -> tuple[str, ...]:
    if all(re.fullmatch(r"\s*[+-]?[\d.]+\s*", name) for name in dialect.header):
        return ("The first line holds numbers only, and they were taken for the names.",)
    return ()


def _sound_dialect(utf8: bytes, path: Path) -> Dialect:
    """Return the dialect, once the quotes of the whole text agree with it.

    The fast parser below takes a quote that is never closed for a long field, and would so lose
    rows without a word; a text without quotes needs no second look.
    """
    dialect = infer_dialect(utf8)
    if not dialect.header:
        raise _fault(utf8, dialect, path) or SourceError(
            f"{path} holds nothing but blank lines.", "Write the table again."
        )
    fault = _fault(utf8, dialect, path) if b'"' in utf8 else None
    if fault and dialect.delimiter == "\t":
        dialect = replace(dialect, quoted=False)
        fault = _fault(utf8, dialect, path)
    if fault:
        raise fault
    return dialect


def _parse(utf8: bytes, dialect: Dialect, path: Path) -> pl.DataFrame:
    try:
        table = _parse_records(below_titles(utf8, dialect), dialect)
    except pa.ArrowInvalid as error:
        raise _fault(utf8, dialect, path) or SourceError(
            f"{path} cannot be parsed: {error}."
        ) from error
    return pl.DataFrame(pl.from_arrow(table)).slice(1)


def _parse_records(utf8: bytes, dialect: Dialect) -> Any:
    # The header is parsed as a record too: only so may it hold quoted line ends.
    return pa_csv.read_csv(pa.BufferReader(utf8), **_options(dialect))


def _options(dialect: Dialect) -> dict[str, Any]:
    columns = _positions(dialect)
    return {
        "read_options": pa_csv.ReadOptions(column_names=columns, block_size=LONGEST_RECORD_BYTES),
        "parse_options": pa_csv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char='"' if dialect.quoted else False,
            newlines_in_values=dialect.quoted,
        ),
        "convert_options": pa_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    }


def _positions(dialect: Dialect) -> list[str]:
    return [str(position) for position in range(len(dialect.header))]


def _fault(utf8: bytes | BinaryIO, dialect: Dialect, path: Path) -> SourceError | None:
    expected = len(dialect.header)
    line = 0
    try:
        for line, record in split_records(utf8, dialect):
            if line >= dialect.line and len(record) != expected:
                return _ragged(path, line, len(record), expected)
    except csv.Error as error:
        return SourceError(
            f"{path}: the quotes of the record after line {line} do not match ({error}).",
            "Close each quote, and double the quotes inside a quoted field.",
        )
    return None


def _ragged(path: Path, line: int, found: int, expected: int) -> SourceError:
    return SourceError(
        f"{path}, line {line}: {found} field{'s' * (found != 1)} found, "
        f"{expected} expected as in the line of the names.",
        "Mend the line: a field that holds a delimiter or a line end needs quotes.",
    )
