"""Excel workbooks: sheets, names and types of columns."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from modelwright.data.sources.open import FILES, open_source
from modelwright.errors import SourceError
from modelwright.testing import check_source

ROWS = [["a", "when", "note"], [1.5, dt.date(2024, 1, 31), "x"], [2, None, None]]


def write(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(row, column, value, day)
                    elif value is not None:
                        sheet.write(row, column, value)
    return path


def test_the_only_sheet_with_data(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a.xlsx", Empty=[], Data=ROWS))
    assert source.read().schema == {"a": pl.Float64, "when": pl.Datetime("ms"), "note": pl.String}
    assert source.read().with_columns(pl.col("when").cast(pl.Date)).rows() == [
        (1.5, dt.date(2024, 1, 31), "x"),
        (2.0, None, None),
    ]
    assert source.facts == ("Read the sheet 'Data'.",)


@pytest.mark.parametrize(
    ("above", "rows"),
    [
        ([[]] * 3, ROWS),
        ([[]] * 3, [row[:2] for row in ROWS]),
        ([[], ["Report of May"], []], ROWS),
    ],
)
def test_a_table_below_the_first_row_of_the_sheet(tmp_path: Path, above, rows) -> None:
    frame = open_source(write(tmp_path / "a.xlsx", Data=[*above, *rows])).read()
    assert frame.columns == rows[0]
    assert frame["a"].to_list() == [1.5, 2.0]


def test_a_named_sheet(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", One=[["a"], [1]], Two=[["b"], [2]])
    assert open_source(path, table="Two").read().columns == ["b"]
    with pytest.raises(SourceError, match="holds 2 tables: 'One', 'Two'"):
        open_source(path).read()
    with pytest.raises(SourceError, match="Did you mean 'Two'"):
        open_source(path, table="Tow").read()


def test_a_workbook_keeps_its_contract(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", Data=ROWS)
    check_source(FILES[".xlsx"], str(path), nowhere=str(tmp_path / "none.xlsx"))


def test_a_late_text_among_numbers_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", S=[["a"], *[[1]] * 1500, ["late"]])
    values = open_source(path).read()["a"]
    assert values[-1] == "late"
    assert values.null_count() == 0


def test_names_that_are_empty_or_numbers(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a.xlsx", S=[["a", None, 2024], [1, 2, 3]]))
    assert source.read().columns == ["a", "column_2", "2024"]
    assert "'column_2'" in source.facts[1]


def test_a_sheet_as_people_make_it(tmp_path: Path) -> None:
    rows = [[place, f"{place},5 %", place] for place in range(12)]
    sheet = [
        ["Report of May"],
        [],
        [None, "Rates"],
        ["a", "rate", "a"],
        *rows,
        [],
        ["Sum", None, 66],
    ]
    source = open_source(write(tmp_path / "a.xlsx", S=sheet))
    assert source.read().columns == ["a", "rate", "a_2"]
    assert source.read().height == 12
    assert source.read()["rate"][0] == "0.5%"
    assert (
        "above the names of the columns were left out: 'Report of May', 'Rates'" in source.facts[1]
    )


def test_header_only_has_zero_rows(tmp_path: Path) -> None:
    assert open_source(write(tmp_path / "a.xlsx", S=[["a", "b"]])).read().shape == (0, 2)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04", "damaged or no workbook"),
        (b"<html>", "it looks like an HTML page"),
    ],
)
def test_broken_workbooks(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(SourceError, match=expected):
        open_source(tmp_path / "a.xlsx").read()


def test_empty_sheets_and_queries_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", Empty=[])
    with pytest.raises(SourceError, match="holds no tables"):
        open_source(path).read()
    with pytest.raises(SourceError, match="'Empty' is empty"):
        open_source(path, table="Empty").read()
    with pytest.raises(SourceError, match="takes no query"):
        open_source(path, query="SELECT 1")
