"""CSV and TSV files, plain, gzipped or zipped alone."""

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from modelwright.data.sources.base import Reading
from modelwright.data.sources.columns import named
from modelwright.data.sources.decimals import point_decimals
from modelwright.data.sources.dialect import (
    LONGEST_RECORD_BYTES,
    Dialect,
    infer_dialect,
    split_records,
)
from modelwright.data.sources.encoding import to_utf8
from modelwright.data.sources.files import read_unpacked, refuse_foreign
from modelwright.errors import SourceError


def read_delimited(path: Path) -> Reading:
    """Read a table of delimited text; every column is text, as the file writes it.

    Encoding, delimiter and decimal commas are detected. An empty field is null, quoted or not;
    blank lines are skipped; leading zeros and spaces stay. Quotes are doubled inside quotes
    (RFC 4180). Where a file with tabs breaks that rule, its quotes are characters as others.

    Parameters
    ----------
    path
        A file that is there.

    Raises
    ------
    SourceError
        When the file is empty, undecodable, no text, or a record has too many or too few fields.
    SchemaError
        When two columns have the same name.
    """
    raw, unpacked = read_unpacked(path)
    refuse_foreign(path, raw[:512], "delimited text")
    utf8, encoding = to_utf8(raw, str(path))
    dialect = _sound_dialect(utf8, path)
    names, unnamed = named(dialect.header)
    text = _parse(utf8, dialect, path).rename(dict(zip(_positions(dialect), names, strict=True)))
    reading = point_decimals(text, dialect.delimiter)
    detected = f"Read as delimited text: {dialect.words}, {encoding}."
    facts = (*unpacked, detected, *unnamed, *_doubts(dialect), *reading.facts)
    return Reading(reading.frame, facts)


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
        table = _parse_records(utf8, dialect)
    except pa.ArrowInvalid as error:
        raise _fault(utf8, dialect, path) or SourceError(
            f"{path} cannot be parsed: {error}."
        ) from error
    return pl.DataFrame(pl.from_arrow(table)).slice(1)


def _parse_records(utf8: bytes, dialect: Dialect) -> Any:
    # The header is parsed as a record too: only so may it hold quoted line ends.
    columns = _positions(dialect)
    return pa_csv.read_csv(
        pa.BufferReader(utf8),
        read_options=pa_csv.ReadOptions(column_names=columns, block_size=LONGEST_RECORD_BYTES),
        parse_options=pa_csv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char='"' if dialect.quoted else False,
            newlines_in_values=dialect.quoted,
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def _positions(dialect: Dialect) -> list[str]:
    return [str(position) for position in range(len(dialect.header))]


def _fault(utf8: bytes, dialect: Dialect, path: Path) -> SourceError | None:
    expected = len(dialect.header)
    line = 0
    try:
        for line, record in split_records(utf8, dialect):
            if len(record) != expected:
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
        f"{expected} expected as in the first line.",
        "Mend the line: a field that holds a delimiter or a line end needs quotes, "
        "and titles above the header have to go.",
    )
