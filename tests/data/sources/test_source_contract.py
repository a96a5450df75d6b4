import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pytest

from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.files import find_file, whole_file
from modelwright.data.sources.open import FILES, SCHEMES, WORKBOOKS
from modelwright.data.sources.selection import Selection
from modelwright.testing import check_source

_ROWS = pl.DataFrame({"name": ["ann", "bob"], "age": [39, 40]})
_STATEMENT = "CREATE TABLE ages AS SELECT 39 AS age"
_DATABASES = (".db", ".duckdb", ".sqlite", ".sqlite3")


def _write(path: Path) -> None:
    suffix = path.suffix
    if suffix in (".sqlite", ".sqlite3"):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(_STATEMENT)
    elif suffix in _DATABASES:
        with duckdb.connect(path) as connection:
            connection.execute(_STATEMENT)
    elif suffix in (".jsonl", ".ndjson"):
        _ROWS.write_ndjson(path)
    elif suffix == ".json":
        _ROWS.write_json(path)
    elif suffix in (".arrow", ".arrows", ".ipc", ".feather"):
        _ROWS.write_ipc(path)
    elif suffix in (".parquet", ".pq", ".parq"):
        _ROWS.write_parquet(path)
    else:
        _ROWS.write_csv(path, separator="\t" if suffix in (".tsv", ".tab") else ",")


@pytest.mark.parametrize("suffix", sorted({*FILES} - {*WORKBOOKS}))
def test_a_file_keeps_its_contract(tmp_path, suffix):
    path, nowhere = (tmp_path / f"{name}{suffix}" for name in ("ages", "none"))
    _write(path)
    check_source(FILES[suffix], str(path), nowhere=str(nowhere))


@pytest.mark.parametrize("scheme", ["duckdb", "sqlite"])
def test_a_database_keeps_its_contract(tmp_path, scheme):
    path = tmp_path / f"ages.{scheme}"
    _write(path)
    check_source(
        SCHEMES[scheme],
        f"{scheme}:///{path}",
        nowhere=f"{scheme}:///{tmp_path}/none",
        selection=Selection(query="SELECT age FROM ages"),
    )


def _read(path):
    return Reading(pl.read_csv(path), ("One table was read.",))


def _unasked(address, selection):
    return Deferred(address, lambda: _read(find_file(address)))


def _unlooked(address, selection):
    selection.check_empty(address)
    return Deferred(address, lambda: _read(Path(address)))


def _moved(path):
    reading = _read(path)
    path.write_text("age\n1\n")
    return reading


def _secretive(path):
    return Reading(pl.read_csv(path), (f"Read {path}.",))


@pytest.mark.parametrize(
    ("opener", "words"),
    [
        (_unasked, "reads a table where there is none"),
        (_unlooked, "ends in a FileNotFoundError"),
        (whole_file(_moved), "reads other rows"),
        (whole_file(_secretive), "tells its secret"),
        (whole_file(lambda path: Reading(pl.read_csv(path), ("rows",))), "end with a stop"),
    ],
)
def test_the_contract_sees_what_is_broken(opener, words, tmp_path):
    path = tmp_path / "hush.csv"
    path.write_text("age\n39\n40\n")
    secret = "hush" if "secret" in words else ""
    with pytest.raises(AssertionError, match=words):
        check_source(opener, str(path), nowhere=str(tmp_path / "none.csv"), secret=secret)
