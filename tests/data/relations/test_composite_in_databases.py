"""What two columns together lead to, computed by a database as it is here: odd names, null keys."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from polars.testing import assert_frame_equal

from modelwright.data.inference.infer import infer_schema
from modelwright.data.relations.ask import ask_features
from modelwright.data.relations.compute import compute_features
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.find import find_relations
from modelwright.data.relations.home import Home
from modelwright.data.relations.propose import propose_features
from modelwright.data.relations.row_query import RowQuery
from modelwright.data.relations.table import Question, RelatedSource, RelatedTable
from modelwright.data.sources.quoting import quoted
from tests.data.relations.test_composite import ODD, STRANGE, lines, shipped
from throwaway_postgresql import Server


@pytest.fixture
def rows() -> pl.DataFrame:
    frame = lines().rename({"order_id": ODD})
    return frame.with_columns(line_no=pl.when(pl.int_range(pl.len()) % 9 > 0).then("line_no"))


@pytest.fixture
def other() -> pl.DataFrame:
    frame = shipped(lines())
    stray = frame.head(7).with_columns(order_id=pl.lit(None, pl.Int64))
    return pl.concat([frame, stray, stray]).rename({"order_id": ODD, "line_no": STRANGE})


def statements(**tables: pl.DataFrame) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    types = {pl.Int64: "bigint", pl.Float64: "double precision", pl.String: "text"}
    for name, frame in tables.items():
        said = ", ".join(
            f"{quoted(each)} {types[type(of)]}" for each, of in frame.schema.items()
        )  # fmt: skip
        yield f"DROP TABLE IF EXISTS {name}", []
        yield f"CREATE TABLE {name} ({said})", []
        yield f"INSERT INTO {name} VALUES ({', '.join('?' * frame.width)})", frame.rows()


def made(rows: pl.DataFrame, other: pl.DataFrame) -> tuple[FeatureSet, pl.DataFrame]:
    """Return features of the pair that is found, and what is computed here."""
    table = RelatedTable.of("sent", other, RelatedSource(data="x.csv"))
    (relation,) = find_relations(Question(rows, infer_schema(rows)), [table]).relations
    assert relation.keys == (ODD, STRANGE)
    features = FeatureSet(
        relations=(relation,), features=propose_features(relation, {table.name: table.frame})
    )
    return features, compute_features(features, rows, {"sent": other})


def asked_by_a_server(
    features: FeatureSet, rows: pl.DataFrame, kind: str, ask: Callable[[str, list[Any]], list[Any]]
) -> pl.DataFrame:
    """Return what a server makes of rows that are sent with their keys only."""
    query = RowQuery(features, Home("", kind), mark="?" if kind == "sqlite" else "%s")
    sent = rows.select(ODD, "line_no").to_dicts()
    values = [each for row in query.values(sent) for each in row]
    return pl.DataFrame(query.made(ask(query.statement(len(sent)), values)))


def test_sqlite_answers_as_is_computed_here(
    rows: pl.DataFrame, other: pl.DataFrame, tmp_path: Path
) -> None:
    features, here = made(rows, other)
    assert here.null_count().row(0)[0] >= rows["line_no"].null_count() > 0
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        for statement, values in statements(asked=rows, sent=other):
            connection.executemany(statement, values) if values else connection.execute(statement)
        there = ask_features(
            features, rows, Home("asked", "sqlite"),
            ask=lambda query: pl.read_database(query, connection),
        )  # fmt: skip
        served = asked_by_a_server(
            features, rows[:60], "sqlite", lambda text, values: [*connection.execute(text, values)]
        )
    connection.close()
    assert_frame_equal(here, there, check_dtypes=False)
    assert_frame_equal(here[:60], served.select(here.columns), check_dtypes=False)


def test_postgresql_answers_as_is_computed_here(
    server: Server, rows: pl.DataFrame, other: pl.DataFrame
) -> None:
    features, here = made(rows, other)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        for statement, values in statements(asked=rows, sent=other):
            bound = statement.replace("?", "%s").encode()
            connection.cursor().executemany(bound, values) if values else connection.execute(bound)
        there = ask_features(
            features, rows, Home("asked", "postgresql"),
            ask=lambda query: pl.read_database(query, connection),
        )  # fmt: skip
        served = asked_by_a_server(
            features,
            rows[:60],
            "postgresql",
            lambda text, values: connection.execute(text.encode(), values).fetchall(),
        )
        connection.execute("DROP TABLE asked, sent")
    assert_frame_equal(here, there, check_dtypes=False)
    assert_frame_equal(here[:60], served.select(here.columns), check_dtypes=False)
