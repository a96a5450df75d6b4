"""Databases in which views are compared with the interpreter."""

import json
import runpy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import throwaway_postgresql
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.replay import Replayed, absent, write_files
from modelwright.predictor.emitters.rows_file import Record, rows_file
from modelwright.predictor.emitters.sql.emitter import DATABASE, SQL_EMITTERS, SqlEmitter

EMITTERS = {each.name.removeprefix("sql-"): each for each in SQL_EMITTERS}


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with throwaway_postgresql.run_server() as server:
        yield server.url()


@pytest.fixture(scope="session")
def mysql_server() -> Iterator[str]:
    pytest.importorskip("pymysql")
    from throwaway_mariadb import run_server

    with run_server() as server:
        server.execute("CREATE DATABASE replayed")
        yield server.url("replayed")


@dataclass(frozen=True)
class Database:
    """A dialect, and where its test program finds a server."""

    emitter: SqlEmitter
    folder: Path

    def replay(
        self, bundle: Bundle, records: Sequence[Record], said: Callable[[], Any]
    ) -> Replayed:
        """Let the form's own test program compare rows, in this process."""
        write_files(self.emitter.emit(bundle), self.folder)
        path = self.folder / "compared.rows"
        path.write_bytes(rows_file(bundle, records))
        said()
        runpy.run_path(str(self.folder / "replay.py"))["main"](path)
        found = json.loads(said().out.splitlines()[-1])
        return Replayed(rows=found["rows"], differ=found["differ"], largest=found["largest"])


@pytest.fixture(params=EMITTERS)
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Database:
    name = request.param
    if name in ("postgresql", "mysql"):
        monkeypatch.setenv(DATABASE, request.getfixturevalue(f"{name}_server"))
    emitter = EMITTERS[name]
    if missing := absent(emitter.tools):
        pytest.skip(f"{', '.join(missing)} is not installed")
    return Database(emitter, tmp_path)


@pytest.fixture
def agrees(database: Database, capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """Assert that a view answers rows as the interpreter does."""

    def check(bundle: Bundle, records: Sequence[Record]) -> None:
        found = database.replay(bundle, records, capsys.readouterr)
        assert found.rows > len(records) / 2
        assert found.differ == 0
        assert isinstance(found.largest, float)
        assert found.largest <= database.emitter.tolerance

    return check
