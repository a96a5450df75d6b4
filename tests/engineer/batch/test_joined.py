"""Files of Parquet are joined without being read, and read as what they were."""

from datetime import date

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from modelwright.engineer.batch.formats import merge
from modelwright.engineer.batch.joined import join
from modelwright.engineer.batch.thrift import BINARY, BYTE, DOUBLE, I64, LIST, MAP, TRUE, Reader
from modelwright.engineer.batch.thrift import written as as_bytes

FRAME = pl.DataFrame(
    {
        "id": range(1_000),
        "x": [number / 7 if number % 5 else None for number in range(1_000)],
        "name": [f"name {number % 11}" for number in range(1_000)],
        "flag": [number % 2 == 0 for number in range(1_000)],
        "seen": pl.Series([number * 10**9 for number in range(1_000)]).cast(pl.Datetime("us")),
        "day": [date(2024, 1, 1 + number % 28) for number in range(1_000)],
        "set": [[number, number + 1] for number in range(1_000)],
        **{f"more {number}": [number] * 1_000 for number in range(20)},
    }
)


@pytest.fixture
def parts(tmp_path):
    paths = [tmp_path / f"part-{number}.parquet" for number in range(4)]
    sizes = [(0, 300), (300, 1), (301, 0), (301, 699)]
    for path, (first, count) in zip(paths, sizes, strict=True):
        FRAME.slice(first, count).write_parquet(path, compression="zstd", row_group_size=128)
    return paths


def test_every_reader_reads_the_whole(parts, tmp_path):
    whole = tmp_path / "whole.parquet"
    assert join(parts, whole)
    assert pl.read_parquet(whole).equals(FRAME)
    assert pl.from_arrow(pq.read_table(whole)).equals(FRAME)
    counted = duckdb.sql(f"SELECT count(*), sum(x), max(day) FROM '{whole}'").fetchall()
    assert counted == [(1_000, pytest.approx(FRAME["x"].sum()), date(2024, 1, 28))]
    assert pl.scan_parquet(whole).filter(pl.col("id") == 999).collect()["id"].to_list() == [999]


def test_what_arrow_wrote_is_joined_too(parts, tmp_path):
    tables = [pq.read_table(part) for part in parts]
    for table, part in zip(tables, parts, strict=True):
        pq.write_table(table, part, write_page_index=True, row_group_size=200)
    whole = tmp_path / "whole.parquet"
    assert join(parts, whole)
    assert pl.from_arrow(pq.read_table(whole)).equals(FRAME)


def test_other_columns_are_not_joined_but_merged(tmp_path):
    parts = [tmp_path / name for name in ("one.parquet", "two.parquet")]
    pl.DataFrame({"a": [1], "b": [2]}).write_parquet(parts[0])
    pl.DataFrame({"a": [3], "c": [4]}).write_parquet(parts[1])
    assert not join(parts, tmp_path / "whole.parquet")


def test_a_single_part_is_merged(tmp_path):
    FRAME.write_parquet(tmp_path / "one.parquet")
    merge([tmp_path / "one.parquet"], tmp_path / "whole.parquet", ".parquet")
    assert pl.read_parquet(tmp_path / "whole.parquet").equals(FRAME)


def test_all_kinds_of_fields_come_back():
    fields = {
        1: (TRUE, True),
        2: (TRUE + 1, False),
        3: (BYTE, b"\x05"),
        40: (I64, -(2**40)),
        41: (DOUBLE, b"12345678"),
        42: (LIST, (I64, list(range(40)))),
        43: (MAP, (BINARY << 4 | I64, [(b"a", 1)])),
        44: (MAP, (0, [])),
    }
    assert Reader(as_bytes(fields)).struct() == fields
