from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from example_bundle import MULTICLASS, REGRESSION, ROWS, make_bundle
from modelwright.engineer.predictions import check_name, predict_table, write_table
from modelwright.errors import InputError, SchemaError, WorkspaceError

TABLE = pl.DataFrame(ROWS)


def test_answers_follow_the_columns():
    answered = predict_table(make_bundle(), TABLE)
    assert answered.columns == [*TABLE.columns, "prediction", "probability_yes"]
    expected = ["yes" if p >= 0.4 else "no" for p in answered["probability_yes"]]
    assert answered["prediction"].to_list() == expected


def test_each_class_has_its_probability():
    answered = predict_table(make_bundle(MULTICLASS), TABLE)
    chances = answered.select(f"probability_{each}" for each in (1, 2, 3))
    assert chances.sum_horizontal().to_list() == pytest.approx([1.0] * len(TABLE))


def test_a_number_stands_alone():
    answered = predict_table(make_bundle(REGRESSION), TABLE)
    assert answered.columns == [*TABLE.columns, "prediction"]
    assert answered["prediction"].dtype == pl.Float64


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="no column 'age'"):
        predict_table(make_bundle(), TABLE.drop("age"))


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "A.CSV", "deep/a.parquet"])
def test_what_is_written_is_read_again(name, tmp_path):
    path = tmp_path / name
    answered = predict_table(make_bundle(), TABLE)
    write_table(answered, path)
    read = pl.read_csv if path.suffix.lower() == ".csv" else pl.read_parquet
    assert_frame_equal(read(path), answered)
    assert [each.name for each in path.parent.iterdir() if each.is_file()] == [path.name]


def test_other_endings_are_refused_before_any_work():
    with pytest.raises(InputError, match=r"found '\.txt'"):
        check_name(Path("a.txt"))


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="could not be written"):
        write_table(TABLE, tmp_path / "file" / "a.csv")
