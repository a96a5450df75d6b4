"""A raw table becomes exactly the schema's columns."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.conform import columns_of, conform, count_unparsed
from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.cells import number_of, text_of_number, truth_of
from modelwright.data.values.forms import FORMS
from modelwright.data.values.measures import CLOCK, measure_of
from modelwright.data.values.moment_series import read_moments
from modelwright.data.values.moments import DIGITS, known_formats, moment_of, pattern_of
from modelwright.data.values.series import (
    as_text,
    read_measures,
    read_numbers,
    read_truths,
)
from modelwright.errors import SchemaError


def _one(kind: Kind, **rest: object) -> Schema:
    return Schema(columns=(Column(name="x", kind=kind, **rest),))


def _conformed(values: object, kind: Kind, **rest: object) -> list[object]:
    table = pl.DataFrame({"x": values})
    return conform(table, _one(kind, **rest))["x"].to_list()


def test_columns_come_in_the_order_and_types_of_the_schema():
    schema = Schema(
        columns=(
            Column(name="when", kind=Kind.DATETIME),
            Column(name="n", kind=Kind.NUMERIC),
            Column(name="late", kind=Kind.BOOLEAN),
            Column(name="where", kind=Kind.CATEGORICAL),
        )
    )
    table = pl.DataFrame(
        {"extra": [1], "where": ["here"], "late": [True], "n": [1], "when": ["2020-01-01"]}
    )
    frame = conform(table, schema)
    assert dict(frame.schema) == {
        "when": pl.Datetime("us"),
        "n": pl.Float64(),
        "late": pl.Float64(),
        "where": pl.String(),
    }
    assert conform(frame, schema).equals(frame)


def test_a_missing_column_is_named_with_the_nearest():
    table = pl.DataFrame({"agee": [1]})
    schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    for act in (conform, count_unparsed, columns_of):
        with pytest.raises(SchemaError, match=r"no column 'age'\. Did you mean 'agee'\?"):
            act(table, schema)


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ([" 1 ", "1,234", "$1,234.50", "12%", "-€5"], [1.0, 1234.0, 1234.5, 12.0, -5.0]),
        (["?", "", "  ", "NA", "n/a", "None", "-", "word"], [None] * 8),
        (
            [1.5, float("nan"), float("inf"), -float("inf")],
            [1.5, None, float("inf"), -float("inf")],
        ),
        ([True, False, None], [1.0, 0.0, None]),
        ([Decimal("1.25"), None], [1.25, None]),
        ([timedelta(minutes=1), None], [60.0, None]),
        ([date(2020, 1, 1)], [None]),
        ([[1], None], [None, None]),
        ([b"1"], [None]),
        ([None, None], [None, None]),
    ],
)
def test_numbers(values, read):
    assert _conformed(values, Kind.NUMERIC) == read


def test_a_number_that_stands_for_missing_is_missing_in_every_notation():
    tokens = {"missing_tokens": ("-999",)}
    assert _conformed(["-999", "-999.0", "-9.99e2", "1"], Kind.NUMERIC, **tokens)[:3] == [None] * 3
    assert _conformed([-999, 1], Kind.NUMERIC, **tokens) == [None, 1.0]
    assert _conformed([-999.0, 1.0], Kind.CODED, **tokens) == [None, "1"]
    assert count_unparsed(pl.DataFrame({"x": ["-999.0", "1"]}), _one(Kind.NUMERIC, **tokens)) == {}


@pytest.mark.parametrize(
    ("values", "kind", "read"),
    [
        ([" a ", "a b", "?", ""], Kind.CATEGORICAL, ["a", "a b", None, None]),
        (["None", "NA", "-", "N/A"], Kind.CATEGORICAL, ["None", "NA", "-", None]),
        ([20, 190], Kind.CODED, ["20", "190"]),
        ([20.0, 1.5, 1e16, -0.0, float("nan")], Kind.CODED, ["20", "1.5", str(10**16), "0", None]),
        ([1e300, float("inf"), 0.1 + 0.2], Kind.CATEGORICAL, ["1e+300", "inf", repr(0.1 + 0.2)]),
        (["20.0", "007", "1.50"], Kind.CODED, ["20", "007", "1.50"]),
        (["20.0", "007"], Kind.CATEGORICAL, ["20.0", "007"]),
        ([True, False], Kind.CATEGORICAL, ["true", "false"]),
        ([date(2020, 1, 2)], Kind.CATEGORICAL, ["2020-01-02"]),
        ([time(12, 30)], Kind.CATEGORICAL, ["12:30:00"]),
        ([timedelta(seconds=90)], Kind.CATEGORICAL, ["90"]),
    ],
)
def test_strings(values, kind, read):
    assert _conformed(values, kind) == read


def test_categories_of_the_source_are_strings():
    series = pl.Series("x", ["a", None, "b"], dtype=pl.Categorical)
    assert _conformed(series, Kind.CATEGORICAL) == ["a", None, "b"]


def test_truth_values():
    words = ["Yes", "no", "T", "f", "ON", "off", "1", "0.0", "2", "maybe", None]
    read = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, None, None, None]
    assert _conformed(words, Kind.BOOLEAN) == read
    assert _conformed([0, 1, 2], Kind.BOOLEAN) == [0.0, 1.0, None]
    assert count_unparsed(pl.DataFrame({"x": words}), _one(Kind.BOOLEAN)) == {
        "x": (2, ("2", "maybe"))
    }


def test_datetimes_of_every_source_become_utc():
    east = timezone(timedelta(hours=2))
    zoned = pl.Series([datetime(2020, 1, 1, 12, tzinfo=UTC)]).dt.convert_time_zone("Asia/Tokyo")
    noon = [datetime.fromisoformat("2020-01-01T12:00")]
    assert _conformed(zoned, Kind.DATETIME) == noon
    assert _conformed([datetime(2020, 1, 1, 14, tzinfo=east).isoformat()], Kind.DATETIME) == noon
    assert _conformed(pl.Series(noon, dtype=pl.Datetime("ns")), Kind.DATETIME) == noon
    assert _conformed([date(2020, 1, 1)], Kind.DATETIME) == [datetime.fromisoformat("2020-01-01")]
    packed = {"datetime_format": "%Y%m%d"}
    assert _conformed([20200101], Kind.DATETIME, **packed) == [datetime.fromisoformat("2020-01-01")]


def test_moments_before_1970_keep_their_microseconds():
    text = "1960-01-01T00:00:00.000001"
    assert _conformed([text], Kind.DATETIME) == [datetime.fromisoformat(text)]


def test_unparsed_values_are_counted_with_five_examples():
    words = ["1", "a", "b", "a", "c", "d", "e", "f", None, "?"]
    table = pl.DataFrame({"x": words, "y": ["z"] * 10})
    schema = Schema(
        columns=(Column(name="x", kind=Kind.NUMERIC), Column(name="y", kind=Kind.CATEGORICAL))
    )
    assert count_unparsed(table, schema) == {"x": (7, ("a", "b", "c", "d", "e"))}


def test_numpy_columns_mark_what_is_missing():
    schema = Schema(
        columns=(
            Column(name="n", kind=Kind.NUMERIC),
            Column(name="s", kind=Kind.TEXT),
            Column(name="d", kind=Kind.DATETIME),
        )
    )
    table = pl.DataFrame({"n": ["1", "?"], "s": ["a", None], "d": ["1970-01-01", ""]})
    columns = columns_of(conform(table, schema), schema)
    np.testing.assert_array_equal(columns["n"], [1.0, np.nan])
    assert columns["s"].tolist() == ["a", None]
    assert columns["d"].tolist() == [0, MISSING_DATETIME]
    empty = columns_of(conform(table.clear(), schema), schema)
    assert [len(column) for column in empty.values()] == [0, 0, 0]


@given(st.lists(st.from_regex(r"\A[-+$ ]?[0-9]{0,4}[.,]?[0-9]{0,4}[eE%€]?[-+]?[0-9]{0,3}\Z")))
def test_whole_columns_of_numbers_are_read_as_single_cells_are(texts):
    texts = [text.strip() for text in texts]
    series = pl.Series(texts, dtype=pl.String)
    assert read_numbers(series).to_list() == [number_of(text) for text in texts]
    assert read_truths(series).to_list() == [truth_of(text) for text in texts]


@given(
    unit=st.sampled_from(["kg", "s", "%", "USD", CLOCK]),
    texts=st.lists(
        st.from_regex(r"\A[0-9]{0,2}[:.,]?[0-9]{0,2}:?[0-9]{0,2} ?(kg|kgs|s|ss|%|USD|pm|A\.M\.)?\Z")
    ),
)
def test_whole_columns_of_measures_are_read_as_single_cells_are(unit, texts):
    texts = [text.strip() for text in texts]
    series = pl.Series(texts, dtype=pl.String)
    assert read_measures(series, unit).to_list() == [measure_of(text, unit) for text in texts]


@given(form=st.sampled_from(list(FORMS.values())), data=st.data())
def test_whole_columns_of_forms_are_read_as_single_cells_are(form, data):
    texts = data.draw(st.lists(st.from_regex(form.pattern, fullmatch=True), max_size=4))
    texts = [text.strip() for text in (*texts, "1,200", "PT", "x")]
    series = pl.Series(texts, dtype=pl.String)
    read = read_measures(series, form.example).to_list()
    assert read == [measure_of(text, form.example) for text in texts]


@given(known=st.sampled_from([*known_formats(), *DIGITS]), data=st.data())
def test_whole_columns_of_moments_are_read_as_single_cells_are(known, data):
    texts = data.draw(st.lists(st.from_regex(pattern_of(known), fullmatch=True), max_size=4))
    moments = read_moments(pl.Series(texts, dtype=pl.String), known)
    assert moments.to_physical().to_list() == [moment_of(text, known) for text in texts]


@given(st.lists(st.floats(allow_nan=False)))
def test_numbers_are_written_as_single_cells_are(numbers):
    written = as_text(pl.Series(numbers, dtype=pl.Float64)).to_list()
    assert written == [text_of_number(number) for number in numbers]


@pytest.mark.parametrize("unknown", ["%j", "%d", "%H:%M", "%"])
def test_a_format_that_cannot_be_read_is_refused(unknown):
    with pytest.raises(SchemaError, match="The datetime format"):
        pattern_of(unknown)


@pytest.mark.parametrize("dirt", ["", " b", "?", "NA"])
def test_texts_that_repeat_are_read_as_those_that_do_not(dirt):
    texts = ["a", "b"] * 2_000 + [dirt or "a"]
    schema = Schema(columns=(Column(name="x", kind=Kind.CATEGORICAL),))
    many, few = (conform(pl.DataFrame({"x": rows}), schema) for rows in (texts, texts[-3:]))
    assert many["x"].tail(3).to_list() == few["x"].to_list()
