"""A table, view or query of a MySQL or MariaDB database."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import polars as pl

from modelwright._plugins import require
from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.columns import check_unique
from modelwright.data.sources.mysql_address import parse_address, settings_of
from modelwright.data.sources.mysql_values import Chunks, Kind
from modelwright.data.sources.order import Order
from modelwright.data.sources.quoting import mysql_literal, mysql_quoted, name_parts
from modelwright.data.sources.sampling import Drawing
from modelwright.data.sources.selection import Selection, one_select, pick_table
from modelwright.data.sources.url import DatabaseUrl
from modelwright.errors import SchemaError, SourceError

_TABLES = """
    SELECT table_schema, table_name, table_schema = DATABASE() FROM information_schema.tables
    WHERE table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED') AND (
        table_schema = DATABASE()
        OR DATABASE() IS NULL
        AND table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
    )
    ORDER BY table_schema, table_name
"""
_SNAPSHOT = (
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SET SESSION time_zone = '+00:00'",  # the server turns timestamps into the zone of the session
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
)
_CASTS = {
    # The server writes a FLOAT with six digits, which is fewer than it has.
    Kind.FLOAT: "{0} + 0e0",
    Kind.BIT: "{0} + 0",
    Kind.GEOMETRY: "ST_AsText({0})",
}
_OPAQUE = re.compile(
    r"""(?P<comment> --(?=\s|$)[^\n]* | \#[^\n]* | /\*(?!M?!).*?\*/ )  # /*! and /*M! are run
      | '(?:[^'\\]|\\.|'')*'
      | "(?:[^"\\]|\\.|"")*"
      | `(?:[^`]|``)*`
    """,
    re.VERBOSE | re.DOTALL,
)
_REMEDIES = {
    1045: "Set the environment variable MYSQL_PWD to the right password, or correct the user.",
    1698: "Set the environment variable MYSQL_PWD to the right password, or correct the user.",
    1044: "Correct the name of the database, or grant the user SELECT on it.",
    1049: "Correct the name of the database, or create it.",
}
_DUPLICATE_COLUMN = 1060
_ENDED = (1053, 1927, 2006, 2013)
"""The server stops, the connection was killed, or it is gone in the middle of a query."""
_CHUNK_ROWS = 20_000


def open_mysql(address: str, selection: Selection) -> Deferred:
    """Open a table of a MySQL or MariaDB database, in a read-only transaction.

    Parameters
    ----------
    address
        ``mysql://user@host:port/database`` or ``mariadb://…``; the password is best left to
        MYSQL_PWD. Options are those of PyMySQL for sockets, time-outs and TLS, such as
        ``?ssl_ca=ca.pem``.
    selection
        A table or a query; neither where the database holds one table.

    Raises
    ------
    SourceError
        When the address is malformed.
    """
    url = parse_address(address)
    return Deferred(url.shown, partial(read_mysql, url, settings_of(url), selection))


def read_mysql(url: DatabaseUrl, settings: dict[str, Any], selection: Selection) -> Reading:
    """Read a table or the result of a query, chunk by chunk, all of it as of one moment.

    Decimals become float64; TIMESTAMP becomes a moment in UTC and DATETIME a time without a zone;
    TIME, which may be longer than a day, becomes seconds; bits become whole numbers; JSON, ENUM,
    SET and shapes become text. A date that no calendar has, such as ``0000-00-00``, is missing and
    a sentence counts them. The session's time zone is UTC, also for what a query computes.

    Parameters
    ----------
    url
        Where the database is.
    settings
        What PyMySQL connects with.
    selection
        As for `open_mysql`.

    Raises
    ------
    MissingDependencyError
        When PyMySQL is not installed.
    SourceError
        When the database does not answer or refuses the password or the query, or the table does
        not exist.
    SchemaError
        When two columns have the same name.
    """
    with _reading(url, settings) as cursor:
        return _read(cursor, selection, url.shown)


def stream_mysql(url: DatabaseUrl, selection: Selection, order: Order) -> Iterator[pl.DataFrame]:
    """Yield the rows of a table or query, some thousands at a time, as of one moment.

    Parameters
    ----------
    url, selection
        As for `read_mysql`.
    order
        By a key, or any.

    Raises
    ------
    MissingDependencyError, SourceError, SchemaError
        As `read_mysql` does.
    """
    with _reading(url, settings_of(url)) as cursor:
        statement, _ = _begin(cursor, selection, url.shown)
        names, kinds = _columns(cursor, statement)
        order.check(names, url.shown)
        casts = f"SELECT {_casts(names, kinds)} FROM (\n{statement}\n) AS wanted"
        arranged = order.arranged(
            casts, literal=mysql_literal, quote=mysql_quoted, nulls_last=False
        )
        cursor.execute(arranged)
        for batch in _batches(cursor):
            chunks = Chunks(names, kinds)
            chunks.add(batch)
            yield chunks.reading().frame


@contextmanager
def ask_mysql(
    url: DatabaseUrl, selection: Selection
) -> Iterator[tuple[str, Callable[[str], pl.DataFrame]]]:
    """Open a read-only transaction for questions about the rows of a table or query.

    Yields
    ------
    tuple
        The SELECT that reads the rows, and what answers a SELECT.

    Raises
    ------
    SourceError
        When the database does not answer or refuses a question, or the table does not exist.
    """
    with _reading(url, settings_of(url)) as cursor:
        statement, _ = _begin(cursor, selection, url.shown)

        def ask(query: str) -> pl.DataFrame:
            names, kinds = _columns(cursor, query)
            return _answers(cursor, query, names, kinds).frame

        casts = _casts(*_columns(cursor, statement))
        yield f"SELECT {casts} FROM (\n{statement}\n) AS wanted", ask


def connect(url: DatabaseUrl, settings: dict[str, Any], *, reading: bool) -> Any:
    """Connect to a database; to read, values stay text and rows come as they are found.

    Raises
    ------
    MissingDependencyError
        When PyMySQL is not installed.
    SourceError
        When it does not answer, or refuses the password.
    """
    driver = require("pymysql", extra="mysql")
    # Values stay text, because a column at once is converted.
    ways = {"conv": driver.converters.encoders, "cursorclass": driver.cursors.SSCursor}
    try:
        return driver.connect(**settings, charset="utf8mb4", **(ways if reading else {}))
    except (driver.MySQLError, OSError) as error:
        raise _no_connection(url, error) from error
    except RuntimeError as error:  # a way to log in that needs a library more
        remedy = "Run: pip install 'modelwright[mysql]'"
        raise SourceError(f"{url.shown} cannot be opened: {error}.", remedy) from error


@contextmanager
def _reading(url: DatabaseUrl, settings: dict[str, Any]) -> Iterator[Any]:
    driver = require("pymysql", extra="mysql")
    connection = connect(url, settings, reading=True)
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    except (driver.MySQLError, OSError) as error:
        raise refusal(url, error) from error


def _read(cursor: Any, selection: Selection, shown: str) -> Reading:
    statement, fact = _begin(cursor, selection, shown)
    names, kinds = _columns(cursor, statement)
    drawing = _drawing(cursor, statement, selection.sample)
    reading = _answers(cursor, statement, names, kinds, where=drawing.where)
    sampled = drawing.facts(reading.frame.height)
    return Reading(reading.frame, (fact, *sampled, *reading.facts))


def _answers(
    cursor: Any, statement: str, names: Sequence[str], kinds: Sequence[Kind], *, where: str = ""
) -> Reading:
    if where or any(kind in _CASTS for kind in kinds):
        casts = _casts(names, kinds)
        statement = f"SELECT {casts} FROM (\n{statement}\n) AS wanted{where}"
    cursor.execute(statement)
    chunks = Chunks(names, kinds)
    for rows in _batches(cursor):
        chunks.add(rows)
    return chunks.reading()


def _begin(cursor: Any, selection: Selection, shown: str) -> tuple[str, str]:
    for statement in _SNAPSHOT:
        cursor.execute(statement)
    cursor.execute(_TABLES)
    return _statement(selection, cursor.fetchall(), shown)


def _columns(cursor: Any, statement: str) -> tuple[list[str], list[Kind]]:
    # No rows yet: whatever its form, a derived table can hold a query but not SELECT INTO a file.
    cursor.execute(f"SELECT * FROM (\n{statement}\n) AS wanted LIMIT 0")
    cursor.fetchall()
    names = [column[0] for column in cursor.description]
    check_unique(names)
    return names, [Kind.of(column[1]) for column in cursor.description]


def _drawing(cursor: Any, statement: str, sample: int | None) -> Drawing:
    def count(query: str) -> int:
        cursor.execute(query)
        return int(cursor.fetchall()[0][0])

    # With a seed of its own the function gives the same numbers each time.
    return Drawing.of_statement(statement, sample, count=count, draw="RAND(7)")


def _batches(cursor: Any) -> Iterator[Sequence[Sequence[str | bytes | None]]]:
    while rows := cursor.fetchmany(_CHUNK_ROWS):
        yield rows


def _statement(
    selection: Selection, tables: Sequence[tuple[str, str, str | None]], shown: str
) -> tuple[str, str]:
    """Return the SELECT that reads what is wanted, and a sentence that says so."""
    if selection.query is not None:
        return one_select(selection.query, _OPAQUE), "Read by a query."
    known = {
        name if own == "1" else f"{schema}.{name}": f"{mysql_quoted(schema)}.{mysql_quoted(name)}"
        for schema, name, own in tables
    }
    parts = name_parts(selection.table or "")
    # The tables of its own database are known by their bare names.
    said = parts[-1] if (*parts, "1") in tables else ".".join(parts)
    if selection.table not in known and said in known:
        selection = Selection(table=said)
    picked = pick_table(selection, list(known), shown)
    return f"SELECT * FROM {known[picked]}", f"Read the table {picked!r}."


def _casts(names: Sequence[str], kinds: Sequence[Kind]) -> str:
    return ", ".join(
        f"{_CASTS.get(kind, '{0}').format(mysql_quoted(name))} AS {mysql_quoted(name)}"
        for name, kind in zip(names, kinds, strict=True)
    )


def _no_connection(url: DatabaseUrl, error: Exception) -> SourceError:
    # The server repeats user, host and database, never the password.
    code, said = _said(error)
    remedy = _REMEDIES.get(code, "Start the database, or correct host and port.")
    return SourceError(f"{url.shown} cannot be opened: {said}.", remedy)


def refusal(url: DatabaseUrl, error: Exception) -> SourceError | SchemaError:
    """Return what the database said against a statement, as a fault for the person."""
    code, said = _said(error)
    if code == _DUPLICATE_COLUMN:
        name = said.partition("'")[2].rpartition("'")[0]
        return SchemaError(
            f"Column names must differ, but {name!r} occurs more than once.", "Rename them."
        )
    if code in _ENDED:
        return SourceError(f"{url.shown} ended the connection: {said}.", "Run the command again.")
    return SourceError(f"{url.shown} refused the query: {said}.", "Mend the query.")


def _said(error: Exception) -> tuple[int, str]:
    code, text = error.args if len(error.args) == 2 else (0, str(error))
    return int(code), str(text).partition("\n")[0].rstrip(". ")
