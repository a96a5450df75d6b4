"""A table, view or query of a PostgreSQL database."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import polars as pl
import pyarrow as pa

from modelwright.data.sources.arrow import from_arrow
from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.columns import check_unique
from modelwright.data.sources.order import Order
from modelwright.data.sources.postgresql_address import POSTGRESQL, libpq_address
from modelwright.data.sources.quoting import quoted, text_literal
from modelwright.data.sources.sampling import Drawing
from modelwright.data.sources.selection import Selection, as_statement, refuse_locked
from modelwright.data.sources.url import DatabaseUrl
from modelwright.errors import SourceError

_TABLES = """
    SELECT namespace.nspname::text, relation.relname::text,
           has_schema_privilege(namespace.oid, 'USAGE')
           AND has_table_privilege(relation.oid, 'SELECT') AS may_be_read
    FROM pg_catalog.pg_class AS relation
    JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = relation.relnamespace
    WHERE relation.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relation.relispartition
      AND namespace.nspname <> 'information_schema' AND namespace.nspname NOT LIKE 'pg\\_%'
    ORDER BY 1, 2
"""
_REMEDIES = (
    ("password", "Set the environment variable PGPASSWORD to the right password."),
    ("database", "Correct the name of the database, or create it."),
    ("role", "Correct the name of the user."),
    ("option", "Correct the address."),
    ("parameter", "Correct what stands after the question mark of the address."),
)
_ENDED = (
    "terminating connection",
    "closed the connection",
    "connection has been closed",
    "could not receive data",
    "no connection to the server",
)
"""What libpq says where the server or the way to it is gone in the middle of a query."""


def open_postgresql(address: str, selection: Selection) -> Deferred:
    """Open a table of a PostgreSQL database, in a read-only transaction.

    Parameters
    ----------
    address
        ``postgresql://user@host:port/database``; the password is best left to PGPASSWORD.
    selection
        A table or a query; neither where the database holds one table.

    Raises
    ------
    SourceError
        When the address is malformed.
    """
    url = DatabaseUrl.parse(address, POSTGRESQL)
    return Deferred(url.shown, partial(read_postgresql, url, selection))


def read_postgresql(url: DatabaseUrl, selection: Selection) -> Reading:
    """Read a table or the result of a query.

    Decimals become float64 and intervals seconds; types without a counterpart, such as uuid, json
    and network addresses, become text.

    Parameters
    ----------
    url
        Where the database is.
    selection
        As for `open_postgresql`.

    Raises
    ------
    SourceError
        When the database does not answer or refuses the password or the query, or the table does
        not exist.
    SchemaError
        When two columns have the same name.
    """
    with _reading(url) as cursor:
        statement, fact = _statement(cursor, selection, url)
        casts = _casts(cursor.adbc_execute_schema(statement))
        drawing = _drawing(cursor, statement, selection.sample)
        wanted = f"SELECT {casts} FROM (\n{statement}\n) AS wanted{drawing.where}"
        table = _fetch(cursor, wanted)
    return Reading(from_arrow(table), (fact, *drawing.facts(table.num_rows)))


def stream_postgresql(
    url: DatabaseUrl, selection: Selection, order: Order
) -> Iterator[pl.DataFrame]:
    """Yield the rows of a table or query some megabytes at a time, as of one moment.

    Parameters
    ----------
    url, selection
        As for `read_postgresql`.
    order
        By a key, or any.

    Raises
    ------
    SourceError, SchemaError
        As `read_postgresql` does.
    """
    with _reading(url) as cursor:
        statement, _ = _statement(cursor, selection, url)
        schema = cursor.adbc_execute_schema(statement)
        order.check(schema.names, url.shown)
        casts = f"SELECT {_casts(schema)} FROM (\n{statement}\n) AS wanted"
        cursor.execute("SET LOCAL standard_conforming_strings = on")
        # Whoever reads again meets the rows in the same order, also while others read them.
        cursor.execute("SET LOCAL synchronize_seqscans = off")
        cursor.execute(order.arranged(casts, literal=text_literal, nulls_last=True))
        for batch in cursor.fetch_record_batch():
            yield from_arrow(pa.Table.from_batches([batch]))


@contextmanager
def ask_postgresql(
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
    with _reading(url) as cursor:

        def ask(query: str) -> pl.DataFrame:
            casts = _casts(cursor.adbc_execute_schema(query))
            return from_arrow(_fetch(cursor, f"SELECT {casts} FROM (\n{query}\n) AS answers"))

        statement, _ = _statement(cursor, selection, url)
        casts = _casts(cursor.adbc_execute_schema(statement))
        yield f"SELECT {casts} FROM (\n{statement}\n) AS wanted", ask


def connect(url: DatabaseUrl) -> Any:
    """Connect to a database.

    Raises
    ------
    SourceError
        When it does not answer, or refuses the password.
    """
    # The driver takes half a second to import, which files without a database need not wait for.
    from adbc_driver_postgresql import dbapi

    try:
        return dbapi.connect(libpq_address(url))
    except dbapi.Error as error:
        raise _no_connection(url, str(error)) from error


@contextmanager
def _reading(url: DatabaseUrl) -> Iterator[Any]:
    """Give a cursor of a transaction that only reads, and turn its faults into sentences."""
    from adbc_driver_postgresql import dbapi

    connection = connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # What a query makes of a moment is the same for everybody, and as the server asks.
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            yield cursor
    except (dbapi.Error, OSError, pa.ArrowException) as error:
        raise refusal(url, str(error)) from error


def _statement(cursor: Any, selection: Selection, url: DatabaseUrl) -> tuple[str, str]:
    listed = _fetch(cursor, _TABLES)
    rows = list(zip(*(column.to_pylist() for column in listed.columns), strict=True))
    locked = [(schema, name) for schema, name, may_be_read in rows if not may_be_read]
    refuse_locked(selection, locked, url.shown)
    tables = [(schema, name) for schema, name, may_be_read in rows if may_be_read]
    return as_statement(selection, tables, url.shown)


def _fetch(cursor: Any, statement: str) -> Any:
    cursor.execute(statement)
    return cursor.fetch_arrow_table()


def _drawing(cursor: Any, statement: str, sample: int | None) -> Drawing:
    def count(query: str) -> int:
        return int(_fetch(cursor, query).columns[0][0].as_py())

    drawing = Drawing.of_statement(statement, sample, count=count, draw="random()")
    if drawing.where:
        # The same rows again: a scan begins at the first page, and the numbers at the same seed.
        cursor.execute("SET LOCAL synchronize_seqscans = off")
        _fetch(cursor, "SELECT setseed(0.5)::text AS seeded")
    return drawing


def _casts(schema: Any) -> str:
    check_unique(schema.names)
    return ", ".join(f"{_cast(field)} AS {quoted(field.name)}" for field in schema)


def _cast(field: Any) -> str:
    """Return the expression of a column that the driver reads as a type that tables have."""
    name = quoted(field.name)
    metadata = field.metadata or {}
    foreign = metadata.get(b"ADBC:postgresql:typname")  # set where the driver knows no Arrow type
    if foreign == b"numeric":
        return f"{name}::float8"
    if pa.types.is_interval(field.type):
        return f"extract(epoch FROM {name})::float8"
    if metadata.get(b"POSTGRESQL:type") == b"money":
        return f"{name}::numeric::float8"
    if foreign or isinstance(field.type, pa.BaseExtensionType):
        return f"{name}::text"
    return name


def _no_connection(url: DatabaseUrl, message: str) -> SourceError:
    # libpq repeats host, user and database of an address, never its password.
    said = re.split(r"Failed to connect: |FATAL: ", message)[-1].strip().partition("\n")[0]
    remedy = next(
        (remedy for sign, remedy in _REMEDIES if sign in said),
        "Start the database, or correct host and port.",
    )
    return SourceError(f"{url.shown} cannot be opened: {said}.", remedy)


def refusal(url: DatabaseUrl, message: str) -> SourceError:
    """Return what the database said against a statement, as a fault for the person."""
    said = re.split("ERROR:|FATAL:", message)[-1].strip().partition("\n")[0]
    if any(sign in message for sign in _ENDED):
        return SourceError(f"{url.shown} ended the connection: {said}.", "Run the command again.")
    hint = re.search(r"HINT:\s*(.*)", message)
    remedy = "Grant the user that right." if "permission denied" in said else "Mend the query."
    return SourceError(f"{url.shown} refused the query: {said}.", hint[1] if hint else remedy)
