"""A table, view or query of a SQLite file."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pyarrow as pa

from modelwright.data.sources.arrow import from_arrow
from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.columns import check_unique
from modelwright.data.sources.files import find_database, read_head, what_is
from modelwright.data.sources.order import Order
from modelwright.data.sources.quoting import quoted, text_literal
from modelwright.data.sources.sampling import drawn
from modelwright.data.sources.selection import Selection, as_statement
from modelwright.errors import SourceError

_TABLES = """
    SELECT 'main', name FROM sqlite_master
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name
"""
_KINDS = (
    ("blob", "x'00'", "{0}"),
    ("text", "''", "CAST({0} AS TEXT)"),
    ("real", "0.5", "CAST({0} AS REAL)"),
    ("integer", "0", "{0}"),
)
"""What a value may be, the widest first; a value of it; what reads a column as it."""
_UNNAMED = re.compile("column[0-9]")
"""How SQLite calls a column of a part of a query whose own name it does not take."""
_COPY = 'temp."rows that are asked"'
_BATCH = "adbc.sqlite.query.batch_rows"
_USUAL_ROWS = 2**20
"""Of a batch. The driver sets aside room for all of them, so that more are asked for only where
there are more."""


def open_sqlite(address: str, selection: Selection) -> Deferred:
    """Open a table of a SQLite file, read-only.

    Parameters
    ----------
    address
        A path, or ``sqlite:///path``.
    selection
        A table or a query; neither where the file holds one table.

    Raises
    ------
    SourceError
        When there is no such file.
    """
    return Deferred(address, partial(read_sqlite, find_database(address), selection))


def read_sqlite(path: Path, selection: Selection) -> Reading:
    """Read a table or the result of a query; a column that mixes numbers and texts is text.

    Parameters
    ----------
    path
        A SQLite file that is there.
    selection
        As for `open_sqlite`.

    Raises
    ------
    SourceError
        When the file is damaged or locked, the table does not exist, or the query is refused.
    SchemaError
        When two columns have the same name.
    """
    # The driver takes half a second to import, which files without a database need not wait for.
    from adbc_driver_sqlite import dbapi

    head = read_head(path)
    try:
        with (
            dbapi.connect(_uri(path)) as connection,
            connection.cursor(adbc_stmt_kwargs={_BATCH: str(_USUAL_ROWS)}) as cursor,
        ):
            statement, fact = _statement(cursor, selection, path)
            table = _fetch_whole(cursor, statement)
    except (dbapi.Error, OSError, pa.ArrowException) as error:
        raise _fault(path, head, str(error)) from error
    # SQLite has no random numbers that come again.
    return drawn(Reading(from_arrow(table), (fact,)), selection.sample)


def stream_sqlite(
    path: Path, selection: Selection, order: Order, rows: int
) -> Iterator[pl.DataFrame]:
    """Yield the rows of a table or query, so many at a time.

    In the order of a key each part is a query of its own, so that nothing keeps the file locked
    between two of them, and whoever reads may write there. The types of the columns are found from
    all rows first.

    Parameters
    ----------
    path, selection
        As for `read_sqlite`.
    order
        By a key, or any.
    rows
        At a time.

    Raises
    ------
    SourceError, SchemaError
        As `read_sqlite` does.
    """
    from adbc_driver_sqlite import dbapi

    head = read_head(path)
    options = {_BATCH: str(rows + 1)}
    try:
        with (
            dbapi.connect(_uri(path)) as connection,
            connection.cursor(adbc_stmt_kwargs=options) as cursor,
        ):
            plain = _statement(cursor, selection, path)[0]
            statement = _rows(plain, selection)
            inner = _fetch(cursor, f"SELECT * FROM (\n{statement}\n) AS named LIMIT 0").column_names
            names = _outer_names(cursor, plain, inner)
            check_unique(names)
            order.check(names, str(path))
            outer = dict(zip(inner, names, strict=True))
            order = replace(order, key=dict(zip(names, inner, strict=True)).get(order.key, ""))
            columns = _columns(cursor, statement, inner)
            while order.key:
                wanted = _part(statement, order, columns, limit=f" LIMIT {rows}")
                frame = from_arrow(_fetch(cursor, wanted)).slice(1)
                if frame.height:
                    yield frame.rename(outer)
                if frame.height < rows:
                    return
                order = order.following(frame)
            cursor.execute(_part(statement, order, columns))
            for number, batch in enumerate(cursor.fetch_record_batch()):
                frame = from_arrow(pa.Table.from_batches([batch]))
                yield (frame if number else frame.slice(1)).rename(outer)
    except (dbapi.Error, OSError, pa.ArrowException) as error:
        raise _fault(path, head, str(error)) from error


@contextmanager
def ask_sqlite(
    path: Path, selection: Selection
) -> Iterator[tuple[str, Callable[[str], pl.DataFrame]]]:
    """Open a read-only transaction for questions about the rows of a table or query.

    Yields
    ------
    tuple
        What reads the rows where it stands in ``FROM (...) AS``, and what answers a SELECT.

    Raises
    ------
    SourceError
        When the file is damaged or locked or refuses a question, or the table does not exist.
    """
    from adbc_driver_sqlite import dbapi

    head = read_head(path)
    try:
        with (
            dbapi.connect(_uri(path)) as connection,
            connection.cursor(adbc_stmt_kwargs={_BATCH: str(_USUAL_ROWS)}) as cursor,
        ):
            statement, _ = _statement(cursor, selection, path)
            rows = _asked(cursor, statement, _rows(statement, selection))
            yield rows, lambda query: from_arrow(_fetch_whole(cursor, query))
    except (dbapi.Error, OSError, pa.ArrowException) as error:
        raise _fault(path, head, str(error)) from error


def _uri(path: Path) -> str:
    return f"file:{quote(str(path.absolute()))}?mode=ro"


def _statement(cursor: Any, selection: Selection, path: Path) -> tuple[str, str]:
    listed = _fetch(cursor, _TABLES)
    tables = list(zip(*(column.to_pylist() for column in listed.columns), strict=True))
    return as_statement(selection, tables, str(path))


def _rows(statement: str, selection: Selection) -> str:
    """Return what stands in ``FROM (...) AS``: a table by its name alone.

    Of a SELECT there, SQLite calls columns of the names TRUE and FALSE something else, such as
    column1, and takes these names for texts.
    """
    return statement.removeprefix("SELECT * FROM ") if selection.query is None else statement


def _asked(cursor: Any, statement: str, rows: str) -> str:
    """Return what reads the rows by the names that the statement has alone: a copy, where it must.

    Columns of a table may be called TRUE, even of a temporary one; columns of no part of a query.
    """
    inner = _fetch(cursor, f"SELECT * FROM (\n{rows}\n) AS named LIMIT 0").column_names
    names = _outer_names(cursor, statement, inner)
    if names == inner:
        return rows
    cursor.execute(f"CREATE TEMP TABLE {_COPY} ({', '.join(map(quoted, names))})")
    cursor.execute(f"INSERT INTO {_COPY} {statement}")
    return _COPY


def _outer_names(cursor: Any, statement: str, inner: list[str]) -> list[str]:
    """Return the names that columns have where the statement stands alone."""
    if not any(_UNNAMED.match(name) for name in inner):
        return inner
    cursor.execute(statement)
    return [each[0] for each in cursor.description]


def _columns(cursor: Any, statement: str, names: list[str]) -> list[tuple[str, str, str]]:
    """Return each column's name, a value of its type, and what reads it so."""
    asked = ", ".join(
        f"MAX(typeof({quoted(name)}) = {kind!r})" for name in names for kind, _, _ in _KINDS
    )
    found = _fetch(cursor, f"SELECT {asked} FROM (\n{statement}\n) AS asked")
    flags = [column[0].as_py() for column in found.columns]
    columns = []
    for at, name in enumerate(names):
        has = zip(_KINDS, flags[len(_KINDS) * at :], strict=False)
        _, value, cast = next((kind for kind, is_there in has if is_there), _KINDS[-1])
        columns.append((name, value, cast.format(quoted(name))))
    return columns


def _part(
    statement: str, order: Order, columns: list[tuple[str, str, str]], limit: str = " LIMIT -1"
) -> str:
    """Return the SELECT of some rows after one that settles the types.

    The driver takes the type of a column from the first rows, and SQLite lets each value have its
    own.
    """
    first = ", ".join(f"{value} AS {quoted(name)}" for name, value, _ in columns)
    casts = ", ".join(cast for _, _, cast in columns)
    end = order.clauses(literal=text_literal, nulls_last=False)
    # SQLite drops the order of a part of a query that has no limit.
    part = f"SELECT {casts} FROM (\n{statement}\n) AS unread{end}{limit}"
    return f"SELECT {first} UNION ALL SELECT * FROM (\n{part}\n) AS part"


def _fetch(cursor: Any, statement: str) -> Any:
    cursor.execute(statement)
    return cursor.fetch_arrow_table()


def _fetch_whole(cursor: Any, statement: str) -> Any:
    """Fetch all rows in one batch.

    The driver finds the type of a column from the first batch, and it must hold for all others; but
    SQLite lets every value have its own.
    """
    cursor.execute(statement)
    with cursor.fetch_record_batch() as batches:
        first = next(iter(batches), None)
        if first is None:
            return batches.schema.empty_table()
        if first.num_rows < _USUAL_ROWS:
            return pa.Table.from_batches([first])
    counted = _fetch(cursor, f"SELECT COUNT(*) FROM (\n{statement}\n) AS counted")
    cursor.adbc_statement.set_options(**{_BATCH: str(counted.column(0)[0].as_py() + 1)})
    return _fetch(cursor, statement)


def _fault(path: Path, head: bytes, message: str) -> SourceError:
    if (found := what_is(head)) != "a SQLite database":
        looks = f"; it looks like {found}" if found else ""
        return SourceError(f"{path} is no SQLite database{looks}.", "Name the right file.")
    said = message.partition("\nquery:")[0].rpartition("query: ")[2].strip()
    if "locked" in said:
        return SourceError(f"{path} is locked by another program.", "Close it, or copy the file.")
    if "malformed" in said or "disk I/O" in said:
        return SourceError(f"{path} is damaged: {said}.", "Copy or write the file again.")
    return SourceError(f"{path} refused the query: {said}.", "Mend the query.")
