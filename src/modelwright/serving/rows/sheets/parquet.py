"""Sheets of Parquet, whose columns stand there already."""

from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from numpy.typing import NDArray

from modelwright.data.record_columns import ColumnReader
from modelwright.errors import InputError
from modelwright.serving.rows.sheets.columns import SheetColumns
from modelwright.serving.rows.sheets.sheet import Piece, Reading, Sheet
from modelwright.serving.rows.upload import Row, damaged_parquet, load_pyarrow, plain_row, written


def sheets_of_parquet(file: IO[bytes], reading: Reading) -> Iterator[Piece]:
    """Read the rows of a file.

    Raises
    ------
    InputError
        When the file is damaged.
    MissingDependencyError
        When this server cannot read Parquet.
    """
    arrow, parquet = load_pyarrow()
    columns = SheetColumns(reading)
    with damaged_parquet(arrow):
        # Not all row groups at once, and not all columns of a group decoded before they are asked
        # for.
        table = parquet.ParquetFile(file, pre_buffer=False)
        for batch in table.iter_batches(batch_size=reading.rows, use_threads=False):
            yield _sheet(batch, reading, columns, arrow)


def _sheet(batch: Any, reading: Reading, columns: SheetColumns, arrow: Any) -> Piece:
    def made(name: str, reader: ColumnReader) -> NDArray[Any]:
        return _column(batch.column(name), reader, reading.formats.get(name), arrow)

    one_by_one = partial(_rows, batch, reading, arrow)
    try:
        read = columns.make(batch.num_rows, batch.schema.names, made)
    except (InputError, arrow.ArrowException):
        return one_by_one()
    ids = None
    if (name := reading.id_column) in batch.schema.names:
        moments = reading.formats.get(name)
        ids = [written(value, moments) for value in batch.column(name).to_pylist()]
    return Sheet(batch.num_rows, read, ids, one_by_one)


def _column(
    column: Any, reader: ColumnReader, moment_format: str | None, arrow: Any
) -> NDArray[Any]:
    kind, types = column.type, arrow.types
    if reader.takes_numbers and (types.is_float64(kind) or types.is_integer(kind)):
        return reader.of_numbers(column.to_numpy(zero_copy_only=False).astype("float64"))
    # Each different value is read once, whatever it is.
    coded = column if types.is_dictionary(kind) else column.dictionary_encode()
    levels = [written(value, moment_format) for value in coded.dictionary.to_pylist()]
    codes = coded.indices.fill_null(len(levels)).to_numpy(zero_copy_only=False)
    return reader.of_levels([*levels, None], codes)


def _rows(batch: Any, reading: Reading, arrow: Any) -> list[Row]:
    with damaged_parquet(arrow):
        return [plain_row(row, reading.formats) for row in batch.to_pylist()]
