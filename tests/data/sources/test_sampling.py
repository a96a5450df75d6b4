"""Samples of every database: about as many rows as asked, the same ones again, and stated."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pytest

from modelwright.data.sources.open import open_source
from modelwright.errors import SourceError
from throwaway_postgresql import Server

ROWS = 20_000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    with duckdb.connect(folder / "a.duckdb") as connection:
        connection.execute(f"CREATE TABLE t AS SELECT range AS a FROM range({ROWS})")
    with closing(sqlite3.connect(folder / "a.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", [(row,) for row in range(ROWS)])
    return folder


@pytest.fixture(scope="module")
def postgresql(server: Server) -> str:
    server.execute("CREATE DATABASE samples")
    statement = f"CREATE TABLE t AS SELECT generate_series(0, {ROWS - 1}) AS a"
    server.execute(statement, database="samples")
    return server.url("samples")


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    pytest.importorskip("pymysql")
    from throwaway_mariadb import run_server

    with run_server() as server:
        server.execute("CREATE DATABASE samples")
        statement = f"CREATE TABLE t AS SELECT seq AS a FROM seq_0_to_{ROWS - 1}"
        server.execute(statement, database="samples")
        yield server.url("samples")


@pytest.fixture
def address(request: pytest.FixtureRequest, files: Path) -> str:
    if request.param in ("duckdb", "sqlite"):
        return f"{request.param}:///{files / 'a'}.{request.param}"
    return str(request.getfixturevalue(request.param))


every = pytest.mark.parametrize(
    "address", ["duckdb", "sqlite", "postgresql", "mariadb"], indirect=True
)


@every
@pytest.mark.parametrize("selection", [{"table": "t"}, {"query": "SELECT a FROM t WHERE a >= 0"}])
def test_a_sample(address: str, selection: dict[str, str]) -> None:
    source = open_source(address, sample=2_000, **selection)
    found = source.read()["a"]
    assert abs(len(found) - 2_000) < 6 * 2_000**0.5
    assert found.n_unique() == len(found)
    # Of all parts of the table, not of its beginning.
    parts = (found // 2_000).value_counts()["count"]
    assert len(parts) == 10
    assert parts.min() > 100  # type: ignore[operator]
    assert source.facts[-1] == f"Read {len(found):,} of 20,000 rows, drawn at random."
    assert open_source(address, sample=2_000, **selection).read()["a"].equals(found)


@every
def test_a_table_within_the_sample_is_read_whole(address: str) -> None:
    source = open_source(address, table="t", sample=ROWS)
    assert source.read().height == ROWS
    assert "Read all 20,000 rows: the sample allows as many." in source.facts


@every
def test_without_a_sample_nothing_is_said(address: str) -> None:
    source = open_source(address, table="t")
    assert source.read().height == ROWS
    assert source.facts == ("Read the table 't'.",)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_files_have_no_sample(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("a\n1\n")
    with pytest.raises(SourceError, match="is no database: no sample"):
        open_source(path, sample=5)


def test_frames_have_no_sample() -> None:
    with pytest.raises(SourceError, match="is no database"):
        open_source(pl.DataFrame({"a": [1]}), sample=5)


@pytest.mark.parametrize("sample", [0, -5])
def test_a_sample_of_nothing(sample: int) -> None:
    with pytest.raises(SourceError, match="is none"):
        open_source("a.db", sample=sample)
