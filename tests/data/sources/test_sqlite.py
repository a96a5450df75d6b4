"""SQLite files: tables, queries, and values that change their type from row to row."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from modelwright.data.sources import sqlite
from modelwright.data.sources.asking import asking
from modelwright.data.sources.open import open_source
from modelwright.data.sources.order import Order
from modelwright.data.sources.selection import Selection
from modelwright.errors import SchemaError, SourceError

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def make(*statements: str, name: str = "odd ?#% name.db") -> Path:
        path = tmp_path / name
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)
        return path

    return make


COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"


@pytest.mark.parametrize("address", ["{}", "sqlite:///{}"])
def test_addresses(make: Make, address: str) -> None:
    path = make(
        "CREATE TABLE t (a INTEGER, b TEXT, c REAL)", "INSERT INTO t VALUES (1, '01', NULL)"
    )
    assert open_source(address.format(path)).read().rows() == [(1, "01", None)]


@pytest.mark.parametrize("name", ["a.sqlite", "a.sqlite3", "a.db", "a.duckdb"])
def test_suffixes(make: Make, name: str) -> None:
    assert open_source(make("CREATE TABLE t AS SELECT 1 AS a", name=name)).read().rows() == [(1,)]


@pytest.mark.parametrize("usual_rows", [1, 3001, 2**20])
@pytest.mark.parametrize(
    ("late", "dtype", "last"),
    [("2.5", pl.Float64, 2.5), ("'x'", pl.String, "x"), ("7", pl.Int64, 7)],
)
def test_a_late_value_decides_the_type(
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    late: str,
    dtype: object,
    last: object,
    usual_rows: int,
) -> None:
    monkeypatch.setattr(sqlite, "_USUAL_ROWS", usual_rows)
    path = make(
        "CREATE TABLE t (a)",
        f"{COUNT} INSERT INTO t SELECT CASE WHEN i < 2000 THEN NULL ELSE 1 END FROM n",
        f"INSERT INTO t VALUES ({late})",
    )
    column = open_source(path).read()["a"]
    assert column.dtype == dtype
    assert (len(column), column.null_count(), column[-1]) == (3001, 1999, last)


def test_columns_that_are_called_true_and_false(make: Make) -> None:
    path = make('CREATE TABLE t ("TRUE" INTEGER, id INTEGER, "false" TEXT)')
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", [(2, 1, "a"), (3, 2, None)])
    rows = [{"TRUE": 2, "id": 1, "false": "a"}, {"TRUE": 3, "id": 2, "false": None}]
    for key in ("", "id", "TRUE"):
        parts = sqlite.stream_sqlite(path, Selection(), Order(key), 1)
        assert [row for part in parts for row in part.to_dicts()] == rows
        parts = sqlite.stream_sqlite(path, Selection(query="SELECT * FROM t"), Order(key), 1)
        assert [row for part in parts for row in part.to_dicts()] == rows
    for asked in (Selection(), Selection(query="SELECT * FROM t")):
        with asking(str(path), asked) as open_:
            assert open_.columns(["false", "TRUE"]).rows() == [("a", 2), (None, 3)]


def test_views_queries_and_empty_tables(make: Make) -> None:
    path = make("CREATE TABLE t (a, b TEXT)", "CREATE VIEW v AS SELECT 1 AS one")
    assert open_source(path, table="v").read().rows() == [(1,)]
    assert open_source(path, table="t").read().shape == (0, 2)
    assert open_source(path, query="SELECT one + 1 AS two FROM v;").read().rows() == [(2,)]


@pytest.mark.parametrize(
    ("selection", "error", "expected"),
    [
        ({}, SourceError, "holds 2 tables: 't', 'u'"),
        ({"table": "tt"}, SourceError, "Did you mean 't'?"),
        ({"query": "SELECT nope FROM t"}, SourceError, "refused the query: no such column: nope."),
        ({"query": "DELETE FROM t"}, SourceError, "begins with 'DELETE'"),
        ({"query": "WITH n AS (SELECT 1) DELETE FROM t"}, SourceError, "readonly database"),
        ({"query": "SELECT 1 AS a, 2 AS a"}, SchemaError, "'a' occurs 2 times"),
        ({"table": "u"}, SchemaError, "Column 'blob' holds values of type Binary"),
    ],
)
def test_what_is_refused(
    make: Make, selection: dict[str, str], error: type[Exception], expected: str
) -> None:
    path = make("CREATE TABLE t (a)", "CREATE TABLE u AS SELECT x'00ff' AS blob")
    before = path.read_bytes()
    with pytest.raises(error) as caught:
        open_source(path, **selection).read()
    assert expected in str(caught.value)
    assert path.read_bytes() == before


def test_a_database_without_tables(make: Make) -> None:
    with pytest.raises(SourceError, match="holds no tables"):
        open_source(make("CREATE TABLE t (a)", "DROP TABLE t")).read()


def test_damaged_files(make: Make) -> None:
    path = make("CREATE TABLE t (a)", f"{COUNT} INSERT INTO t SELECT i FROM n")
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(SourceError, match="is damaged"):
        open_source(path).read()
    path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(SourceError, match="no SQLite database"):
        open_source(f"sqlite:///{path}").read()
