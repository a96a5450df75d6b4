"""A database judges a contract as the rows themselves are judged, without reading them."""

import sqlite3
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwright.data.checks.base import RowCheck
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn, check_table
from modelwright.data.pushed.check import check_database
from modelwright.data.schema import Column, Kind
from modelwright.data.sources.asking import Asking
from modelwright.data.sources.open import open_source
from modelwright.errors import SourceError
from throwaway_mariadb import Server as Mariadb
from throwaway_postgresql import Server


def contract(*, allowed: float = 0.0) -> Contract:
    """Return rules of every family on columns of every type."""
    columns = (
        (Column(name="id", kind=Kind.ID), (Unique(column="id"),)),
        (
            Column(name="n", kind=Kind.NUMERIC, missing_tokens=("-1",)),
            (
                Range(column="n", minimum=0, maximum=5, allowed_fraction=allowed),
                NotMissing(column="n", allowed_fraction=allowed),
                Unique(column="n"),
                NotConstant(column="n"),
            ),
        ),
        (Column(name="x", kind=Kind.NUMERIC), (Range(column="x", maximum=5),)),
        (
            Column(name="word", kind=Kind.CATEGORICAL),
            (
                Levels(column="word", levels=("a", "b"), allowed_fraction=allowed),
                TextLength(column="word", max_length=1),
                NotMissing(column="word"),
            ),
        ),
        (
            Column(name="seen", kind=Kind.DATETIME),
            (Period(column="seen", maximum=datetime(2024, 1, 2)),),  # noqa: DTZ001
        ),
        (Column(name="code", kind=Kind.CODED), (NotConstant(column="code"),)),
    )
    return Contract(
        id="x",
        title="x",
        columns=tuple(ContractColumn(column=column, checks=checks) for column, checks in columns),
        checks=(RowCount(minimum=2), Unique(column="n", together_with=("word",))),
    )


ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(1, 4)),
        st.one_of(st.none(), st.sampled_from([-1, 0, 2, 5, 6])),
        st.one_of(st.none(), st.sampled_from([0.5, 5.0, float("inf"), 7.5])),
        st.one_of(st.none(), st.sampled_from(["a", " a", "A", "", "bb", "é"])),
        st.one_of(st.none(), st.sampled_from(["2024-01-01 00:00:00", "2024-01-03 00:00:00"])),
        st.one_of(st.none(), st.sampled_from(["7", "07"])),
    ),
    max_size=6,
)
_COLUMNS = "id int, n int, x double precision, word varchar(9)"
DDL = f"CREATE TABLE t ({_COLUMNS}, seen {{at}}, code varchar(9))"


def agree(address: str, rules: Contract) -> None:
    """Compare what is found there with what the rows show."""
    found = check_database(address, rules, table="t")
    wanted = check_table(open_source(address, table="t").read(), rules)
    assert found.rows == wanted.rows
    for one, other in zip(found.results, wanted.results, strict=True):
        verdict = (other.check, other.passed, other.failed_rows, other.checked_rows)
        assert (one.check, one.passed, one.failed_rows, one.checked_rows) == verdict
        if not other.passed or not other.failed_rows:
            assert one == other


@given(rows=ROWS, allowed=st.sampled_from([0.0, 0.5]))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sqlite_judges_as_its_rows_are_judged(
    rows: list[tuple[object, ...]], allowed: float, tmp_path: Path
) -> None:
    path = tmp_path / "t.sqlite"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute(DDL.format(at="text").replace("varchar(9)", "varchar(9) COLLATE NOCASE"))
    connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    agree(str(path), contract(allowed=allowed))


@given(rows=ROWS, allowed=st.sampled_from([0.0, 0.5]))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_duckdb_judges_as_its_rows_are_judged(
    rows: list[tuple[object, ...]], allowed: float, tmp_path: Path
) -> None:
    path = tmp_path / "t.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as connection:
        connection.execute(DDL.format(at="timestamp"))
        connection.execute("INSERT INTO t VALUES (9, 1, 'nan', 'a', NULL, '7')")
        for row in rows:
            connection.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", row)
    agree(str(path), contract(allowed=allowed))


_SAMPLES = (
    [(1, 1, 0.5, "a", "2024-01-01 00:00:00", "7"), (2, 2, 5.0, "b", None, "8")],
    [
        (1, -1, 0.5, "a", "2024-01-01 00:00:00", "7"),
        (1, None, 9.0, "A", "2025-01-01 00:00:00", "7"),
    ],
    [(None, 6, None, " a", None, None), (3, 0, 1.0, "é", None, "7"), (3, 0, 1.0, "", None, "7")],
    [],
)


def _written(rows: list[tuple[object, ...]]) -> str:
    values = ", ".join(
        "(" + ", ".join("NULL" if cell is None else repr(cell) for cell in row) + ")"
        for row in rows
    )
    return f"INSERT INTO t VALUES {values}" if rows else "SELECT 1"


@pytest.mark.parametrize("rows", _SAMPLES)
def test_postgresql_judges_as_its_rows_are_judged(
    rows: list[tuple[object, ...]], server: Server
) -> None:
    ddl = DDL.format(at="timestamptz").replace("n int", "n numeric(9, 2)")
    server.execute("DROP DATABASE IF EXISTS pushed", "CREATE DATABASE pushed")
    odd = "INSERT INTO t VALUES (9, 'nan', 'nan', 'a', NULL, '7')"
    server.execute(ddl, _written(rows), odd, database="pushed")
    agree(server.url("pushed"), contract())
    agree(server.url("pushed"), contract(allowed=0.5))


@pytest.mark.parametrize("rows", _SAMPLES)
def test_mariadb_judges_as_its_rows_are_judged(
    rows: list[tuple[object, ...]], mariadb: Mariadb
) -> None:
    ddl = DDL.format(at="timestamp NULL").replace("double precision", "float")
    mariadb.execute("CREATE DATABASE IF NOT EXISTS pushed")
    mariadb.execute("DROP TABLE IF EXISTS t", ddl, _written(rows), database="pushed")
    agree(mariadb.url("pushed"), contract())
    agree(mariadb.url("pushed"), contract(allowed=0.5))


def test_rows_are_not_read_where_nothing_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(tmp_path / "t.duckdb") as connection:
        connection.execute(DDL.format(at="timestamp"))
        connection.execute("INSERT INTO t VALUES (1, 1, 1, 'a', NULL, '7')")
        connection.execute("INSERT INTO t VALUES (2, 2, 2, 'b', NULL, '8')")
    rules = contract()
    apart = tuple(c for c in rules.checks if not (isinstance(c, RowCheck) and len(c.columns) > 1))
    rules = Contract(id="x", title="x", columns=rules.columns, checks=apart)
    read: list[str] = []
    monkeypatch.setattr(Asking, "columns", lambda _, names: read.extend(names))
    assert check_database(str(tmp_path / "t.duckdb"), rules).passed
    assert not read


def test_a_column_of_too_many_levels_is_read_and_a_missing_one_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(tmp_path / "t.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 'a' || i AS word FROM range(9) AS r(i)")
    monkeypatch.setattr("modelwright.data.pushed.queries.MOST_LEVELS", 3)
    agree(str(tmp_path / "t.duckdb"), contract())


def test_nested_columns_are_read_as_a_whole(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "t.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT {'a': 1} AS s, 1 AS n")
    agree(str(tmp_path / "t.duckdb"), contract())


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    duckdb.connect(tmp_path / "t.duckdb").close()
    with pytest.raises(SourceError, match="no table 'u'"):
        check_database(str(tmp_path / "t.duckdb"), contract(), table="u")
