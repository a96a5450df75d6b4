"""Cells that are no numbers in a database are read there as they are read here."""

import sqlite3

import duckdb
import polars as pl

from modelwright.data.relations.sql import features_query
from tests.data.relations.odd_cells import ORDERS, assert_read, odd_features, odd_rows


def test_duckdb_reads_cells_as_here() -> None:
    with duckdb.connect() as connection:
        connection.register("asked", odd_rows().to_arrow())
        connection.register("raw", ORDERS.to_arrow())
        connection.execute(
            'CREATE TABLE orders AS SELECT * REPLACE (CAST("at" AS timestamp) AS "at") FROM raw'
        )
        query = features_query(odd_features(), "duckdb", main="asked")
        assert_read(connection.sql(query).pl().sort("now"))


def test_sqlite_reads_cells_as_here() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE asked (id text, now text)")
        connection.execute(
            "CREATE TABLE orders (who text, at text, back text, paid, price text, points)"
        )
        asked = [(key, str(moment)) for key, moment in odd_rows().rows()]
        connection.executemany("INSERT INTO asked VALUES (?, ?)", asked)
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", ORDERS.rows())
        found = connection.execute(features_query(odd_features(), "sqlite", main="asked"))
        names = [each[0] for each in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found]
    connection.close()
    assert_read(pl.DataFrame(rows, infer_schema_length=None).sort("now"))
