"""Rows of a Parquet file, where the server's environment can read one.

A small file can unpack to a very large table. So its own account of rows and bytes is read first,
and what comes out is counted while it is read.
"""

import io
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from starlette.exceptions import HTTPException

from modelwright.errors import MissingDependencyError
from modelwright.serving.limits import Limits
from modelwright.serving.rows.record import Record
from modelwright.serving.rows.shapes import require_distinct
from modelwright.serving.rows.upload import damage_of, load_pyarrow, written

_BATCH = 256
_UNPACKED = 4
"""A table may be this many times larger than the largest body."""
_INDEX = "__index_level_"
"""What pandas calls columns that are no columns."""


def rows_of_parquet(body: bytes, limits: Limits, *, formats: Mapping[str, str]) -> list[Record]:
    """Return the rows of a file.

    Parameters
    ----------
    body
        Its bytes.
    limits
        Of rows, and of bytes.
    formats
        How moments are written, by column; in others by ISO 8601.

    Raises
    ------
    HTTPException
        415 when pyarrow is not installed, 413 when there is too much, 400 when it is no such file.
    """
    try:
        arrow, parquet = load_pyarrow()
    except MissingDependencyError as error:
        raise HTTPException(415, str(error)) from error
    try:
        schema = parquet.read_schema(io.BytesIO(body))
        names = [name for name in schema.names if not name.startswith(_INDEX)]
        require_distinct(names)
        _require_flat(schema)
        # Texts that are repeated stay as short as they are in the file.
        file = parquet.ParquetFile(io.BytesIO(body), read_dictionary=schema.names)
        _require_small(file.metadata, limits)
        return list(_rows(file, {name: formats.get(name) for name in names}, limits))
    except damage_of(arrow) as error:
        raise HTTPException(400, f"The body is no Parquet file: {error!s:.200}.") from error


def _require_small(metadata: Any, limits: Limits) -> None:
    if metadata.num_rows > limits.rows:
        raise HTTPException(
            413, f"{metadata.num_rows:,} rows are more than {limits.rows:,}. Send fewer."
        )
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    _require_room(sum(group.total_byte_size for group in groups), limits)


def _rows(file: Any, formats: Mapping[str, str | None], limits: Limits) -> Iterator[Record]:
    read = 0
    for batch in file.iter_batches(batch_size=_BATCH, columns=[*formats], use_threads=False):
        for cells in zip(*batch.columns, strict=True):
            values = zip(cells, formats.values(), strict=True)
            row = [_plain(cell.as_py(), moment_format) for cell, moment_format in values]
            read += sum(len(value) for value in row if isinstance(value, str))
            _require_room(read, limits)
            yield dict(zip(formats, row, strict=True))


def _require_flat(schema: Any) -> None:
    for field in schema:
        # Lists have no bound in the file's account of itself.
        if field.type.num_fields:
            raise HTTPException(
                400, f"The column {field.name!r:.80} is of type {field.type!s:.40}. Send one value."
            )


def _require_room(size: int, limits: Limits) -> None:
    largest = _UNPACKED * limits.body_bytes
    if size > largest:
        raise HTTPException(413, f"The table is larger than {largest:,} bytes. Send fewer rows.")


def _plain(value: Any, moment_format: str | None) -> Any:
    """Return a value as JSON would have it: the rows are logged so."""
    if isinstance(value, bytes | timedelta) or (isinstance(value, float) and value != value):
        return None if isinstance(value, float) else str(value)
    return written(value, moment_format)
