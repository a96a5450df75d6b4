"""A table, view or query of a SQLite file."""

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from modelwright.data.sources.arrow import from_arrow
from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.files import find_database, read_head, what_is
from modelwright.data.sources.sampling import drawn
from modelwright.data.sources.selection import Selection, as_statement
from modelwright.errors import SourceError

_TABLES = """
    SELECT 'main', name FROM sqlite_master
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name
"""
# The type of a column is found from the first batch and must hold for all others, but SQLite lets
# every value have its own type: one batch takes all rows.
_OPTIONS = {"adbc.sqlite.query.batch_rows": str(2**30)}


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
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    try:
        with (
            dbapi.connect(uri) as connection,
            connection.cursor(adbc_stmt_kwargs=_OPTIONS) as cursor,
        ):
            listed = _fetch(cursor, _TABLES)
            tables = list(zip(*(column.to_pylist() for column in listed.columns), strict=True))
            statement, fact = as_statement(selection, tables, str(path))
            table = _fetch(cursor, statement)
    except (dbapi.Error, OSError, pa.ArrowException) as error:
        raise _fault(path, head, str(error)) from error
    # SQLite has no random numbers that come again.
    return drawn(Reading(from_arrow(table), (fact,)), selection.sample)


def _fetch(cursor: Any, statement: str) -> Any:
    cursor.execute(statement)
    return cursor.fetch_arrow_table()


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
