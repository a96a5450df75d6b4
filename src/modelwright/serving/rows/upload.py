"""Rows of an uploaded file, a few at a time, so that memory holds no more of it.

A row that cannot be read is an `InputError` among the rows; a file that cannot be read any further
raises one.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from types import MappingProxyType
from typing import IO, Any, TypeAlias, TypeVar

import msgspec

from modelwright._plugins import require
from modelwright.data.json_keys import require_keys_once
from modelwright.data.schema import Schema
from modelwright.data.values.moments import text_of
from modelwright.errors import InputError, MissingDependencyError, nearest
from modelwright.serving.reason import reason_of
from modelwright.serving.rows.record import Record

CSV, LINES, PARQUET = "text/csv", "application/x-ndjson", "application/vnd.apache.parquet"
ALSO: Mapping[str, str] = MappingProxyType(
    {
        "application/csv": CSV,
        "application/jsonl": LINES,
        "application/jsonlines": LINES,
        "application/x-jsonlines": LINES,
        "application/parquet": PARQUET,
        "application/x-parquet": PARQUET,
    }
)
"""Other names of the kinds of files."""

Row: TypeAlias = Record | InputError
_Item = TypeVar("_Item")
_BLOCK = 1 << 18
_LONGEST_LINE = 1 << 20
_LONGEST_CELL = 1 << 20
_BATCH_ROWS = 1000


def open_rows(
    file: IO[bytes],
    kind: str,
    *,
    separator: str = ",",
    formats: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Row]:
    """Begin to read the rows of a file.

    Parameters
    ----------
    file
        At its first byte; for Parquet it must be seekable.
    kind
        ``CSV``, ``LINES`` or ``PARQUET``.
    separator
        Between the cells of CSV.
    formats
        How moments are written, by column; in others by ISO 8601. CSV and lines hold them written.

    Raises
    ------
    InputError
        Here or later, when the file is damaged.
    MissingDependencyError
        Here, when this server cannot read Parquet.

    Examples
    --------
    >>> rows = open_rows(io.BytesIO(b"age,job\\n39,clerk\\n40\\n,\\n"), CSV)
    >>> next(rows), str(next(rows)), next(rows)
    ({'age': '39', 'job': 'clerk'}, '1 cell stands under 2 columns.', {'age': None, 'job': None})
    """
    if kind == PARQUET:
        return _parquet(file, formats)
    return csv_rows(file, separator) if kind == CSV else _lines(file)


def check_columns(rows: Iterator[Row], schema: Schema, *, spare: frozenset[str]) -> Iterator[Row]:
    """Refuse a file whose first row has columns that the model does not know, then return all.

    Parameters
    ----------
    rows
        From the first on.
    schema
        What the model reads.
    spare
        Columns that it need not know.

    Raises
    ------
    InputError
        With the column.
    """
    first = [*islice(rows, 1)]
    for row in first:
        if isinstance(row, InputError):
            continue
        for name in row:
            if name not in schema and name not in spare:
                raise InputError(
                    f"There is no field {name!r:.80}. {nearest(name, schema.names)}",
                    f"Leave it, or ask with ?ignore={name:.80}",
                )
    yield from first
    yield from rows


def load_pyarrow() -> tuple[Any, Any]:
    """Return pyarrow and its Parquet, which a server may lack.

    Raises
    ------
    MissingDependencyError
        With what to send instead.
    """
    try:
        return require("pyarrow", extra="parquet"), require("pyarrow.parquet", extra="parquet")
    except MissingDependencyError as error:
        raise MissingDependencyError(
            "This server cannot read Parquet: pyarrow is not installed beside it.",
            f"Send {CSV} or {LINES}.",
        ) from error


def written(value: Any, moment_format: str | None) -> Any:
    """Return a value of Parquet as JSON would have it.

    Examples
    --------
    >>> written(date(2024, 3, 1), None), written(date(2024, 3, 1), "%d.%m.%Y")
    ('2024-03-01', '01.03.2024')
    """
    if isinstance(value, datetime | date | time):
        return text_of(value, moment_format) if moment_format else value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def csv_rows(file: IO[bytes], separator: str, header: Sequence[str] | None = None) -> Iterator[Row]:
    """Read rows of comma-separated values.

    Parameters
    ----------
    file
        Where they stand.
    separator
        Between cells.
    header
        The names of the columns; None when the first line has them.

    Raises
    ------
    InputError
        When the text is damaged.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if header is None else "utf-8", newline="")
    csv.field_size_limit(_LONGEST_CELL)
    try:
        lines = csv.reader(text, delimiter=separator, strict=True)
        header = next(lines, None) if header is None else header
        if header is None:
            return
        if len({*header}) < len(header):
            raise InputError("Two columns have the same name.", "Name each once.")
        yield from (_cells(header, line) for line in lines if line)
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"The CSV is damaged: {error}.", "Send it again from there.") from error
    finally:
        if not file.closed:
            text.detach()


def _cells(header: Sequence[str], line: list[str]) -> Row:
    if len(line) != len(header):
        cells = "1 cell stands" if len(line) == 1 else f"{len(line)} cells stand"
        return InputError(f"{cells} under {len(header)} columns.")
    return {name: cell or None for name, cell in zip(header, line, strict=True)}


def some_lines(file: IO[bytes], most: int) -> Iterator[list[bytes]]:
    """Read lines, some at a time and never none; empty ones are left out.

    Raises
    ------
    InputError
        When one is too long.
    """
    rest, is_over = b"", False
    while not is_over:
        block = file.read(_BLOCK)
        is_over = not block
        *lines, rest = (rest + block).split(b"\n")
        if is_over:
            lines.append(rest)
        if len(rest) >= _LONGEST_LINE or any(len(line) >= _LONGEST_LINE for line in lines):
            raise InputError(
                f"A line is longer than {_LONGEST_LINE:,} bytes.", "Send shorter rows."
            )
        yield from in_pieces((line for line in lines if line.strip()), most)


def _lines(file: IO[bytes]) -> Iterator[Row]:
    for lines in some_lines(file, _BATCH_ROWS):
        yield from map(object_of, lines)


def object_of(line: bytes) -> Row:
    """Return the row of a line of JSON.

    Examples
    --------
    >>> object_of(b'{"age": 39}')
    {'age': 39}
    """
    try:
        row = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return InputError(f"The line is no JSON object: {reason_of(line, error)}.")
    if line.count(b":") > len(row):
        try:
            require_keys_once(line)
        except ValueError as error:
            return InputError(str(error))
    return row


def _parquet(file: IO[bytes], formats: Mapping[str, str]) -> Iterator[Row]:
    arrow, parquet = load_pyarrow()

    def read() -> Iterator[Row]:
        with damaged_parquet(arrow):
            # Not all row groups at once, and not all columns of a group decoded before they are
            # asked for.
            table = parquet.ParquetFile(file, pre_buffer=False)
            for batch in table.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
                yield from (plain_row(row, formats) for row in batch.to_pylist())

    return read()


def damage_of(arrow: Any) -> tuple[type[Exception], ...]:
    """Return what pyarrow raises about a file that is damaged.

    Texts that are no UTF-8, and days that no calendar has, are found where a value is made of them.
    """
    return (arrow.ArrowException, OSError, ValueError, OverflowError)


@contextmanager
def damaged_parquet(arrow: Any) -> Iterator[None]:
    """Tell what pyarrow says about a file as a fault of the file."""
    try:
        yield
    except damage_of(arrow) as error:
        raise InputError(f"The Parquet file is damaged: {error}.", "Send it again.") from error


def plain_row(row: Mapping[str, Any], formats: Mapping[str, str]) -> Row:
    """Return a row of Parquet as JSON would have it."""
    return {name: written(value, formats.get(name)) for name, value in row.items()}


def in_pieces(rows: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Return rows some at a time."""
    remaining = iter(rows)
    while piece := [*islice(remaining, size)]:
        yield piece
