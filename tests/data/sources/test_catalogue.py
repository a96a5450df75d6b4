"""Every kind of database says the same of the same tables."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from modelwright.data.sources.catalogue import (
    ForeignKey,
    family_of,
    read_catalogue,
    read_primary_key,
)
from modelwright.errors import SourceError
from throwaway_mariadb import Server as Mariadb
from throwaway_postgresql import Server

_TABLES = (
    "CREATE TABLE people (first VARCHAR(9), last VARCHAR(9), PRIMARY KEY (first, last))",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, first VARCHAR(9), last VARCHAR(9),"
    " FOREIGN KEY (first, last) REFERENCES people (first, last))",
    "CREATE TABLE items (n INTEGER, order_id INTEGER,"
    " FOREIGN KEY (order_id) REFERENCES orders (id))",
    "CREATE VIEW late AS SELECT * FROM orders",
)


def _duckdb(folder: Path) -> str:
    with duckdb.connect(folder / "shop.duckdb") as connection:
        for statement in _TABLES:
            connection.execute(statement)
    return str(folder / "shop.duckdb")


def _sqlite(folder: Path) -> str:
    connection = sqlite3.connect(folder / "shop.sqlite")
    for statement in _TABLES:
        connection.execute(statement)
    connection.close()
    return f"sqlite:///{folder / 'shop.sqlite'}"


@pytest.mark.parametrize("make", [_duckdb, _sqlite], ids=["duckdb", "sqlite"])
def test_a_file_says_its_tables_and_keys(make: Callable[[Path], str], tmp_path: Path) -> None:
    _says_all(make(tmp_path))


def test_postgresql_says_its_tables_and_keys(server: Server) -> None:
    server.execute("CREATE DATABASE catalogue")
    server.execute(*_TABLES, "CREATE SCHEMA crm", database="catalogue")
    server.execute("CREATE TABLE crm.calls (a int)", database="catalogue")
    _says_all(server.url("catalogue"), {"crm.calls": ("a",)})


def test_mariadb_says_its_tables_and_keys(mariadb: Mariadb) -> None:
    mariadb.execute("CREATE DATABASE catalogue")
    mariadb.execute(*_TABLES, database="catalogue")
    _says_all(mariadb.url("catalogue"))


def _says_all(address: str, further: dict[str, tuple[str, ...]] | None = None) -> None:
    found = read_catalogue(address)
    assert found.columns == {
        "items": ("n", "order_id"),
        "orders": ("id", "first", "last"),
        "people": ("first", "last"),
        **(further or {}),
    }
    assert set(found.keys) == {
        ForeignKey("items", ("order_id",), "orders", ("id",)),
        ForeignKey("orders", ("first", "last"), "people", ("first", "last")),
    }
    assert found.primary == {"orders": ("id",), "people": ("first", "last")}


def test_a_database_without_keys_has_none(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "one.db")
    connection.execute("CREATE TABLE one (a)")
    connection.close()
    assert read_catalogue(str(tmp_path / "one.db")).keys == ()


def test_a_key_without_columns_leads_to_the_primary_key(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "one.db")
    connection.execute("CREATE TABLE one (a INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE two (b INTEGER REFERENCES one)")
    connection.close()
    assert read_catalogue(str(tmp_path / "one.db")).keys == (
        ForeignKey("two", ("b",), "one", ("a",)),
    )


def test_what_is_no_database_is_refused() -> None:
    assert family_of("postgres://me@host/shop") == "postgres"
    with pytest.raises(SourceError, match="no folder"):
        read_catalogue("no-such-folder/shop.db")


def test_the_key_of_a_table_is_told_however_the_table_is_named(tmp_path: Path) -> None:
    address = _duckdb(tmp_path)
    assert read_primary_key(address, "orders") == ("id",)
    assert read_primary_key(address, 'main."people"') == ("first", "last")
    assert read_primary_key(address, "late") == ()


def test_the_key_of_the_only_table_is_told_unnamed(tmp_path: Path) -> None:
    address = str(tmp_path / "one.sqlite")
    connection = sqlite3.connect(address)
    connection.execute("CREATE TABLE rooms (site TEXT, room INTEGER PRIMARY KEY)")
    assert read_primary_key(address, "") == ("room",)
    connection.execute("CREATE TABLE other (id INTEGER PRIMARY KEY)")
    connection.close()
    assert read_primary_key(address, "") == ()


def test_sqlite_knows_what_a_key_leads_to_in_any_case(tmp_path: Path) -> None:
    address = str(tmp_path / "cases.sqlite")
    connection = sqlite3.connect(address)
    connection.execute("CREATE TABLE People (Id INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE one (who REFERENCES people (ID))")
    connection.execute("CREATE TABLE two (who REFERENCES PEOPLE, gone REFERENCES lost (id))")
    connection.close()
    assert {*read_catalogue(address).keys} == {
        ForeignKey("one", ("who",), "People", ("Id",)),
        ForeignKey("two", ("who",), "People", ("Id",)),
        ForeignKey("two", ("gone",), "lost", ("id",)),
    }
