"""Parquet: one file, folders, patterns, mixed schemas and damaged files."""

from pathlib import Path

import polars as pl
import pytest

from modelwright.data.sources.open import open_source
from modelwright.errors import SchemaError, SourceError

FRAME = pl.DataFrame({"a": [1, 2], "b": ["x", None]})


def write(frame: pl.DataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    return path


@pytest.mark.parametrize("suffix", [".parquet", ".pq", ".PARQUET"])
def test_a_file(tmp_path: Path, suffix: str) -> None:
    path = write(FRAME, tmp_path / f"odd [name]*{suffix}")
    assert open_source(path).read().equals(FRAME)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    write(FRAME[1:], tmp_path / "part-1.parquet")
    write(FRAME[:1], tmp_path / "deeper" / "part-0.parquet")
    write(pl.DataFrame({"other": [1]}), tmp_path / "_temporary" / "x.parquet")
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / ".part-1.parquet.crc").touch()
    source = open_source(tmp_path)
    assert source.read().equals(FRAME)
    assert source.facts == ("Read 2 Parquet files.",)


def test_a_pattern(tmp_path: Path) -> None:
    write(FRAME[:1], tmp_path / "2013-01.parquet")
    write(FRAME[1:], tmp_path / "2013-02.parquet")
    write(FRAME, tmp_path / "2014-01.parquet")
    assert open_source(f"{tmp_path}/2013-*.parquet").read().equals(FRAME)


def test_named_folders_become_columns(tmp_path: Path) -> None:
    write(FRAME, tmp_path / "year=2013" / "a.parquet")
    write(FRAME, tmp_path / "year=2014" / "a.parquet")
    assert open_source(tmp_path).read()["year"].to_list() == [2013, 2013, 2014, 2014]


def test_the_order_of_columns_may_differ(tmp_path: Path) -> None:
    write(FRAME, tmp_path / "1.parquet")
    write(FRAME.select("b", "a"), tmp_path / "2.parquet")
    assert open_source(tmp_path).read().equals(pl.concat([FRAME, FRAME]))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (FRAME.drop("b"), "Column 'b' is of type String in"),
        (FRAME.with_columns(c=1), "Column 'c' is missing in"),
        (FRAME.with_columns(a=pl.lit("x")), "Column 'a' is of type Int64 in"),
    ],
)
def test_mixed_schemas_name_the_column_and_the_files(
    tmp_path: Path, other: pl.DataFrame, expected: str
) -> None:
    write(FRAME, tmp_path / "1.parquet")
    write(other, tmp_path / "2.parquet")
    with pytest.raises(SourceError) as caught:
        open_source(tmp_path).read()
    assert expected in str(caught.value)
    assert str(tmp_path / "1.parquet") in str(caught.value)
    assert str(tmp_path / "2.parquet") in str(caught.value)


def test_structs_are_flattened_and_lists_written_as_texts(tmp_path: Path) -> None:
    nested = pl.DataFrame({"s": [{"x": 1}, None]})
    assert open_source(write(nested, tmp_path / "s.parquet")).read().columns == ["s.x"]
    lists = pl.DataFrame({"l": [["a", "b"], [], None], "n": [[1, 2], [3], [None]]})
    read = open_source(write(lists, tmp_path / "l.parquet")).read()
    assert read.rows() == [("a|b", "1|2"), (None, "3"), (None, None)]
    with pytest.raises(SchemaError, match="Column 'l' holds values of type List"):
        open_source(write(pl.DataFrame({"l": [[1.5], [2.5]]}), tmp_path / "f.parquet")).read()


@pytest.mark.parametrize("size", [4, 11, 100, -1])
def test_a_truncated_file(tmp_path: Path, size: int) -> None:
    path = write(FRAME, tmp_path / "a.parquet")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(SourceError, match="truncated or damaged"):
        open_source(path).read()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "is not a Parquet file"),
        (b"<html>", "is an HTML page"),
        (b"ARROW1\0\0", "is an Arrow file"),
    ],
)
def test_other_files_with_that_name(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=expected):
        open_source(path).read()


def test_a_folder_without_parquet_says_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    (tmp_path / "b.csv").touch()
    with pytest.raises(SourceError, match=r"holds no Parquet file \(found: 2 \.csv\)"):
        open_source(tmp_path)


def test_patterns_that_match_nothing_or_other_files(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No file matches"):
        open_source(f"{tmp_path}/*.parquet")
    (tmp_path / "a.csv").touch()
    with pytest.raises(SourceError, match="only Parquet files"):
        open_source(f"{tmp_path}/*.csv")


def test_every_damaged_byte_is_a_source_error_or_harmless(tmp_path: Path) -> None:
    path = write(pl.DataFrame({"a": range(50), "b": ["x"] * 50}), tmp_path / "a.parquet")
    whole = path.read_bytes()
    for position in range(0, len(whole), 11):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 255]) + whole[position + 1 :])
        try:
            open_source(path).read()
        except (SourceError, SchemaError):
            continue
