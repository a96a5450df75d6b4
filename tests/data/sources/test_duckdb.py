"""DuckDB files: tables, queries, types, locks and damage."""

import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from modelwright.data.pieces.base import Mark
from modelwright.data.pieces.open import open_pieces
from modelwright.data.sources.open import open_source
from modelwright.errors import SchemaError, SourceError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE flights AS SELECT range AS id, 'x' AS c FROM range(3)")
        connection.execute("CREATE VIEW late AS SELECT * FROM flights WHERE id > 1")
        connection.execute('CREATE SCHEMA more; CREATE TABLE more."odd ""name" AS SELECT 1 AS a')
    return path


@pytest.mark.parametrize("address", ["{}", "duckdb:///{}", "duckdb://{}"])
def test_addresses(path: Path, address: str) -> None:
    source = open_source(address.format(path), table="flights")
    assert source.read().rows() == [(0, "x"), (1, "x"), (2, "x")]
    assert source.facts == ("Read the table 'flights'.",)


def test_the_suffix_db_may_be_duckdb(path: Path) -> None:
    assert open_source(path.rename(path.with_suffix(".db")), table="late").read().height == 1


@pytest.mark.parametrize("table", ["late", "main.late", 'more.odd "name'])
def test_views_and_schemas(path: Path, table: str) -> None:
    assert open_source(path, table=table).read().height == 1


def test_the_only_table_needs_no_name(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "a.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    assert open_source(tmp_path / "a.duckdb").read().rows() == [(1,)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM flights WHERE id < 2 ORDER BY id DESC",
        " with t as (from flights select id) select * from t where id < 2 order by id desc; -- end",
    ],
)
def test_queries(path: Path, query: str) -> None:
    assert open_source(path, query=query).read().rows() == [(1,), (0,)]


def test_types_without_counterpart(path: Path) -> None:
    query = (
        "SELECT INTERVAL 90 SECOND AS i, 5::HUGEINT AS h, '{}'::JSON AS j, uuid() AS u, "
        "{'x': 1} AS s, '10110'::BIT AS b, 'a'::ENUM('a', 'b') AS e, now() AS t"
    )
    frame = open_source(path, query=query).read()
    assert frame.row(0, named=True)["i"] == 90.0
    assert frame.select("i", "h").schema == {"i": pl.Float64, "h": pl.Float64}
    assert frame.select("j", "u", "b").schema == dict.fromkeys("jub", pl.String)
    assert frame.columns == ["i", "h", "j", "u", "s.x", "b", "e", "t"]


@pytest.mark.parametrize(
    ("selection", "error", "expected"),
    [
        ({}, SourceError, "holds 3 tables: 'flights', 'late', 'more.odd \"name'"),
        ({"table": "fligths"}, SourceError, "Did you mean 'flights'?"),
        ({"table": "a", "query": "SELECT 1"}, SourceError, "Both a table and a query"),
        ({"query": "SELECT nope FROM flights"}, SourceError, '"nope" not found'),
        ({"query": "DROP TABLE flights"}, SourceError, "begins with 'DROP'"),
        ({"query": "SELECT 1; DROP TABLE flights"}, SourceError, "more than one statement"),
        ({"query": "SELECT * FROM 'https://example.org/a.csv'"}, SourceError, "httpfs"),
        ({"query": "SELECT 1 AS a, 2 AS a"}, SchemaError, "'a' occurs 2 times"),
        ({"query": "SELECT [[1], [2]] AS l"}, SchemaError, "'l' holds values of type List(List"),
    ],
)
def test_what_is_refused(
    path: Path, selection: dict[str, str], error: type[Exception], expected: str
) -> None:
    with pytest.raises(error) as caught:
        open_source(path, **selection).read()
    assert expected in str(caught.value)


def test_the_file_is_not_changed(path: Path) -> None:
    before = path.read_bytes()
    open_source(path, table="flights").read()
    assert path.read_bytes() == before


def test_a_file_that_another_program_writes(path: Path) -> None:
    code = f"import duckdb; c = duckdb.connect({str(path)!r}); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(SourceError, match="is in use by another program"):
            open_source(path).read()
        other.communicate(b"\n")


def test_damaged_files(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(SourceError, match="cannot be opened"):
        open_source(path, table="flights").read()
    path.write_bytes(b"a,b\n")
    with pytest.raises(SourceError, match="neither a DuckDB nor a SQLite"):
        open_source(path)
    path.write_bytes(b"")
    with pytest.raises(SourceError, match="is empty"):
        open_source(path)


@pytest.mark.parametrize(
    "selection",
    [
        {"table": "flights"},
        {"table": "late"},
        {"table": "main.late"},
        {"table": 'more.odd "name'},
        {"query": "SELECT id, count(*) AS n FROM flights GROUP BY id"},
    ],
)
def test_pieces_are_of_tables_views_and_queries(path: Path, selection: dict[str, str]) -> None:
    pieces = open_pieces(str(path), **selection).after(Mark())
    found = pl.concat([piece.read() for piece in pieces])
    assert found.sort(found.columns[0]).equals(
        open_source(path, **selection).read().sort(found.columns[0])
    )


def test_a_table_for_which_the_usual_room_is_too_little_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(tmp_path / "wide.duckdb") as connection:
        columns = ", ".join(f"hash(range * {number}) AS c{number}" for number in range(20))
        connection.execute(f"CREATE TABLE wide AS SELECT {columns} FROM range(5000)")
    monkeypatch.setattr("modelwright.data.sources.duckdb._SCANNED_BYTES", 100_000)
    monkeypatch.setattr("modelwright.data.sources.duckdb._COLUMN_BYTES", 0)
    pieces = open_pieces(str(tmp_path / "wide.duckdb"), table="wide", size=2_000)
    assert [piece.read().height for piece in pieces.after(Mark())] == [2_000, 2_000, 1_000]


def test_a_fault_while_rows_are_read_is_told(path: Path) -> None:
    query = "SELECT CASE WHEN range > 150000 THEN error('odd') ELSE 1 END AS a FROM range(200000)"
    pieces = open_pieces(str(path), query=query)
    with pytest.raises(SourceError, match=r"refused the query: .*odd"):
        list(pieces.after(Mark()))


def test_only_a_lock_is_one(path: Path) -> None:
    with pytest.raises(SourceError, match="Table with name block does not exist"):
        open_source(path, query="SELECT * FROM block").read()
