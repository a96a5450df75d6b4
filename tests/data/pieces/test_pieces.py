"""Every kind of source in pieces is the table that it is as a whole."""

import sqlite3
from contextlib import closing
from functools import partial

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from modelwright.data.pieces.base import Mark
from modelwright.data.pieces.database import DatabasePieces
from modelwright.data.pieces.delimited import DelimitedPieces
from modelwright.data.pieces.lines import LinesPieces
from modelwright.data.pieces.open import open_pieces
from modelwright.data.pieces.parquet import ParquetPieces
from modelwright.data.pieces.whole import WholePieces
from modelwright.data.sources.open import open_source
from modelwright.errors import SourceError

TABLE = pl.DataFrame(
    {
        "id": [4, 1, 3, 2, 7, 6, 5],
        "name": ["a,b", 'say "x"', None, "Größe", "two\nlines", "", "z"],
        "size": [1.5, None, 3.0, 4.25, -1.0, 0.0, 9.0],
    }
)


def write_csv(path):
    TABLE.write_csv(path)


def write_tabs(path):
    TABLE.write_csv(path, separator="\t")


def write_sqlite(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id, name, size)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", TABLE.rows())


def write_duckdb(path):
    with duckdb.connect(path) as connection:
        connection.register("given", TABLE.to_arrow())
        connection.execute("CREATE TABLE t AS SELECT * FROM given")


KINDS = {
    "t.parquet": (TABLE.write_parquet, ParquetPieces),
    "t.csv": (write_csv, DelimitedPieces),
    "t.tsv": (write_tabs, WholePieces),
    "t.jsonl": (TABLE.write_ndjson, LinesPieces),
    "t.arrow": (TABLE.write_ipc, WholePieces),
    "t.db": (write_sqlite, DatabasePieces),
    "t.duckdb": (write_duckdb, DatabasePieces),
}


EMPTY = TABLE.head(0)
WRITERS = {
    "t.parquet": EMPTY.write_parquet,
    "t.csv": EMPTY.write_csv,
    "t.tsv": partial(EMPTY.write_csv, separator="\t"),
    "t.arrow": EMPTY.write_ipc,
}


def read_all(pieces, mark=Mark()):  # noqa: B008
    return [piece.read() for piece in pieces.after(mark)]


@pytest.mark.parametrize("name", KINDS)
def test_pieces_are_the_whole(name, tmp_path):
    write, kind = KINDS[name]
    write(tmp_path / name)
    address = str(tmp_path / name)
    pieces = open_pieces(address, size=3)
    assert isinstance(pieces, kind)
    found = read_all(pieces)
    assert [frame.height for frame in found] == [3, 3, 1]
    assert_frame_equal(pl.concat(found), open_source(address).read())
    if kind is not DatabasePieces:  # whose rows are in no certain order
        assert_frame_equal(pl.concat(read_all(pieces, Mark(pieces=2))), found[2])


@pytest.mark.parametrize("name", ["t.db", "t.duckdb"])
@pytest.mark.parametrize("size", [3, 7, 100])
def test_a_database_gives_its_rows_in_the_order_of_a_key(name, size, tmp_path):
    KINDS[name][0](tmp_path / name)
    pieces = open_pieces(str(tmp_path / name), key="id", size=size)
    assert pieces.stamp == "by id"
    assert pl.concat(read_all(pieces))["id"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    rest = read_all(pieces, Mark(pieces=1, key=5))
    assert pl.concat(rest)["id"].to_list() == [6, 7]
    by_name = open_pieces(str(tmp_path / name), key="name", size=size)
    after = pl.concat(read_all(by_name, Mark(1, 'say "x"')))["name"].drop_nulls()
    assert after.to_list() == ["two\nlines", "z"]
    with pytest.raises(SourceError, match="Did you mean 'size'"):
        read_all(open_pieces(str(tmp_path / name), key="sise"))


def test_a_column_of_sqlite_has_one_type_in_all_pieces(tmp_path):
    with closing(sqlite3.connect(tmp_path / "t.db")) as connection, connection:
        connection.execute("CREATE TABLE t (a, b, c)")
        rows = [(1, 1, None), (2, 2, None), (3, 2.5, None), (4, 2, "x")]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    address = str(tmp_path / "t.db")
    found = read_all(open_pieces(address, size=2))
    assert [frame.schema for frame in found] == [found[0].schema] * 2
    assert_frame_equal(pl.concat(found), open_source(address).read())


@pytest.mark.parametrize("name", KINDS)
def test_a_table_without_rows_has_its_columns(name, tmp_path):
    if name.endswith(".jsonl"):
        pytest.skip("JSON Lines without lines have no columns")
    write, _ = KINDS[name]
    address = str(tmp_path / name)
    write(tmp_path / name)
    if name.endswith("db"):
        pieces = open_pieces(address, query="SELECT * FROM t WHERE id > 99")
    else:
        WRITERS[name](tmp_path / name)
        pieces = open_pieces(address)
    (only,) = read_all(pieces)
    assert (only.columns, only.height) == (TABLE.columns, 0)


def test_folders_are_one_table(tmp_path):
    for kind, write in (("csv", write_csv), ("parquet", TABLE.write_parquet)):
        (tmp_path / kind / "deep").mkdir(parents=True)
        write(tmp_path / kind / f"a.{kind}")
        write(tmp_path / kind / "deep" / f"b.{kind}")
        found = read_all(open_pieces(str(tmp_path / kind), size=5))
        assert pl.concat(found).height == 14


def test_files_of_a_folder_have_the_same_columns(tmp_path):
    write_csv(tmp_path / "a.csv")
    TABLE.drop("size").write_csv(tmp_path / "b.csv")
    with pytest.raises(SourceError, match="other columns"):
        open_pieces(str(tmp_path))


def test_a_stamp_differs_when_a_file_does(tmp_path):
    write_csv(tmp_path / "t.csv")
    before = open_pieces(str(tmp_path / "t.csv")).stamp
    assert before == open_pieces(str(tmp_path / "t.csv")).stamp
    TABLE.head(2).write_csv(tmp_path / "t.csv")
    assert before != open_pieces(str(tmp_path / "t.csv")).stamp


@pytest.mark.parametrize(
    ("text", "fault"),
    [("a,b\n1,2\n3\n", "line 3: 1 field found"), ('a,b\n1,"2\n3,4\n', "quotes of the record")],
)
def test_faults_of_text_are_told_as_of_a_whole_file(text, fault, tmp_path):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(SourceError, match=fault):
        read_all(open_pieces(str(tmp_path / "t.csv")))


@pytest.mark.parametrize("name", ["missing.csv", "missing.parquet", "missing.jsonl", "missing.db"])
def test_a_missing_file_is_told(name, tmp_path):
    with pytest.raises(SourceError, match="There is no file"):
        open_pieces(str(tmp_path / name))


def test_a_file_has_no_tables(tmp_path):
    write_csv(tmp_path / "t.csv")
    with pytest.raises(SourceError, match="is one table"):
        open_pieces(str(tmp_path / "t.csv"), table="t")
