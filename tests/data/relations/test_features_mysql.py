"""MariaDB computes what the definition says, in the dialect that it shares with MySQL."""

import pytest

from modelwright.data.relations.dialect import dialect_named
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.home import Home
from modelwright.data.relations.moment_sql import moment_sql
from modelwright.data.schema import Column, Kind
from modelwright.data.sources.open import open_source
from modelwright.data.sources.quoting import mysql_literal, mysql_quoted
from tests.data.relations.examples import MOMENTS, ODD, ORDERS, drawn_rows, feature_set
from tests.data.relations.odd_cells import ORDERS as ODD_ORDERS
from tests.data.relations.odd_cells import assert_read, odd_features, odd_rows
from tests.data.relations.reference import value_of
from throwaway_mariadb import Server


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return repr(value) if isinstance(value, float | int) else mysql_literal(str(value))


@pytest.mark.parametrize(
    "features", [feature_set(), feature_set(grain="day"), feature_set(delay_s=6 * 3600)]
)
def test_mariadb_computes_what_the_definition_says(mariadb: Server, features: FeatureSet) -> None:
    rows, orders = drawn_rows()
    ddl = f"CREATE TABLE orders (who text, at datetime(6), amount double, {mysql_quoted(ODD)} text)"
    mariadb.execute("CREATE DATABASE IF NOT EXISTS features")
    mariadb.execute(
        "DROP TABLE IF EXISTS asked, orders",
        "CREATE TABLE asked (place int, id text, now datetime(6))",
        ddl,
        database="features",
    )
    for table, values in (
        ("asked", [(place, row["id"], row["now"]) for place, row in enumerate(rows)]),
        ("orders", [tuple(order[name] for name in ORDERS) for order in orders]),
    ):
        written = ", ".join(f"({', '.join(map(_literal, each))})" for each in values)
        mariadb.execute(f"INSERT INTO {table} VALUES {written}", database="features")
    query = Home(
        "asked rows",
        "mariadb",
        tables={"orders": "features.orders"},
        queries={"asked rows": "SELECT * FROM features.asked"},
    ).query(features)
    frame = open_source(mariadb.url("features"), query=f"{query}\nORDER BY m.place").read()
    made = frame.to_dicts()
    (relation,) = features.relations
    for have, row in zip(made, rows, strict=True):
        for feature in features.features:
            want = value_of(feature, relation, row, orders)
            got = have[feature.name]
            if want is None or isinstance(want, str):
                assert got == want, feature.name
            else:
                assert float(got) == pytest.approx(float(want)), feature.name


def test_mariadb_reads_cells_that_are_no_numbers_as_here(mariadb: Server) -> None:
    mariadb.execute("CREATE DATABASE IF NOT EXISTS odd_cells")
    mariadb.execute(
        "CREATE TABLE asked (id text, now datetime(6))",
        "CREATE TABLE orders"
        " (who text, at datetime(6), back text, paid bool, price text, points int)",
        *(
            f"INSERT INTO {table} VALUES ({', '.join(map(_literal, values))})"
            for table, frame in (("asked", odd_rows()), ("orders", ODD_ORDERS))
            for values in frame.rows()
        ),
        database="odd_cells",
    )
    query = Home("asked", "mariadb").query(odd_features())
    assert_read(open_source(mariadb.url("odd_cells"), query=f"{query}\nORDER BY m.now").read())


def test_mariadb_reads_digits_as_moments(mariadb: Server) -> None:
    written = [
        moment_sql(
            Column(name="at", kind=Kind.DATETIME, datetime_format=kept),
            digits,
            dialect_named("mysql"),
        )
        for kept, digits, _ in MOMENTS
    ]
    named = ", ".join(f"{cell} AS m{place}" for place, cell in enumerate(written))
    found = open_source(mariadb.url("mysql"), query=f"SELECT {named}").read()
    assert found.row(0) == tuple(moment for _, _, moment in MOMENTS)
