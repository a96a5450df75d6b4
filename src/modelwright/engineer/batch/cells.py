"""A typed table laid out for a compiled program, without an object for each text."""

import numpy as np
import polars as pl

from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.compiled import Cells, CompiledProgram
from modelwright.predictor.operations.base import Value


def cells_of(table: pl.DataFrame, program: CompiledProgram) -> Cells:
    """Return a table's cells in the order in which a program reads them.

    Parameters
    ----------
    table
        As `conform` returns it, with at least the inputs of the program.
    program
        Says which columns, in which order.
    """
    texts = table.select(program.names_of("string"))
    numbers = table.select(program.names_of("number")).cast(pl.Float64)
    moments = table.select(program.names_of("datetime")).cast(pl.Datetime("us")).cast(pl.Int64)
    written, starts = _written(texts)
    lengths = texts.select(pl.all().str.len_bytes().cast(pl.Int32).fill_null(-1))
    return Cells(
        rows=table.height,
        numbers=_by_row(numbers.fill_null(np.nan), np.float64),
        moments=_by_row(moments.fill_null(MISSING_DATETIME), np.int64),
        texts=written,
        starts=starts,
        sizes=_by_row(lengths, np.int32),
    )


def _written(texts: pl.DataFrame) -> tuple[Value, Value]:
    """Return the bytes of all texts row after row, and where each row begins."""
    if not texts.width:
        return np.zeros(0, dtype=np.uint8), np.zeros(max(1, texts.height), dtype=np.int64)
    rows = texts.select(pl.concat_str(pl.all().fill_null(""))).to_series().rechunk()
    array = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    starts = np.frombuffer(offsets, dtype=np.int64)[array.offset :]
    written = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8)
    return written, starts


def _by_row(table: pl.DataFrame, dtype: type) -> Value:
    if not table.width:
        return np.zeros((max(1, table.height), 0), dtype=dtype)
    return np.ascontiguousarray(table.to_numpy(order="c"), dtype=dtype)
