"""Databases make of a few rows' keys and moments what the server makes of raw related rows."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psycopg
import pymysql
import pytest
from psycopg import sql

from modelwright.data.relations.evaluate import Evaluator
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.home import Home
from modelwright.data.relations.keys import key_column
from modelwright.data.relations.relation import Relation
from modelwright.data.relations.row_query import MOST_ROWS, RowQuery
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.sources.mysql_address import parse_address, settings_of
from modelwright.errors import SchemaError, ServiceError
from modelwright.serving.features.database import Session, open_database
from tests.data.relations.examples import ODD, feature_set
from throwaway_mariadb import Server as MariadbServer
from throwaway_postgresql import Server as PostgresqlServer

MOMENTS = [
    None,
    *(f"2024-03-0{1 + day} {hour:02}:00:00" for day in range(3) for hour in (0, 6, 18)),
]
ORDERS = "CREATE TABLE {name} (who {text}, {at} {moment}, amount {number}, {odd} {text})"


def _drawn() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    draw = np.random.default_rng(5)

    def some(values: Sequence[Any]) -> Any:
        return values[int(draw.integers(len(values)))]

    asked = [{"id": some(["a", "b", "c'; --", None]), "now": some(MOMENTS)} for _ in range(12)]
    orders = [
        {
            "who": some(["a", "b", "c'; --", "x", None]),
            "at": some(MOMENTS),
            "amount": some([None, -1.0, 0.1, 2.0]),
            ODD: some(["card", "cash", None]),
        }
        for _ in range(40)
    ]
    return asked, orders


def _assert_same(made: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    for have, want in zip(made, wanted, strict=True):
        assert have.keys() == want.keys()
        for name, value in want.items():
            same = value if value is None or isinstance(value, str) else pytest.approx(value)
            assert have[name] == same, name


def _check(query: RowQuery, ask: Any, features: FeatureSet) -> None:
    asked, orders = _drawn()
    values = [value for row in query.values(asked) for value in row]
    answers = ask(query.statement(len(asked)), values)
    _assert_same(
        query.made(answers),
        Evaluator(features)(asked, {"orders": orders}),
    )


@pytest.mark.parametrize("features", [feature_set(), feature_set(grain="day", delay_s=6 * 3600)])
@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_file_makes_what_the_server_makes(
    kind: str, features: FeatureSet, tmp_path: Path
) -> None:
    path = tmp_path / "shop.db"
    connection: Any = (sqlite3 if kind == "sqlite" else duckdb).connect(path)
    odd = '"' + ODD.replace('"', '""') + '"'
    written = {"name": '"my orders"', "odd": odd, "text": "text", "number": "double"}
    connection.execute(ORDERS.format(**written, moment="timestamp", at='"at"'))
    marks = [list(row.values()) for row in _drawn()[1]]
    connection.executemany('INSERT INTO "my orders" VALUES (?, ?, ?, ?)', marks)
    connection.commit()
    connection.close()
    session = open_database(f"{kind}://{path}", seconds=30).connect()
    _check(RowQuery(features, Home("", kind, {"orders": "my orders"})), session.ask, features)
    by_query = Home("", kind, queries={"orders": 'SELECT * FROM "my orders"'})
    _check(RowQuery(features, by_query), session.ask, features)
    _assert_reads_only(session, '"my orders"')
    session.close()


def _assert_reads_only(session: Session, table: str) -> None:
    with pytest.raises(ServiceError, match="refused the query"):
        session.ask(f"DELETE FROM {table}", [])


@pytest.mark.parametrize("kind", ["duckdb", "mariadb"])
def test_a_query_that_takes_too_long_is_ended(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "duckdb":
        duckdb.connect(tmp_path / "shop.db").close()
        address = str(tmp_path / "shop.db")
    else:
        address = request.getfixturevalue("mariadb").url("mysql")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT (i + 1) % 9 FROM n)"
    query = {"duckdb": f"{endless} SELECT count(*) FROM n", "mariadb": "SELECT sleep(60)"}[kind]
    session = open_database(address, seconds=0.2).connect()
    with pytest.raises(ServiceError, match=r"answered within 0.2 seconds"):
        session.ask(query, [])
    session.close()


def test_postgresql_makes_what_the_server_makes(server: PostgresqlServer) -> None:
    odd = '"' + ODD.replace('"', '""') + '"'
    written = {"name": "row_orders", "odd": odd, "text": "text", "number": "float8"}
    with psycopg.connect(server.url()) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL(ORDERS.format(**written, moment="timestamp", at="at")))  # type: ignore
        marks = [list(row.values()) for row in _drawn()[1]]
        cursor.executemany("INSERT INTO row_orders VALUES (%s, %s, %s, %s)", marks)
        features = feature_set()
        query = RowQuery(features, Home("", "postgresql", {"orders": "row_orders"}), mark="%s")
        _check(query, lambda text, values: cursor.execute(text, values).fetchall(), features)
        connection.rollback()


def test_mariadb_makes_what_the_server_makes(mariadb: MariadbServer) -> None:
    written = {"name": "row_orders", "odd": f"`{ODD}`", "text": "text", "number": "double"}
    mariadb.execute("CREATE DATABASE IF NOT EXISTS rows_asked")
    mariadb.execute(
        "DROP TABLE IF EXISTS row_orders",
        ORDERS.format(**written, moment="datetime(6)", at="at"),
        database="rows_asked",
    )
    features = feature_set()
    with pymysql.connect(**settings_of(parse_address(mariadb.url("rows_asked")))) as connection:
        cursor = connection.cursor()
        marks = [list(row.values()) for row in _drawn()[1]]
        cursor.executemany("INSERT INTO row_orders VALUES (%s, %s, %s, %s)", marks)
        connection.commit()
    session = open_database(mariadb.url("rows_asked"), seconds=30).connect()
    query = RowQuery(features, Home("", "mariadb", {"orders": "row_orders"}), mark="%s")
    _check(query, session.ask, features)
    _assert_reads_only(session, "row_orders")
    session.close()


def _planes(asked: str, theirs: str) -> FeatureSet:
    relation = Relation(
        name="planes",
        table="planes",
        columns=("plane",),
        keys=("number",),
        shape="many-to-one",
        schema=Schema(
            columns=(
                key_column(Column(name="number", kind=Kind.ID, source_type=theirs)),
                Column(name="maker", kind=Kind.CATEGORICAL),
            )
        ),
        asked=Schema(columns=(key_column(Column(name="plane", kind=Kind.ID, source_type=asked)),)),
    )
    feature = Feature(relation="planes", aggregate="value", column="maker", text=True)
    return FeatureSet(relations=(relation,), features=(feature,))


@pytest.mark.parametrize(
    ("asked", "theirs", "column"),
    [
        ("Int64", "Int64", "integer"),
        ("Int64", "Int64", "varchar"),
        ("Float64", "Int64", "integer"),
        ("String", "Int64", "integer"),
        ("Int64", "String", "varchar"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_key_is_found_however_it_is_written(
    kind: str, asked: str, theirs: str, column: str
) -> None:
    connection: Any = sqlite3.connect(":memory:") if kind == "sqlite" else duckdb.connect()
    connection.execute(f"CREATE TABLE planes (number {column}, maker text)")
    connection.execute("INSERT INTO planes VALUES (7, 'x'), (8, 'y')")
    query = RowQuery(_planes(asked, theirs), Home("", kind))
    values = query.values([{"plane": 7}, {"plane": "8"}, {"plane": None}])
    flat = [value for row in values for value in row]
    made = query.made(connection.execute(query.statement(3), flat).fetchall())
    assert [each["planes.maker.value"] for each in made] == ["x", "y", None]
    connection.close()


UUIDS = [f"00000000-0000-0000-0000-00000000000{number}" for number in range(3)]


def test_postgresql_takes_keys_and_moments_as_its_own_types(server: PostgresqlServer) -> None:
    odd = '"' + ODD.replace('"', '""') + '"'
    server.execute(
        "CREATE DATABASE typed",
        "ALTER DATABASE typed SET TimeZone = 'Asia/Tokyo'",  # the server asks in UTC all the same
    )
    server.execute(
        "CREATE TABLE planes (number uuid, maker text)",
        f"INSERT INTO planes VALUES ('{UUIDS[0]}', 'x'), ('{UUIDS[1]}', 'y')",
        f"CREATE TABLE orders (who varchar, at timestamptz, amount numeric, {odd} text)",
        "INSERT INTO orders VALUES ('a', '2024-03-01 10:00+00', 1.5, 'card')",
        database="typed",
    )
    session = open_database(server.url("typed"), seconds=30).connect()
    planes = RowQuery(_planes("String", "String"), Home("", "postgresql"), mark="%s")
    values = [value for row in planes.values([{"plane": each} for each in UUIDS]) for value in row]
    made = planes.made(session.ask(planes.statement(3), values))
    assert [each["planes.maker.value"] for each in made] == ["x", "y", None]
    with pytest.raises(SchemaError, match="for none"):
        session.ask(planes.statement(1), ["no uuid"])
    for features in (feature_set(), feature_set(zone="UTC")):
        orders = RowQuery(features, Home("", "postgresql"), mark="%s")
        for moment, amount in (("2024-03-01T10:00:01Z", 1.5), ("2024-03-01T12:00:00+02:00", 0.0)):
            ((values),) = orders.values([{"id": "a", "now": moment}])
            (made,) = orders.made(session.ask(orders.statement(1), values))
            assert made["orders.amount.sum"] == amount
    with pytest.raises(ServiceError, match="refused"):
        session.ask("DELETE FROM orders", [])
    session.close()
    server.execute("DROP DATABASE typed")


def test_what_names_no_related_row_is_refused() -> None:
    query = RowQuery(_planes("Int64", "Int64"), Home("", "sqlite"))
    with pytest.raises(SchemaError, match="no field 'plane'"):
        query.values([{}])
    with pytest.raises(SchemaError, match="'plane' is 'seven'"):
        query.values([{"plane": "seven"}])


def test_no_value_is_a_part_of_the_query() -> None:
    query = RowQuery(feature_set(), Home("", "postgresql"), mark="%s")
    text = query.statement(MOST_ROWS)
    assert text.count("%s") == 2 * MOST_ROWS
    assert text == query.statement(MOST_ROWS)
