"""Arrow files, streams and Feather."""

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.feather
import pytest

from modelwright.data.sources.open import open_source
from modelwright.errors import SchemaError, SourceError

TABLE = pa.table({"a": [1, None], "b": ["x", "y"], "c": pa.array(["u", "v"]).dictionary_encode()})


def write(table: pa.Table, path: Path) -> Path:
    new = pa.ipc.new_stream if path.suffix == ".arrows" else pa.ipc.new_file
    with new(str(path), table.schema) as writer:
        writer.write_table(table)
    return path


@pytest.mark.parametrize("suffix", [".arrow", ".ipc", ".feather", ".arrows"])
def test_files_and_streams(tmp_path: Path, suffix: str) -> None:
    source = open_source(write(TABLE, tmp_path / f"a{suffix}"))
    assert source.read().rows() == [(1, "x", "u"), (None, "y", "v")]
    assert ("stream" if suffix == ".arrows" else "file") in source.facts[0]


def test_feather_with_compression(tmp_path: Path) -> None:
    pyarrow.feather.write_feather(TABLE, str(tmp_path / "a.feather"), compression="zstd")
    assert open_source(tmp_path / "a.feather").read().height == 2


def test_columns_of_no_type_are_text(tmp_path: Path) -> None:
    table = pa.table({"a": pa.nulls(2)})
    assert open_source(write(table, tmp_path / "a.arrow")).read().schema == {"a": pl.String}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (pa.Table.from_arrays([pa.array([1])] * 2, names=["a", "a"]), "'a' occurs 2 times"),
        (pa.table({"a": [b"\0"]}), "'a' holds values of type Binary"),
        (
            pa.table({"a": pa.array([(1, 2, 3)], pa.month_day_nano_interval())}),
            "'a' holds values of type month_day_nano_interval",
        ),
    ],
)
def test_columns_that_are_refused(tmp_path: Path, table: pa.Table, expected: str) -> None:
    with pytest.raises(SchemaError) as caught:
        open_source(write(table, tmp_path / "a.arrow")).read()
    assert expected in str(caught.value)


@pytest.mark.parametrize("suffix", [".arrow", ".arrows"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_truncated_files(tmp_path: Path, suffix: str, share: float) -> None:
    path = write(TABLE, tmp_path / f"a{suffix}")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(SourceError, match="truncated, damaged or no Arrow file"):
        open_source(path).read()


def test_other_files_with_that_name(tmp_path: Path) -> None:
    (tmp_path / "a.arrow").write_bytes(b"PAR1")
    with pytest.raises(SourceError, match="is a Parquet file"):
        open_source(tmp_path / "a.arrow").read()
