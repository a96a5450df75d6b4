"""CSV and TSV: dialects, encodings, round trips, and every way in which such files are broken."""

import csv
import gzip
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.data.conform import conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.sources.base import Deferred
from modelwright.data.sources.delimited import read_delimited
from modelwright.errors import SourceError


def read(folder: Path, content: str | bytes, name: str = "table.csv") -> tuple[pl.DataFrame, str]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    reading = read_delimited(path)
    return reading.frame, " ".join(reading.facts)


def fault(folder: Path, content: str | bytes, name: str = "table.csv") -> str:
    with pytest.raises(SourceError) as caught:
        read(folder, content, name)
    return str(caught.value)


def test_everything_is_text_as_written(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, 'zip,price,note\n00501,1.50, x \n,"","a ""b"""\n')
    assert frame.schema == dict.fromkeys(["zip", "price", "note"], pl.String)
    assert frame.rows() == [("00501", "1.50", " x "), (None, None, 'a "b"')]


@pytest.mark.parametrize("token", ["NA", "NULL", "null", "nan", "None", "?", "-", "0"])
def test_only_empty_is_null(tmp_path: Path, token: str) -> None:
    frame, _ = read(tmp_path, f"a,b\n{token},x\n")
    assert frame["a"].to_list() == [token]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
@pytest.mark.parametrize(
    ("delimiter", "words"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_delimiters_and_line_ends(
    tmp_path: Path, delimiter: str, words: str, end: str, last: str
) -> None:
    lines = [f"a{delimiter}b", f"1{delimiter}2", f'"x{end}y,;|"{delimiter}4']
    frame, facts = read(tmp_path, end.join(lines) + (end if last else ""))
    assert frame.rows() == [("1", "2"), (f"x{end}y,;|", "4")]
    assert words in facts


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "byte order mark"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, words: str) -> None:
    frame, facts = read(tmp_path, "größe,ort\n1,Köln\n2,Ölß\n".encode(encoding))
    assert frame.columns == ["größe", "ort"]
    assert frame["ort"].to_list() == ["Köln", "Ölß"]
    assert words in facts


def test_big_endian_utf_16(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, b"\xfe\xff" + "a,b\nŁ,2\n".encode("utf-16-be"))
    assert frame.rows() == [("Ł", "2")]


@pytest.mark.parametrize("content", ["name\nSmith\n\nJones\n", 'name\n"Smith"\nJones'])
def test_one_column(tmp_path: Path, content: str) -> None:
    frame, facts = read(tmp_path, content)
    assert frame["name"].to_list() == ["Smith", "Jones"]
    assert "one column" in facts


def test_free_text_in_one_column_keeps_its_commas(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, "review\ngood\nbad, very bad\na, b, c\nwell; yes\nno\n")
    assert frame.width == 1
    assert frame["review"][2] == "a, b, c"


@pytest.mark.parametrize(
    "content",
    [
        'age, city\n30, "Bern, BE"\n\n40, \n',
        'age | city\n30  | "Bern, BE"\n40  |\n',
        'age, city\n30, "Bern, BE" \n40 , ""\n',
    ],
)
def test_blanks_around_all_fields_are_left_out(tmp_path: Path, content: str) -> None:
    frame, facts = read(tmp_path, content)
    assert frame.columns == ["age", "city"]
    assert frame.rows() == [("30", "Bern, BE"), ("40", None)]
    assert "Blanks around names and values were left out." in facts


def test_padded_fields_may_be_long_or_hold_any_line_end(tmp_path: Path) -> None:
    long = "k" * 200_000
    frame, _ = read(tmp_path, f'a, b\n1, {long}\n2, "x\ry, z"\n')
    assert frame["b"].to_list() == [long, "x\ry, z"]


def test_a_fault_between_padded_fields_names_its_line(tmp_path: Path) -> None:
    assert "line 4: 3 fields found, 2 expected" in fault(tmp_path, "a, b\n1, 2\n\n3, 4, 5\n")


def test_header_only_has_zero_rows(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, "a,b,c")
    assert frame.shape == (0, 3)


def test_empty_names_are_made_up(tmp_path: Path) -> None:
    frame, facts = read(tmp_path, ",a,\n1,2,3\n")
    assert frame.columns == ["column_1", "a", "column_3"]
    assert "Columns without a name are called 'column_1', 'column_3'." in facts


def test_a_header_of_numbers_is_said(tmp_path: Path) -> None:
    frame, facts = read(tmp_path, "5.1,3\n4.9,2\n")
    assert frame.shape == (1, 2)
    assert "holds numbers only" in facts
    assert "holds numbers only" not in read(tmp_path, "id,2024\n1,2\n")[1]


def test_doubled_names_are_numbered(tmp_path: Path) -> None:
    frame, facts = read(tmp_path, "b_2,b,b,b\n1,2,3,4\n")
    assert frame.columns == ["b_2", "b", "b_3", "b_4"]
    assert "numbered: 'b_3', 'b_4'" in facts


def test_titles_totals_and_blank_records_are_left_out(tmp_path: Path) -> None:
    rows = "".join(f"{place};x{place};{place},5;\n" for place in range(12))
    content = f"Report;;;\n\n;Group;;\nid;name;price;id\n{rows};;;\nTotal;;72,0;\n"
    frame, facts = read(tmp_path, content)
    assert frame.columns == ["id", "name", "price", "id_2"]
    assert frame.height == 12
    assert frame["price"].to_list()[-1] == "11.5"
    assert "2 lines above the names of the columns were left out: 'Report', 'Group'." in facts
    assert "Below the rows this was left out: 'Total'." in facts


def test_a_row_of_groups_that_names_most_columns_is_left_out(tmp_path: Path) -> None:
    rows = "x,y,1\n" * 12
    frame, facts = read(tmp_path, f"Who,,Sales\nname,town,sum\n{rows}")
    assert frame.columns == ["name", "town", "sum"]
    assert "left out: 'Who Sales'" in facts
    # A column without a name is no group, and words below names are a row.
    assert read(tmp_path, f",town,sum\n{rows}")[0].columns == ["column_1", "town", "sum"]
    indexed = f",town,sum\na,Paris,n.d.\n{rows}"
    assert read(tmp_path, indexed)[0].columns == ["column_1", "town", "sum"]
    assert read(tmp_path, f"a,,sum\nx,y,NA\n{rows}")[0].columns == ["a", "column_2", "sum"]
    twice = f",Sales,Sales\nname,north,south\n{rows}"
    assert read(tmp_path, twice)[0].columns == ["name", "north", "south"]
    assert read(tmp_path, "a,,b\nx,y,z\nx,y,z\n")[0].columns == ["a", "column_2", "b"]


def test_faults_below_titles_name_the_line_of_the_file(tmp_path: Path) -> None:
    content = b"Report\n\na,b,c\n1,2,3\n4,5,6\n7,8,9\n1,2,3\n7,8,9\n1,2,3\n1,2\n"
    assert "line 10: 2 fields found, 3 expected" in fault(tmp_path, content)


def test_points_between_thousands(tmp_path: Path) -> None:
    prices = ["1.200 €", "985 €", "1.350 €", "12.000 €", "2.000 €", "3.100 €"]
    rows = "".join(f"{price};{weight}\n" for price, weight in zip(prices, "abcdef", strict=True))
    frame, facts = read(tmp_path, f"price;name\n{rows}")
    assert frame["price"].to_list()[:2] == ["1200€", "985€"]
    assert "Points in 'price' stand between thousands" in facts
    few = read(tmp_path, "km;use\n12.000 km;8,5\n")[0]
    assert few.row(0) == ("12000km", "8.5")
    weights = "".join(f"{place}.125;a\n" for place in range(1, 9))
    assert read(tmp_path, f"weight;name\n{weights}")[0]["weight"][0] == "1.125"


def test_decimal_commas(tmp_path: Path) -> None:
    content = "id;price;weight;note;when\n01;1.234,50;1,5;a,b;01.02.2024\n02;-7,25;NA;c;3,5\n"
    frame, facts = read(tmp_path, content)
    assert frame.rows() == [
        ("01", "1234.50", "1.5", "a,b", "01.02.2024"),
        ("02", "-7.25", "NA", "c", "3,5"),
    ]
    assert "Decimal commas in 'price', 'weight'" in facts
    assert Deferred("x", lambda: read_delimited(tmp_path / "table.csv")).decimal_commas


def test_decimal_commas_beside_currencies_and_percent_signs(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, "price;off\n1.234,50 €;5,4%\n1\u202f050,00\xa0€;12 %\n-€ 7,25;0,5%\n")
    columns = tuple(Column(name=name, kind=Kind.NUMERIC) for name in frame.columns)
    assert conform(frame, Schema(columns=columns)).rows() == [
        (1234.5, 5.4),
        (1050.0, 12.0),
        (-7.25, 0.5),
    ]


def test_a_tab_does_not_settle_what_a_comma_means(tmp_path: Path) -> None:
    frame, facts = read(tmp_path, "a\tb\n1,234\tx\n12,500\ty\n")
    assert frame["a"].to_list() == ["1,234", "12,500"]
    assert "may stand between thousands or decimals" in facts


def test_another_column_settles_what_a_comma_means(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, "a\tb\n1,234\t0,5\n12,500\t0,25\n")
    assert frame["a"].to_list() == ["1.234", "12.500"]


def test_commas_between_thousands_are_no_decimals(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, "a;b\n1,234,567;x\n12,500;y\n")
    assert frame["a"].to_list() == ["1,234,567", "12,500"]


def test_stray_quotes_between_tabs_are_literal(tmp_path: Path) -> None:
    frame, facts = read(tmp_path, 'type\ttext\nham\t"hi there\nham\t"yo\nspam\twin\n')
    assert frame["text"].to_list() == ['"hi there', '"yo', "win"]
    assert "quotes taken literally" in facts


@pytest.mark.parametrize("name", ["table.csv.gz", "table.csv"])
def test_gzip(tmp_path: Path, name: str) -> None:
    frame, facts = read(tmp_path, gzip.compress(b"a,b\n1,2\n", mtime=0), name)
    assert frame.rows() == [("1", "2")]
    assert "gzip" in facts


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # no time of day
    return buffer.getvalue()


def test_zip_of_one_file(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, zipped(a="a,b\n1,2\n"), "table.zip")
    assert frame.rows() == [("1", "2")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty (zero bytes)"),
        (b"\n\r\n", "nothing but blank lines"),
        (b"a,b\n1,2\n3\n", "line 3: 1 field found, 2 expected"),
        (b"a,b\n1,2\n3,4,5\n", "line 3: 3 fields found, 2 expected"),
        (b'a,b\n"x\ny",2\n\n3,4,5\n', "line 5: 3 fields found, 2 expected"),
        (b'a,b\n1,2\n1,"2\n3,4\n', "do not match"),
        (b'a,b\n1,2\n"x"y,2\n', "do not match"),
        (b'a,b\n1,"x\n2,"y\n', "do not match"),
        (b"a,b\n\xc3\xb6,\xc3\xa4\n\xc3\xbc,\xff\n", "the byte at offset 13 is not UTF-8"),
        (b"a,b\n\x81,2\n", "the byte at offset 4 is not UTF-8 or Windows-1252"),
        (b"\xff\xfea\x00,\x00b", "is not UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "zero byte at offset 1"),
        (b"<!DOCTYPE html>\n<html>", "is an HTML page"),
        (b"  <html><body>404</body></html>", "is an HTML page"),
        (b"PAR1\x15\x04...", "is a Parquet file"),
        (b"%PDF-1.7", "is a PDF document"),
        (b"SQLite format 3\x00", "is a SQLite database"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-9], "damaged archive"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (zipped(a="a", b="b"), "ZIP archive of 2 files"),
        (b"PK\x03\x04 broken", "damaged archive"),
    ],
)
def test_broken_files_say_what_is_wrong(tmp_path: Path, content: bytes, expected: str) -> None:
    assert expected in fault(tmp_path, content)


def test_a_long_field_is_no_fault(tmp_path: Path) -> None:
    text = "x, y\n" * 100_000
    frame, _ = read(tmp_path, f'a,b\n1,"{text}"\n')
    assert frame["b"][0] == text


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\ufeff", exclude_categories=["Cs"]),
    max_size=8,
) | st.sampled_from(['"', '""', ",", ";", "\t", "|", "\n", "\r\n", " ", "1,5", "é", "😀", ""])


@settings(max_examples=150, deadline=None)
@given(
    rows=st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6
        )
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    delimiter: str,
    end: str,
    quoting: int,
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.csv"
    if any("\r" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL  # the writer leaves a lone carriage return without quotes
    names = [f"name{position}" for position in range(len(rows[0]))]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
        writer.writerow(names)
        # A first row of plain words makes the delimiter certain; the rest may hold anything.
        writer.writerows([["word"] * len(names)] * 30)
        writer.writerows(rows)
    frame = read_delimited(path).frame
    assert frame.columns == names
    assert [list(row) for row in frame.rows()[30:]] == [
        [cell or None for cell in row] for row in rows
    ]
