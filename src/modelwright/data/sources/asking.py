"""Questions to a database about the rows of one table or query, all as of one moment.

What can be counted where the rows are need not be read. Every question is a SELECT in one read-only
transaction; `asking` opens it for any kind of database.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import polars as pl

from modelwright.data.sources.catalogue import family_of
from modelwright.data.sources.files import find_database
from modelwright.data.sources.quoting import quoted
from modelwright.data.sources.selection import Selection


@dataclass(frozen=True)
class Asking:
    """An open transaction.

    Parameters
    ----------
    family
        What kind of database it is, such as ``"postgresql"``.
    statement
        The SELECT that reads the rows, each value as it is read, or a table: for ``FROM (...) AS``.
    ask
        Answers a SELECT, with values typed as a source of this kind reads them.
    quote
        Writes a name as an identifier.
    """

    family: str
    statement: str
    ask: Callable[[str], pl.DataFrame]
    quote: Callable[[str], str] = quoted

    def of_rows(self, wanted: str, rest: str = "") -> pl.DataFrame:
        """Answer ``SELECT wanted FROM (the rows) rest``."""
        return self.ask(f"SELECT {wanted} FROM (\n{self.statement}\n) AS asked_rows {rest}")

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Read some columns."""
        return self.of_rows(", ".join(self.quote(name) for name in names))


@contextmanager
def asking(address: str, selection: Selection) -> Iterator[Asking]:
    """Open a read-only transaction.

    Parameters
    ----------
    address
        Of a PostgreSQL, MySQL, MariaDB, SQLite or DuckDB database.
    selection
        A table or a query.

    Raises
    ------
    SourceError
        When the database does not answer or refuses a question, or the table does not exist.
    """
    family = family_of(address)
    with _open(family, address, selection) as (statement, ask):
        if family in ("mysql", "mariadb"):
            from modelwright.data.sources.quoting import mysql_quoted

            yield Asking(family, statement, ask, mysql_quoted)
        else:
            yield Asking(family, statement, ask)


Opened = AbstractContextManager[tuple[str, Callable[[str], pl.DataFrame]]]
"""The SELECT that reads the rows, and what answers others."""


def _open(family: str, address: str, selection: Selection) -> Opened:
    # Each kind imports a library of its own.
    if family in ("mysql", "mariadb"):
        from modelwright.data.sources.mysql import ask_mysql
        from modelwright.data.sources.mysql_address import parse_address

        return ask_mysql(parse_address(address), selection)
    if family == "duckdb":
        from modelwright.data.sources.duckdb import ask_duckdb

        return ask_duckdb(find_database(address), selection)
    if family == "sqlite":
        from modelwright.data.sources.sqlite import ask_sqlite

        return ask_sqlite(find_database(address), selection)
    from modelwright.data.sources.postgresql import ask_postgresql
    from modelwright.data.sources.postgresql_address import POSTGRESQL
    from modelwright.data.sources.url import DatabaseUrl

    return ask_postgresql(DatabaseUrl.parse(address, POSTGRESQL), selection)
