"""Rows in columns have the bits of the same rows one by one, whatever a file holds."""

import csv
import io
import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modelwright.data.records import RecordReader
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import InputError
from modelwright.predictor.kernel.library import library
from modelwright.serving.rows.sheets.pieces import open_pieces
from modelwright.serving.rows.sheets.sheet import Reading, Sheet
from modelwright.serving.rows.upload import CSV, LINES, PARQUET, check_columns, open_rows

SCHEMA = Schema(
    columns=(
        Column(name="age", kind=Kind.NUMERIC, missing_tokens=("-999", "x")),
        Column(name="job", kind=Kind.CATEGORICAL),
        Column(name="code", kind=Kind.CODED),
        Column(name="owns", kind=Kind.BOOLEAN),
        Column(name="seen", kind=Kind.DATETIME),
        Column(name="note", kind=Kind.TEXT),
    )
)
BESIDE = Column(name="beside", kind=Kind.NUMERIC)
CELLS = (
    *(
        "",
        "1",
        "-1.5e3",
        "0.1",
        "-999",
        "x",
        "NA",
        "?",
        " 2 ",
        "1,234.5",
        "$3",
        "inf",
        "1_0",
        "nan",
    ),
    *("clerk", "Köchin", "a;b", 'say ""', "yes", "no", "true", "0", "1.0", "007", "12.0", "a\0b"),
    *("2024-02-29", "2024-02-29T10:00:00+02:00", "31.12.2023", "line\nbreak", "cr\rlf", "-0", "."),
    *("nan", "1e400", "9007199254740993", "0.30000000000000004", "123456789012345678901", "+.5"),
)
VALUES = (
    *(None, 1, 2.5, -999, -0.0, 10**400, 2**63, True, False, "39", "x", "clerk", " yes ", "007"),
    *("2024-03-01", "", [1], {"a": 1}, "NaN", 1e308, 0.1, "12.0", 12.0),
)
NAMES = ["age", "job", "code", "owns", "seen", "note", "beside", "order", "name"]


def _reading(**more) -> Reading:
    accepted = Schema(columns=(*SCHEMA.columns, BESIDE))
    usual = {"schema": SCHEMA, "accepted": accepted, "ignored": frozenset({"name"}), "formats": {}}
    return Reading(**usual | {"id_column": "order", "rows": 3} | more)


def _one_by_one(body: bytes, kind: str, reading: Reading) -> tuple[list, str]:
    """Return what each row means, or why it is refused; and how the file ends."""
    read, rows = RecordReader(SCHEMA), []
    try:
        sent = open_rows(io.BytesIO(body), kind, separator=reading.separator)
        for row in check_columns(sent, reading.accepted, spare=reading.spare):
            rows.append(_meaning(read, row, reading))
    except InputError as error:
        return rows, str(error)
    return rows, ""


def _meaning(read: RecordReader, row, reading: Reading):
    beside = {"beside", *(reading.spare - {*SCHEMA.names}), *reading.ignored}
    if isinstance(row, InputError):
        return str(row)
    try:
        known = {name: value for name, value in row.items() if name not in beside}
        return repr([*read.row(known), row.get("order")])
    except InputError as error:
        return str(error)


def _in_pieces(body: bytes, kind: str, reading: Reading) -> tuple[list, str, int]:
    read, rows, sheets = RecordReader(SCHEMA), [], 0
    try:
        for piece in open_pieces(io.BytesIO(body), kind, reading):
            if isinstance(piece, list):
                rows += [_meaning(read, row, reading) for row in piece]
                continue
            sheets += 1
            ids = piece.ids or [None] * piece.rows
            columns = [piece.columns[name].tolist() for name in SCHEMA.names]
            in_columns = [repr([*row]) for row in zip(*columns, ids, strict=True)]
            again = [_meaning(read, row, reading) for row in piece.one_by_one()]
            assert in_columns == again
            rows += in_columns
    except InputError as error:
        return rows, str(error), sheets
    return rows, "", sheets


def _require_same(body: bytes, kind: str, reading: Reading) -> int:
    rows, end = _one_by_one(body, kind, reading)
    found, found_end, sheets = _in_pieces(body, kind, reading)
    # Where a byte is no text, its place is told from where it was read.
    assert found_end.partition(" position ")[0] == end.partition(" position ")[0]
    # Before a fault of the whole file, rows may be answered as far as they were read.
    short = min(len(rows), len(found)) if end else None
    assert found[:short] == rows[:short]
    return sheets


@pytest.fixture(scope="module", autouse=True)
def _kernel():
    if library() is None or not library().cuts:
        pytest.skip("There is no compiled kernel here that reads cells.")


def _written(names, rows, *, separator=",", quoting=csv.QUOTE_MINIMAL, end="\n") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=end)
    writer.writerows([names, *rows])
    return text.getvalue().encode()


@given(
    names=st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
    drawn=st.randoms(use_true_random=False),
    count=st.integers(0, 12),
    separator=st.sampled_from([",", ";", "\t", "a"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)
def test_comma_separated_values(names, drawn, count, separator, quoting, end):
    rows = [[drawn.choice(CELLS) for _ in names] for _ in range(count)]
    body = _written(names, rows, separator=separator, quoting=quoting, end=end)
    _require_same(body, CSV, _reading(separator=separator, rows=drawn.choice([1, 3, 50])))


@given(st.text(alphabet='ab1,;"\n\r\0 ü', max_size=40), st.booleans())
@example('1,"a\n', False)
@example('1,"a"b\n2,c\n', False)
@example('1\n2,3\n\n"4","5\n6"\n', True)
@example('1,""\n"","a""b"', True)
def test_text_that_nobody_wrote_as_a_table(text, ends):
    body = ("\ufeff" * ends + "age,job\n" + text + "\n" * ends).encode()
    _require_same(body, CSV, _reading())
    _require_same(body[:-1] + b"\xff\n3,c\n", CSV, _reading())


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=12))
def test_lines(rows):
    body = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    _require_same(body, LINES, _reading())
    _require_same(b"\n \n" + body + b'{"age": 1, "age": 2}\n{"aeg": 1}\n[1]\n{', LINES, _reading())


def test_a_field_that_stands_twice_in_a_line_is_refused():
    body = b'{"age": null, "age": 2}\n{"job": "a:b"}\n'
    (piece,) = open_pieces(io.BytesIO(body), LINES, _reading())
    assert "The field 'age' stands twice" in str(piece[0])
    assert piece[1] == {"job": "a:b"}


def test_columns_whose_names_json_escapes():
    names = ('a "b"', "a\nb", "a\\b")
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in names))
    reading = _reading(schema=schema, accepted=schema)
    body = json.dumps(dict(zip(names, (1, 2, 3), strict=True))).encode()
    (piece,) = open_pieces(io.BytesIO(body), LINES, reading)
    assert [piece.columns[name].tolist() for name in names] == [[1.0], [2.0], [3.0]]
    (piece,) = open_pieces(io.BytesIO(body + b'\n{"c": 1}\n'), LINES, reading)
    assert isinstance(piece, list)


@pytest.mark.parametrize("age", [[1, None, 3], [1.5, float("nan"), -999.0], ["1", "x", None]])
def test_parquet(age):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {
        "age": age,
        "job": arrow.array(["a", None, "a"]).dictionary_encode(),
        "code": [7.0, None, 1.5],
        "owns": [True, None, False],
        "seen": [datetime(2024, 2, 29, tzinfo=UTC), None, datetime(1969, 1, 1, tzinfo=UTC)],
        "note": arrow.array(["x", "?", None], type=arrow.large_string()),
        "order": [1, None, 3],
        "beside": [[1], [2], [3]],
    }
    file = io.BytesIO()
    parquet.write_table(arrow.table(columns), file)
    assert _require_same(file.getvalue(), PARQUET, _reading(rows=2)) == 2


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (CSV, b'"age","job","order"\n39,"a",1\n40,"b ""c""",2\n,NA,3\n$4,\xc3\xbc,4\n'),
        (
            LINES,
            b'{"age": 39, "job": "a"}\n{"age": null}\n{"job": 4, "order": "z"}\n{"age": "4"}\n',
        ),
    ],
)
def test_usual_files_are_read_in_columns(kind, body):
    assert _require_same(body, kind, _reading(rows=2)) == 2


def test_what_is_refused_is_read_one_by_one():
    body = b"age,job\n39,a\nold,b\n40\n41,c\n"
    (piece,) = open_pieces(io.BytesIO(body), CSV, _reading(rows=9))
    assert isinstance(piece, list)
    assert isinstance(piece[2], InputError)
    (piece,) = open_pieces(io.BytesIO(b"age\n39\n"), CSV, _reading())
    assert isinstance(piece, Sheet)
    assert np.isnan(piece.columns["owns"]).all()
