"""Records are read strictly, and to the same bits as tables."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.conform import columns_of, conform, count_unparsed
from modelwright.data.records import (
    MISSING_DATETIME,
    RecordReader,
    columns_from_records,
    value_reader,
)
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.moments import (
    DIGITS,
    QUARTER,
    UNIX,
    WEEK,
    known_formats,
    moment_of,
    text_of,
)
from modelwright.errors import SchemaError

FORMATS = ["", "%d/%m/%Y", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M:%S.%f", "%b-%Y", "%d-%b-%y"]
TOKENS = ("-999", "withheld", "20")
COLUMNS = [
    *(Column(name="x", kind=kind) for kind in Kind),
    *(Column(name="x", kind=kind, missing_tokens=TOKENS) for kind in Kind),
    *(Column(name="x", kind=Kind.DATETIME, datetime_format=known) for known in FORMATS),
    *(Column(name="x", kind=Kind.DATETIME, datetime_format=each) for each in DIGITS),
]
WRITTEN = [
    "", "?", "NA", "None", "-", "withheld", "-999", "-999.0", "20", "20.0", "+20.00", "007",
    "007.0",
    "1e400", "-1e-400", "1.", ".5", "+.5E3", "inf", "-inf", "Infinity", "nan", "NaN", "1_000",
    "0x10",
    "$1,234.50", "-$5", "$-5", "1,23", "1,234", "1,2345", "12 %", "12%", "€ 7", "7 €", "(5)", "- 5",
    "Yes", "no", "T", "F", "ON", "off", "1", "0", "1.0", "maybe", "٣", "\x1c5", "5\x1f", "\u00a05 ",
    "2020-02-29", "2021-02-29", "0000-01-01", "0001-01-01", "9999-12-31T23:59:59.9999999Z",
    "1969-12-31T23:59:59.000001+05:30", "2020-01-01 10", "2020-01-01T10:00:60", "2020-01-01T24:00",
    "2020-01-01T10:00:00.1-0330", "2020-01-01 10:00 UTC", "20200229", "20210229", "31/12/1999",
    "12/31/1999 12:30 AM", "12/31/1999 12:30 pm", "1.2.2020 3:04:05.678", "Jan-2018", "sept-2018",
    "MAY-1970", "31-Feb-99", "1-dec-68", "1-dec-69", "\u017fep-2018",
    "1998", "1998.0", "199802", "199813", "1700000000.25", "1700000000123", "1700000000123456789",
]  # fmt: skip

texts = st.one_of(
    st.sampled_from(WRITTEN), st.text(max_size=6), st.from_regex(r"\A[-+$]?[0-9.,eE%]+\Z")
)
columns_of_values = st.one_of(
    st.lists(texts | st.none(), min_size=1, max_size=8),
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.sampled_from([0, 1, 20, 20200229]) | st.none()),
    st.lists(
        st.floats() | st.sampled_from([0.0, -0.0, 1.0, 20.0, -999.0, 1e16, 2.0**63]) | st.none()
    ),
    st.lists(st.booleans() | st.none()),
)


def _bits(array: np.ndarray) -> list[object]:
    return array.view(np.int64).tolist() if array.dtype == np.float64 else array.tolist()


@given(column=st.sampled_from(COLUMNS), values=columns_of_values)
def test_records_are_read_to_the_same_bits_as_a_table(column, values):
    schema = Schema(columns=(column,))
    table = pl.DataFrame({"x": pl.Series(values, strict=True)})
    from_table = columns_of(conform(table, schema), schema)["x"]
    refused = 0
    for row, value in enumerate(values):
        try:
            from_record = columns_from_records([{"x": value}], schema)["x"]
        except SchemaError:
            refused += 1
            from_record = columns_from_records([{"x": None}], schema)["x"]
        assert from_record.dtype == from_table.dtype
        assert _bits(from_record) == _bits(from_table[row : row + 1])
    assert count_unparsed(table, schema).get("x", (0, ()))[0] == refused


@given(
    moment=st.datetimes(),
    known=st.sampled_from(
        [known for known in known_formats() if "%y" not in known and known not in (QUARTER, WEEK)]
    ),
)
def test_a_moment_that_is_written_is_read_back(moment, known):
    text = moment.isoformat() if known == "" else _written(moment.replace(tzinfo=UTC), known)
    least = moment
    for directives, smaller in (
        ({"%f"}, {"microsecond": 0}),
        ({"%S"}, {"second": 0}),
        ({"%M"}, {"minute": 0}),
        ({"%H", "%I"}, {"hour": 0}),
        ({"%d"}, {"day": 1}),
    ):
        if known and not any(directive in known for directive in directives):
            least = least.replace(**smaller)
    expected = (least.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        microseconds=1
    )
    assert moment_of(text, known) == expected


def test_few_years_have_a_week_53():
    column = Column(name="x", kind=Kind.DATETIME, datetime_format=WEEK)
    weeks = [f"{year}-W53" for year in range(2015, 2030)]
    read = conform(pl.DataFrame({"x": weeks}), Schema(columns=(column,)))["x"]
    assert read.drop_nulls().dt.date().to_list() == [
        date(2015, 12, 28),
        date(2020, 12, 28),
        date(2026, 12, 28),
    ]
    assert [moment_of(week, WEEK) is None for week in weeks] == read.is_null().to_list()


@given(
    moment=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001
    known=st.sampled_from([*UNIX]),
)
def test_a_moment_that_is_counted_is_read_back(moment, known):
    micros = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001
    least = micros // 1000 * 1000 if known == "unix ms" else micros
    assert moment_of(text_of(moment, known), known) == least


def _written(moment: datetime, known: str) -> str:
    # C libraries disagree on the leading zeros of early years.
    return moment.strftime(known.replace("%Y", f"{moment.year:04}"))


def test_a_coded_category_is_the_same_as_number_and_as_text():
    schema = Schema(columns=(Column(name="zip", kind=Kind.CODED),))
    records = [{"zip": 20}, {"zip": 20.0}, {"zip": "20"}, {"zip": " 20.0 "}]
    assert columns_from_records(records, schema)["zip"].tolist() == ["20"] * 4


def test_absent_fields_and_null_are_missing():
    schema = Schema(
        columns=(
            Column(name="n", kind=Kind.NUMERIC),
            Column(name="s", kind=Kind.CATEGORICAL),
            Column(name="d", kind=Kind.DATETIME),
        )
    )
    columns = RecordReader(schema)([{}, {"n": None, "s": None, "d": None}])
    assert np.isnan(columns["n"]).all()
    assert columns["s"].tolist() == [None, None]
    assert columns["d"].tolist() == [MISSING_DATETIME] * 2


def test_no_records_make_empty_columns_of_the_right_type():
    schema = Schema(columns=(Column(name="n", kind=Kind.NUMERIC), Column(name="s", kind=Kind.TEXT)))
    columns = columns_from_records([], schema)
    assert [column.shape for column in columns.values()] == [(0,), (0,)]
    assert [column.dtype for column in columns.values()] == [np.float64, object]


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Kind.NUMERIC, "abc", r"The field 'x' is 'abc'\. Give a number or null\."),
        (Kind.NUMERIC, [1], r"is \[1\]\. Give a number"),
        (Kind.NUMERIC, {"a": 1}, r"is \{'a': 1\}\. Give a number"),
        (Kind.NUMERIC, 10**400, r"…\. Give a number"),
        (Kind.NUMERIC, True, r"is true\. Give a number or null\."),
        (Kind.NUMERIC, "y" * 1000, r"'y{39}…\. Give a number"),
        (Kind.BOOLEAN, 2, r"is 2\. Give true, false, 0, 1 or null\."),
        (Kind.BOOLEAN, "maybe", r"is 'maybe'"),
        (Kind.DATETIME, "soon", r"is 'soon'\. Give a datetime in ISO 8601, or null\."),
        (Kind.DATETIME, True, r"is true\. Give a datetime"),
        (Kind.CATEGORICAL, [["a"]], r"is \[\['a'\]\]\. Give a text or null\."),
        (Kind.TEXT, {}, r"is \{\}\. Give a text"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_name(kind, value, said):
    with pytest.raises(SchemaError, match=said):
        columns_from_records([{"x": value}], Schema(columns=(Column(name="x", kind=kind),)))


def test_the_wanted_format_of_a_datetime_is_said():
    column = Column(name="x", kind=Kind.DATETIME, datetime_format="%d/%m/%Y")
    with pytest.raises(SchemaError, match="Give a datetime like %d/%m/%Y, or null"):
        columns_from_records([{"x": "2020-01-01"}], Schema(columns=(column,)))


def test_an_unknown_field_is_refused_with_the_nearest_name():
    schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    with pytest.raises(SchemaError, match=r"There is no field 'aeg'\. Did you mean 'age'\?"):
        columns_from_records([{"age": 1}, {"aeg": 1}], schema)


def test_reading_records_needs_no_data_frame_library():
    code = (
        "import sys; import modelwright.data.records; "
        "print(sorted({'polars', 'pandas', 'pyarrow', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_rows_and_columns_are_the_same_values():
    schema = Schema(
        columns=(
            Column(name="age", kind=Kind.NUMERIC, missing_tokens=("-1",)),
            Column(name="job", kind=Kind.CATEGORICAL),
        )
    )
    read = RecordReader(schema)
    records = [{"age": 39.5, "job": "clerk"}, {"age": -1.0}, {"age": "7"}, {"age": float("nan")}]
    columns, rows = read(records), [read.row(record) for record in records]
    for name, values in read.columns(rows).items():
        assert values.dtype == columns[name].dtype
        assert repr(values.tolist()) == repr(columns[name].tolist())
    assert repr(rows[1]) == "[nan, None]"
    assert read.columns([])["age"].shape == (0,)


@pytest.mark.parametrize(
    ("name", "unit", "wanted"),
    [
        ("age", "", "Give a number or null."),
        ("age", "kg", "Give a number of kg or null."),
        ("age", "1h 20m", "Give a number, or a text such as '1h 20m', or null."),
        ("bp (2)", "2nd number", "Give a number, or the whole cell as 'bp', or null."),
    ],
)
def test_a_refused_number_is_told_how_it_may_be_written(name, unit, wanted):
    read = value_reader(Column(name=name, kind=Kind.NUMERIC, unit=unit))
    with pytest.raises(SchemaError, match=re.escape(wanted)):
        read("many")
