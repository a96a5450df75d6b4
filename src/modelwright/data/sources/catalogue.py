"""What a database says of its own tables: their columns and the keys that join them.

Everything is asked by a query of the same read-only source as rows are, so that no dialect needs a
connection of its own here. Views are left out: they may hold the very rows that are asked about.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from modelwright.data.sources.catalogue_queries import QUERIES
from modelwright.data.sources.files import find_database, read_head, what_is
from modelwright.data.sources.open import open_source
from modelwright.data.sources.selection import known_name

_UNNAMED = ("main", "public")
"""Schemas of which a table is known by its bare name."""


@dataclass(frozen=True)
class ForeignKey:
    """Columns of one table that name a row of another.

    Parameters
    ----------
    table, columns
        Where the key stands.
    parent, keys
        The table that it leads to, and that one's columns in the same order.
    """

    table: str
    columns: tuple[str, ...]
    parent: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """The tables of a database, by the names under which a source opens them.

    Parameters
    ----------
    columns
        Of each table.
    keys
        Foreign keys that the database declares.
    primary
        The primary keys that it declares, by table.
    """

    columns: Mapping[str, tuple[str, ...]]
    keys: tuple[ForeignKey, ...]
    primary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def with_table(self, name: str, columns: tuple[str, ...]) -> Self:
        """Return the catalogue with one more table, such as a view."""
        return replace(self, columns={**self.columns, name: columns})


def read_catalogue(address: str) -> Catalogue:
    """Ask a database for its tables and declared keys.

    Parameters
    ----------
    address
        Of a PostgreSQL, MySQL, MariaDB, SQLite or DuckDB database.

    Raises
    ------
    SourceError
        When it does not answer, or is no database.
    """
    asked = QUERIES[family_of(address)]
    columns = _by_table(_rows(address, asked.columns))
    primary = _by_table(_rows(address, asked.primary))
    keys: dict[str, ForeignKey] = {}
    for key, schema, table, column, its_schema, its_table, its_column in _rows(address, asked.keys):
        own, its = _name(schema, table), _name(its_schema, its_table)
        so_far = keys.get(key, ForeignKey(own, (), its, ()))
        keys[key] = ForeignKey(own, (*so_far.columns, column), its, (*so_far.keys, its_column))
    # Columns of a table that may not be read are not seen here, but its key is.
    primary = {name: key for name, key in primary.items() if name in columns}
    return Catalogue(columns, tuple(keys.values()), primary)


def read_primary_key(address: str, table: str) -> tuple[str, ...]:
    """Ask a database for the primary key that it declares of one table; empty where there is none.

    Parameters
    ----------
    address
        Of a PostgreSQL, MySQL, MariaDB, SQLite or DuckDB database.
    table
        As a source opens it; empty for the only one.

    Raises
    ------
    SourceError
        When the database does not answer.
    """
    asked = QUERIES[family_of(address)]
    declared = _by_table(_rows(address, asked.primary))
    if not table:
        known = _by_table(_rows(address, asked.columns))
        return declared.get(next(iter(known)), ()) if len(known) == 1 else ()
    return declared.get(known_name(table, declared), ())


def family_of(address: str) -> str:
    """Return what kind of database an address is of, such as ``"postgresql"``.

    Raises
    ------
    SourceError
        When there is no such file.

    Examples
    --------
    >>> family_of("mariadb+pymysql://me@host/shop")
    'mariadb'
    """
    scheme = re.match(r"(\w+)(?:\+\w+)?://", address)
    if scheme and scheme[1].lower() in QUERIES:
        return scheme[1].lower()
    found = what_is(read_head(find_database(address)))
    return "duckdb" if found == "a DuckDB database" else "sqlite"


def _by_table(rows: list[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    columns: dict[str, tuple[str, ...]] = {}
    for schema, table, column in rows:
        name = _name(schema, table)
        columns[name] = (*columns.get(name, ()), column)
    return columns


def _rows(address: str, query: str) -> list[tuple[str, ...]]:
    frame = open_source(address, query=query).read()
    # A driver may type a result without rows as it likes.
    return [tuple(map(str, row)) for row in frame.with_columns(pl.all().cast(pl.String)).rows()]


def _name(schema: str, table: str) -> str:
    return table if schema in _UNNAMED else f"{schema}.{table}"
