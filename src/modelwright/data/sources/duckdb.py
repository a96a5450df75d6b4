"""A table, view or query of a DuckDB file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from modelwright.data.sources.arrow import from_arrow
from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.columns import check_unique
from modelwright.data.sources.files import find_database
from modelwright.data.sources.order import Order
from modelwright.data.sources.quoting import quoted, text_literal
from modelwright.data.sources.sampling import Drawing
from modelwright.data.sources.selection import Selection, as_statement
from modelwright.errors import SourceError

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    # Extensions are downloads at run time.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_SCANNED_BYTES = 128_000_000
"""Kept of a file while the rows of a table pass by, in any order; else as much as there is room
for, up to all of it."""
_COLUMN_BYTES = 1_000_000
"""Kept beside it for each column: a thread holds a block of each at once, and 500 columns of
numbers took more than 256 MB."""
_FAULTS = (duckdb.Error, pa.ArrowException, OSError)
"""Arrow tells in its own words of what DuckDB meets while rows are read."""
_LACK = "Out of Memory"
_TABLES = """
    SELECT table_schema, table_name FROM information_schema.tables
    WHERE table_catalog = current_database() ORDER BY table_schema, table_name
"""
_VIEWS = """
    SELECT table_name FROM information_schema.tables
    WHERE table_catalog = current_database() AND table_type <> 'BASE TABLE'
"""
_CASTS = {
    "INTERVAL": "epoch({0})",
    "HUGEINT": "{0}::DOUBLE",
    "UHUGEINT": "{0}::DOUBLE",
    "BIGNUM": "{0}::DOUBLE",
    "BIT": "{0}::VARCHAR",
    "JSON": "{0}::VARCHAR",
}
"""How types without a counterpart in tables are read."""


def open_duckdb(address: str, selection: Selection) -> Deferred:
    """Open a table of a DuckDB file, read-only.

    Parameters
    ----------
    address
        A path, or ``duckdb:///path``.
    selection
        A table or a query; neither where the file holds one table.

    Raises
    ------
    SourceError
        When there is no such file.
    """
    return Deferred(address, partial(read_duckdb, find_database(address), selection))


def read_duckdb(path: Path, selection: Selection) -> Reading:
    """Read a table or the result of a query.

    Intervals become seconds, huge integers float64, and bits and JSON text.

    Parameters
    ----------
    path
        A DuckDB file that is there.
    selection
        As for `open_duckdb`.

    Raises
    ------
    SourceError
        When the file is damaged or locked, the table does not exist, or the query is refused.
    SchemaError
        When two columns have the same name.
    """
    try:
        with connect(path, read_only=True) as connection:
            tables = connection.execute(_TABLES).fetchall()
            statement, fact = as_statement(selection, tables, str(path))
            drawing = _drawing(connection, statement, selection.sample)
            wanted = f"SELECT * FROM (\n{statement}\n) AS wanted{drawing.where}"
            frame = read_relation(connection.sql(wanted if drawing.where else statement))
            return Reading(frame, (fact, *drawing.facts(frame.height)))
    except duckdb.Error as error:
        raise _fault(path, str(error)) from error


def stream_duckdb(
    path: Path, selection: Selection, order: Order, rows: int
) -> Iterator[pl.DataFrame]:
    """Yield the rows of a table or query, so many at a time, as of one moment.

    Parameters
    ----------
    path, selection
        As for `read_duckdb`.
    order
        By a key, or any.
    rows
        At a time.

    Raises
    ------
    SourceError, SchemaError
        As `read_duckdb` does.
    """
    try:
        with connect(path, read_only=True) as connection:
            tables = connection.execute(_TABLES).fetchall()
            statement, _ = as_statement(selection, tables, str(path))
            relation = connection.sql(statement)
            check_unique(relation.columns)
            order.check(relation.columns, str(path))
            casts = f"SELECT {_casts(relation)} FROM (\n{statement}\n) AS wanted"
            arranged = order.arranged(casts, literal=text_literal, nulls_last=True)
            if not order.key and _is_scan(connection, selection, tables):
                batches = _scan(connection, arranged, rows, columns=len(relation.columns))
            else:
                batches = iter(connection.sql(arranged).to_arrow_reader(rows))
            for batch in batches:
                yield from_arrow(pa.Table.from_batches([batch]))
    except _FAULTS as error:
        raise _fault(path, str(error)) from error


@contextmanager
def ask_duckdb(
    path: Path, selection: Selection
) -> Iterator[tuple[str, Callable[[str], pl.DataFrame]]]:
    """Open a read-only transaction for questions about the rows of a table or query.

    Yields
    ------
    tuple
        The SELECT that reads the rows, and what answers a SELECT.

    Raises
    ------
    SourceError
        When the file is damaged or locked or refuses a question, or the table does not exist.
    """
    try:
        with connect(path, read_only=True) as connection:
            connection.execute("BEGIN TRANSACTION")
            tables = connection.execute(_TABLES).fetchall()
            statement, _ = as_statement(selection, tables, str(path))
            relation = connection.sql(statement)
            check_unique(relation.columns)
            wanted = f"SELECT {_casts(relation)} FROM (\n{statement}\n) AS wanted"
            yield wanted, lambda query: read_relation(connection.sql(query))
    except duckdb.Error as error:
        raise _fault(path, str(error)) from error


def connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Connect to a file; also to one that this process has open to write.

    Raises
    ------
    duckdb.Error
        When it is damaged, or in use by another program.
    """
    try:
        connection = duckdb.connect(path, read_only=read_only, config=_SETTINGS)
    except duckdb.ConnectionException:
        # One process has a file open in one way only.
        connection = duckdb.connect(path, config=_SETTINGS)
    # What a query makes of a moment is the same on every machine, and as the server asks.
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def read_relation(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """Return the rows of a relation.

    Raises
    ------
    SchemaError
        When two columns have the same name.

    Examples
    --------
    >>> read_relation(duckdb.sql("SELECT INTERVAL 1 MINUTE AS wait")).rows()
    [(60.0,)]
    """
    check_unique(relation.columns)
    return from_arrow(relation.project(_casts(relation)).to_arrow_table())


def _casts(relation: duckdb.DuckDBPyRelation) -> str:
    return ", ".join(
        f"{_CASTS.get(str(dtype), '{0}').format(quoted(name))} AS {quoted(name)}"
        for name, dtype in zip(relation.columns, relation.types, strict=True)
    )


def _is_scan(
    connection: duckdb.DuckDBPyConnection, selection: Selection, tables: list[Any]
) -> bool:
    """Return whether rows come as they are stored, so that nothing has to be put aside."""
    if selection.query:
        return False
    name = selection.table or tables[0][1]
    views = {view for (view,) in connection.execute(_VIEWS).fetchall()}
    return name not in views and name.rpartition(".")[2] not in views


def _scan(
    connection: duckdb.DuckDBPyConnection, statement: str, rows: int, *, columns: int
) -> Iterator[pa.RecordBatch]:
    """Yield rows while little of the file is held, or as much as it takes where that is too little.

    Blocks are held for each thread, so there is one.
    """
    usual = connection.execute("SELECT current_setting('memory_limit')").fetchall()[0][0]
    connection.execute("SET threads = 1")
    connection.execute(f"SET memory_limit = '{_SCANNED_BYTES + _COLUMN_BYTES * columns}B'")
    batches: Iterator[pa.RecordBatch]
    try:
        batches = iter(connection.sql(statement).to_arrow_reader(rows))
        first = next(batches, None)
    except _FAULTS as error:
        if _LACK not in str(error):
            raise
        # RESET says so in older versions, and changes nothing.
        connection.execute(f"SET memory_limit = '{usual}'")
        batches = iter(connection.sql(statement).to_arrow_reader(rows))
        first = next(batches, None)
    if first is not None:
        yield first
        yield from batches


def _drawing(connection: duckdb.DuckDBPyConnection, statement: str, sample: int | None) -> Drawing:
    def count(query: str) -> int:
        return int(connection.execute(query).fetchall()[0][0])

    drawing = Drawing.of_statement(statement, sample, count=count, draw="random()")
    if drawing.where:
        # The same rows again: one thread draws the numbers, in the order of the rows.
        connection.execute("SET threads = 1")
        connection.execute("SELECT setseed(0.5)").fetchall()
    return drawing


def _fault(path: Path, message: str) -> SourceError:
    first = message.partition("\n")[0].rstrip(".!")
    if "Could not set lock" in first:
        return SourceError(
            f"{path} is in use by another program.", "Close it there, or copy the file."
        )
    if _LACK in first:
        return SourceError(
            f"{path} takes more memory than there is: {first}.", "Name fewer columns in a query."
        )
    if first.startswith(("IO Error", "Serialization Error")):
        return SourceError(f"{path} cannot be opened: {first}.", "Copy or write the file again.")
    return SourceError(f"{path} refused the query: {first}.", "Mend the query.")
