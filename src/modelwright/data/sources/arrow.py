"""Arrow IPC files and streams, and Feather."""

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from modelwright.data.sources.base import Reading
from modelwright.data.sources.columns import check_unique
from modelwright.data.sources.files import read_head, refuse_foreign
from modelwright.errors import SchemaError, SourceError


def read_arrow(path: Path) -> Reading:
    """Read an Arrow file or stream, whichever it is.

    Parameters
    ----------
    path
        A file that is there.

    Raises
    ------
    SourceError
        When the file is empty, truncated or no Arrow file.
    SchemaError
        When two columns have the same name, or a column is of a type that tables lack.
    """
    head = read_head(path)
    is_file = head.startswith(b"ARROW1")
    if not is_file:
        refuse_foreign(path, head, "Arrow")
    open_ipc = pa.ipc.open_file if is_file else pa.ipc.open_stream
    try:
        # OSError is also what Arrow raises for a truncated file.
        with pa.OSFile(str(path)) as file, open_ipc(file) as reader:
            table = reader.read_all()
    except (pa.ArrowException, OSError) as error:
        raise SourceError(
            f"{path} is truncated, damaged or no Arrow file: {error}.", "Write it again."
        ) from error
    return Reading(from_arrow(table), (f"Read as an Arrow {'file' if is_file else 'stream'}.",))


def from_arrow(table: Any) -> pl.DataFrame:
    """Return a pyarrow table as a polars one.

    Raises
    ------
    SchemaError
        When two columns have the same name, or a column is of a type that polars lacks.

    Examples
    --------
    >>> from_arrow(pa.table({"a": [1, 2]})).height
    2
    """
    check_unique(table.column_names)
    return pl.DataFrame([_series(table, name) for name in table.column_names])


def _series(table: Any, name: str) -> pl.Series:
    try:
        return pl.Series(name, table[name])
    except (pl.exceptions.PolarsError, pa.ArrowException) as error:
        raise SchemaError(
            f"Column {name!r} holds values of type {table[name].type}, which no model can read.",
            "Leave it out, or turn it into numbers or text.",
        ) from error
