"""PostgreSQL computes what the definition says."""

from collections.abc import Iterator

import polars as pl
import psycopg
import pytest
from psycopg.rows import dict_row

from modelwright.data.relations.dialect import dialect_named
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.home import Home
from modelwright.data.relations.moment_sql import moment_sql
from modelwright.data.schema import Column, Kind
from tests.data.relations.examples import MOMENTS, ODD, ORDERS, drawn_rows, feature_set
from tests.data.relations.odd_cells import ORDERS as ODD_ORDERS
from tests.data.relations.odd_cells import assert_read, odd_features, odd_rows
from tests.data.relations.reference import value_of
from throwaway_postgresql import Server, run_server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with run_server() as running:
        yield running


@pytest.mark.parametrize(
    ("features", "zone"),
    [
        (feature_set(), ""),
        (feature_set(zone="UTC"), "XST5XDT,M3.1.0,M11.1.0"),  # clocks go forward among the rows
        (feature_set(grain="day"), ""),
        (feature_set(delay_s=6 * 3600), ""),
    ],
)
def test_postgresql_computes_what_the_definition_says(
    server: Server, features: FeatureSet, zone: str
) -> None:
    rows, orders = drawn_rows()
    odd = ODD.replace('"', '""')
    with psycopg.connect(server.url(), autocommit=True, row_factory=dict_row) as connection:
        connection.execute("DROP TABLE IF EXISTS asked, orders")
        connection.execute("SET TIME ZONE 'UTC'")
        kind = "timestamptz" if zone else "timestamp"
        connection.execute(f"CREATE TABLE asked (place int, id text, now {kind})".encode())
        connection.execute(
            f'CREATE TABLE orders (who text, at {kind}, amount float8, "{odd}" text)'.encode()
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO asked VALUES (%s, %s, %s)",
                [(place, row["id"], row["now"]) for place, row in enumerate(rows)],
            )
            cursor.executemany(
                "INSERT INTO orders VALUES (%s, %s, %s, %s)",
                [[order[name] for name in ORDERS] for order in orders],
            )
        query = Home(
            "asked rows",
            "postgresql",
            tables={"orders": "public.orders"},
            queries={"asked rows": "SELECT * FROM public.asked"},
        ).query(features)
        connection.execute(f"SET TIME ZONE '{zone or 'UTC'}'".encode())
        made = connection.execute((query + "\nORDER BY m.place").encode()).fetchall()
    (relation,) = features.relations
    for have, row in zip(made, rows, strict=True):
        for feature in features.features:
            want = value_of(feature, relation, row, orders)
            got = have[feature.name]
            if want is None or isinstance(want, str):
                assert got == want, feature.name
            else:
                assert float(got) == pytest.approx(float(want)), feature.name


def test_postgresql_reads_the_related_table_once(server: Server) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE few (id text, now timestamp)")
        connection.execute("CREATE TABLE many (who text, at timestamp, amount float8, note text)")
        tables = {"orders": "many"}
        features = feature_set()
        lasts = tuple(
            each
            for each in features.features
            if each.aggregate == "last" and each.column == "amount"
        )
        query = Home("few", "postgresql", tables=tables).query(features.reading(lasts))
        steps = connection.execute(f"EXPLAIN {query}".encode()).fetchall()
    assert lasts
    assert sum("on many" in step for (step,) in steps) == 1
    assert not any("SubPlan" in step for (step,) in steps)


def test_postgresql_reads_cells_that_are_no_numbers_as_here(server: Server) -> None:
    with psycopg.connect(server.url(), autocommit=True, row_factory=dict_row) as connection:
        connection.execute("CREATE TABLE odd_asked (id text, now timestamp)")
        connection.execute(
            "CREATE TABLE odd "
            "(who text, at timestamp, back text, paid bool, price text, points int)"
        )
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO odd_asked VALUES (%s, %s)", odd_rows().rows())
            cursor.executemany("INSERT INTO odd VALUES (%s, %s, %s, %s, %s, %s)", ODD_ORDERS.rows())
        query = Home("odd_asked", "postgresql", tables={"orders": "odd"}).query(odd_features())
        found = connection.execute((query + "\nORDER BY m.now").encode()).fetchall()
    assert_read(pl.DataFrame(found, infer_schema_length=None))


def test_postgresql_reads_digits_as_moments(server: Server) -> None:
    written = [
        moment_sql(
            Column(name="at", kind=Kind.DATETIME, datetime_format=kept),
            digits,
            dialect_named("postgresql"),
        )
        for kept, digits, _ in MOMENTS
    ]
    with psycopg.connect(server.url()) as connection:
        found = connection.execute(f"SELECT {', '.join(written)}".encode()).fetchone()
    assert found == tuple(moment for _, _, moment in MOMENTS)
