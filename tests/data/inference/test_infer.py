"""Kinds and roles are inferred from values and names, with a reason that shows the evidence."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.conform import conform, count_unparsed
from modelwright.data.inference.infer import infer_schema
from modelwright.data.records import MISSING_DATETIME, columns_from_records
from modelwright.data.schema import Column, Kind, Role
from modelwright.errors import BriefError, SchemaError

RNG = np.random.default_rng(7)


def _infer(values: object, name: str = "x", **options: object) -> Column:
    return infer_schema(pl.DataFrame({name: values}), **options)[name]


def _words(count: int, words: int) -> list[str]:
    return [" ".join(f"w{number}" for number in RNG.integers(0, 9999, words)) for _ in range(count)]


def _shuffled(values: object) -> list[object]:
    return RNG.permutation(np.array(values)).tolist()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2", "3.5"], Kind.NUMERIC),
        ([1.5, 2.5, None], Kind.NUMERIC),
        (["$1,234.50", "$2.00"], Kind.NUMERIC),
        (["12%", "7 %"], Kind.NUMERIC),
        (["1.5", "NA", "-", ".", "None", "unknown", "3"], Kind.NUMERIC),
        ([timedelta(minutes=1), timedelta(minutes=2.5)], Kind.NUMERIC),
        (["red", "blue", "red"], Kind.CATEGORICAL),
        (["NA", "US", "DE"], Kind.CATEGORICAL),
        (["12:30", "08:15"], Kind.CATEGORICAL),
        (["yes", "no", "maybe"], Kind.CATEGORICAL),
        (["yes", "off"], Kind.CATEGORICAL),
        (["00123", "00456", "00123"], Kind.CODED),
        (["Yes", "no", "YES", "?"], Kind.BOOLEAN),
        (["t", "f", None], Kind.BOOLEAN),
        (["Y", "N"], Kind.BOOLEAN),
        (["on", "off"], Kind.BOOLEAN),
        (["0", "1", "1.0"], Kind.BOOLEAN),
        ([0, 1, 1], Kind.BOOLEAN),
        ([0.0, 1.0, float("nan")], Kind.BOOLEAN),
        ([True, False], Kind.BOOLEAN),
        (["2020-01-01", "2021-06-30T10:00:00Z", "NA"], Kind.DATETIME),
        ([date(2020, 1, 1), date(2021, 1, 1)], Kind.DATETIME),
        ([datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)], Kind.DATETIME),
        (["1899-12-31", "1900-01-01"], Kind.DATETIME),
        (["a", "a", None, "?"], Kind.CONSTANT),
        (["5", "5.0", "NA"], Kind.CONSTANT),
        ([None, None], Kind.CONSTANT),
        (["", "?"], Kind.CONSTANT),
        ([[1], [2]], Kind.CONSTANT),
        ([b"a", b"b"], Kind.CONSTANT),
        (_words(60, 6), Kind.TEXT),
        (["a good long level name", "another long level name"] * 30, Kind.CATEGORICAL),
        ([f"user-{number:05}" for number in range(60)], Kind.ID),
        (RNG.normal(size=100), Kind.NUMERIC),
        (np.arange(100), Kind.ID),
        (np.arange(100)[::-1], Kind.ID),
        (_shuffled(range(100)), Kind.NUMERIC),
        (np.sort(RNG.choice(10**6, 100, replace=False)), Kind.NUMERIC),
        (np.arange(100) + 0.5, Kind.NUMERIC),
        (np.array([101, 204, 315, 407, 533])[RNG.integers(0, 5, 400)], Kind.CODED),
        (np.array([1, 2, 3, 4, 5])[RNG.integers(0, 5, 400)], Kind.NUMERIC),
        (np.array([100, 200, 300, 400, 500])[RNG.integers(0, 5, 400)], Kind.NUMERIC),
        (np.array([1990, 1995, 2001, 2002, 2010])[RNG.integers(0, 5, 400)], Kind.NUMERIC),
    ],
)
def test_kinds_from_values_alone(values, kind):
    column = _infer(values)
    assert column.kind == kind, column.reason
    assert column.reason


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("encounter_id", _shuffled(range(1000, 1100)), Kind.ID),
        ("customerID", [f"c{number}" for number in range(5)], Kind.ID),
        ("InvoiceNo", _shuffled(range(1000, 1100)), Kind.ID),
        ("amount_paid", _shuffled(range(1000, 1100)), Kind.NUMERIC),
        ("total_number", _shuffled(range(1000, 1100)), Kind.NUMERIC),
        ("score_id", RNG.normal(size=50), Kind.NUMERIC),
        ("host_id", RNG.integers(0, 30, 100), Kind.CODED),
        ("zip", ["94107", "10001", "94107"], Kind.CODED),
        ("admission_type_id", [1, 2, 3, 6, 6, 1], Kind.CODED),
        ("MS SubClass", [20, 60, 20, 190], Kind.CODED),
        ("rating", [1, 2, 3, 4, 5, 5, 1], Kind.NUMERIC),
        ("unix_time", np.arange(1_600_000_000, 1_600_000_100), Kind.DATETIME),
        ("event_time_ms", 86_400_000 * np.arange(18_000, 18_100), Kind.NUMERIC),
        ("created_ms", 86_400_000 * np.arange(18_000, 18_100), Kind.DATETIME),
        ("runtime_ns", _shuffled(range(400_000_000, 2_000_000_000, 16_000_001)), Kind.NUMERIC),
        ("volume_at_close", _shuffled(range(1_600_000_000, 1_600_000_100)), Kind.NUMERIC),
        ("gross_to_date", _shuffled(range(1_600_000_000, 1_600_000_100)), Kind.NUMERIC),
        ("carried_on", RNG.integers(700_000_000, 2_000_000_000, 100), Kind.NUMERIC),
        ("carried_on", 50_000 * np.arange(32_000, 32_100), Kind.NUMERIC),
        ("year", np.arange(1950, 2020), Kind.NUMERIC),
        ("order_date", [20200131, 20200201, 20191231], Kind.DATETIME),
        ("order_date", ["20200131", "20200201", "20191231"], Kind.DATETIME),
        ("order_date", [20200131, 20200232], Kind.NUMERIC),
        ("amount", [20200131, 20200201], Kind.NUMERIC),
        ("tailnum", ["N1", "N2", "N1", "N3"], Kind.CATEGORICAL),
        ("name", [f"Smith, Mr. John W{number}" for number in range(50)], Kind.ID),
        ("headline", [f"Prices rise again in {number}" for number in range(50)], Kind.TEXT),
    ],
)
def test_kinds_from_names_and_values(name, values, kind):
    column = _infer(values, name)
    assert column.kind == kind, column.reason


def test_one_cell_of_digits_does_not_decide_how_a_column_is_read():
    days = [f"{day:02d}.01.2024" for day in range(1, 29)]
    table = pl.DataFrame({"d": [*days, "20240105"]})
    assert infer_schema(table, kinds={"d": "datetime"})["d"].datetime_format == "%d.%m.%Y"


def test_the_reason_shows_the_evidence():
    values = [f"{number / 7:.3f}" for number in range(997)] + ["?", "?", None]
    assert _infer(values).reason == (
        "997 of 997 values are numbers. 3 of 1,000 rows are missing: 2 '?', 1 empty."
    )


def test_missing_tokens_are_those_found():
    assert _infer(["1", "?", "NA", "", None]).missing_tokens == ("?", "NA")
    assert _infer(["red", "blue", "?", "NULL", "None", "NA"]).missing_tokens == ("?", "NULL")


def test_a_few_stray_words_among_many_numbers_are_missing():
    values = [str(number) for number in range(1000)] * 2 + ["closed"] * 9 + ["see note"]
    column = _infer(_shuffled(values))
    assert column.kind == Kind.NUMERIC
    assert set(column.missing_tokens) == {"closed", "see note"}
    assert "9 'closed'" in column.reason


@pytest.mark.parametrize(
    "values",
    [
        [str(number) for number in range(1000)] + ["A1"] * 20,
        ["1", "2", "3", "4"] * 300 + ["A"],
        [str(number) for number in range(5000)] + [f"word{number}" for number in range(21)],
    ],
)
def test_too_many_words_or_words_beside_codes_are_no_missing_numbers(values):
    assert _infer(_shuffled(values)).kind in (Kind.CATEGORICAL, Kind.ID)


@pytest.mark.parametrize("as_text", [False, True])
def test_sentinels_far_below_all_other_numbers_are_missing(as_text):
    values = [*range(50), 3, 7, -999, -999]
    table = pl.DataFrame({"x": values}).select(pl.col("x").cast(pl.String if as_text else pl.Int64))
    schema = infer_schema(table)
    assert schema["x"].missing_tokens == ("-999",)
    assert conform(table, schema)["x"].null_count() == 2


def test_sentinels_among_numbers_of_their_size_are_numbers():
    assert _infer([-999, -999, -1500, 20, 30]).missing_tokens == ()
    assert _infer([-999, 20, 30]).missing_tokens == ()


@pytest.mark.parametrize(
    ("values", "known"),
    [
        (["2020-01-01", "2020-02-01 10:00"], ""),
        (["13/02/2020", "01/02/2020"], "%d/%m/%Y"),
        (["01/02/2020", "02/13/2020"], "%m/%d/%Y"),
        (["01.02.2020", "03.02.2020"], "%d.%m.%Y"),
        (["01/01/2020", "01/02/2020", "01/03/2020"], "%d/%m/%Y"),
        (["1/2/99", "12/31/01"], "%m/%d/%y"),
        (["5-Mar-2020 4:05 PM", "6-Mar-2020 11:00 am"], "%d-%b-%Y %I:%M %p"),
        (["Mar 5, 2020", "January 6, 2021"], "%b %d, %Y"),
        (["Jan-2018", "Mar-2018"], "%b-%Y"),
        (["2008-05", "2008-06"], "%Y-%m"),
    ],
)
def test_formats_of_datetimes(values, known):
    column = _infer(values)
    assert (column.kind, column.datetime_format) == (Kind.DATETIME, known), column.reason


def test_day_and_month_that_could_be_exchanged_are_reported():
    assert "could be exchanged" in _infer(["01/02/2020", "03/04/2020"]).reason
    assert "could be exchanged" not in _infer(["13/02/2020", "03/04/2020"]).reason


def test_a_few_texts_among_dates_are_missing():
    days = [f"{day:02}.{month:02}.2024" for month in range(1, 13) for day in range(1, 29)]
    column = _infer([*days, "soon", *days, "soon"])
    assert (column.kind, column.datetime_format) == (Kind.DATETIME, "%d.%m.%Y"), column.reason
    assert column.missing_tokens == ("soon",)
    several = [
        *days,
        *(f"2024-{month:02}-{day:02}" for month in range(1, 9) for day in range(1, 29)),
    ]
    assert _infer(several).kind != Kind.DATETIME
    assert column.reason.startswith("672 of 674 values are datetimes")


def test_dates_of_another_order_among_dates_are_no_missing_values():
    days = [f"{month:02}/{day:02}/2024" for month in range(1, 13) for day in range(1, 29)]
    assert _infer([*days, "01/32/2024"]).kind == Kind.DATETIME
    for others in (["25/03/2024"], ["2024-01-05", "2024-01-06"], ["20240105", "soon"]):
        assert _infer([*days, *others]).kind != Kind.DATETIME, others
    unclear = [f"{month:02}/{day:02}/2024" for month in range(1, 13) for day in range(1, 13)]
    assert _infer([*unclear, "25/03/2024", "03/25/2024"]).kind != Kind.DATETIME


def test_two_frequent_words_among_dates_each_mean_something():
    days = [f"2024-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 26)]
    assert _infer([*days, *["Open"] * 220, *["Rejected"] * 40]).kind == Kind.CATEGORICAL
    column = _infer([*days, *["Open"] * 220, "n.n."])
    assert (column.kind, column.missing_tokens) == (Kind.DATETIME, ("Open", "n.n."))


def test_a_date_that_does_not_exist_makes_the_column_no_datetime():
    assert _infer(["2021-02-28", "2021-02-29"]).kind == Kind.CATEGORICAL


def test_roles():
    table = pl.DataFrame(
        {"id": range(30), "same": ["a"] * 30, "age": [1.5, 2.5] * 15, "late": ["yes", "no"] * 15}
    )
    schema = infer_schema(table, target="late")
    assert [column.role for column in schema] == [
        Role.ID,
        Role.IGNORED,
        Role.FEATURE,
        Role.TARGET,
    ]
    schema = infer_schema(table, target="late", roles={"id": "group", "age": "weight"})
    assert schema.the(Role.GROUP).name == "id"
    assert schema.the(Role.WEIGHT).name == "age"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["yes", "no", "?"], Kind.CATEGORICAL),
        ([True, False], Kind.BOOLEAN),
        ([0, 1], Kind.BOOLEAN),
        (np.arange(100), Kind.NUMERIC),
        ([1, 2, 3, 2], Kind.NUMERIC),
        ([f"label{number}" for number in range(60)], Kind.CATEGORICAL),
        (_words(60, 6), Kind.CATEGORICAL),
        (["01", "02"], Kind.CATEGORICAL),
    ],
)
def test_a_target_keeps_the_form_of_its_answers(values, kind):
    column = _infer(values, "class_id", target="class_id")
    assert (column.kind, column.role) == (kind, Role.TARGET)


def test_digits_that_a_typed_source_declares_as_text_are_codes():
    table = pl.DataFrame({"sex": ["1", "2", "2"], "age": [30, 40, 50]})
    assert infer_schema(table)["sex"].kind == Kind.CODED
    assert infer_schema(table.select(pl.all().cast(pl.String)))["sex"].kind == Kind.NUMERIC


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("X", Kind.CATEGORICAL),
        ("true", Kind.BOOLEAN),
        ("1", Kind.BOOLEAN),
        (7, Kind.CODED),
        (1, Kind.BOOLEAN),
        (True, Kind.BOOLEAN),
    ],
    ids=str,
)
def test_a_value_that_only_some_rows_have_marks_them(mark, kind):
    assert _infer([mark, None] * 30).kind == kind
    assert _infer([mark] * 60).kind == Kind.CONSTANT
    assert _infer([mark, *[None] * 60]).kind == Kind.CONSTANT


def test_a_day_in_some_rows_marks_none():
    column = _infer([datetime(2024, 1, 1), None] * 30)  # noqa: DTZ001
    assert column.kind == Kind.CONSTANT
    assert "marked" not in column.reason


@pytest.mark.parametrize("written", ["%d.%m.%y", "%y.%m.%d"])
def test_of_short_days_the_year_differs_least(written):
    days = pl.date_range(datetime(2020, 11, 20), datetime(2022, 3, 1), eager=True)  # noqa: DTZ001
    column = _infer(days.dt.strftime(written).to_list())
    assert (column.kind, column.datetime_format) == (Kind.DATETIME, written)


def test_versions_are_no_days():
    versions = [f"{n % 12 + 10}.{n % 9 + 1}.{n % 40 + 20}" for n in range(200)]
    assert _infer(versions).kind != Kind.DATETIME


@pytest.mark.parametrize(
    "written",
    [
        "%d.%m.%y",
        "%Y年%m月%d日",
        "%Y%m%dT%H%M%S",
        "%d/%b/%Y:%H:%M:%S +0000",
        "%a, %d %b %Y %H:%M:%S GMT",
        "%a %b %d %H:%M:%S %Y",
        "%a %b %e %H:%M:%S %Y",
    ],
)
def test_moments_of_logs_and_letters_are_moments(written):
    moments = [datetime(2024, 1, 1, 3, 7, 9) + timedelta(hours=37 * n) for n in range(60)]  # noqa: DTZ001
    column = _infer([moment.strftime(written) for moment in moments])
    assert column.kind == Kind.DATETIME, column.reason


@pytest.mark.parametrize(
    ("letters", "length", "kind"),
    [
        ("很快就到了谢谢喜欢", 24, Kind.TEXT),
        ("とてもよかったです", 24, Kind.TEXT),
        ("很快就到了谢谢喜欢", 4, Kind.ID),
        ("abcdefgh", 24, Kind.ID),
    ],
    ids=["Chinese", "Japanese", "names", "codes"],
)
def test_sentences_need_no_blanks(letters, length, kind):
    draw = np.random.default_rng(0)
    texts = ["".join(draw.choice([*letters], size=length)) + str(n) for n in range(60)]
    assert _infer(texts).kind == kind


def test_what_the_brief_says_wins():
    table = pl.DataFrame({"grade": [1, 2, 3], "when": ["31.12.2020", "soon", "?"]})
    schema = infer_schema(table, kinds={"grade": "coded categorical", "when": "datetime"})
    assert schema["grade"].kind == Kind.CODED
    assert schema["grade"].reason.startswith("Set to coded categorical in the brief")
    assert schema["when"].datetime_format == "%d.%m.%Y"
    assert count_unparsed(table, schema) == {"when": (1, ("soon",))}


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"target": "agee"}, SchemaError, r"no column 'agee'\. Did you mean 'age'\?"),
        ({"kinds": {"agee": "numeric"}}, SchemaError, "Did you mean 'age'"),
        ({"roles": {"agee": "id"}}, SchemaError, "Did you mean 'age'"),
        ({"kinds": {"age": "numerical"}}, BriefError, "kind 'numerical'.* Did you mean 'numeric'"),
        ({"roles": {"age": "tagret"}}, BriefError, "role 'tagret'.* Did you mean 'target'"),
        ({"kinds": {"age": "datetime"}}, SchemaError, "cannot be read as datetime; it holds 'old'"),
    ],
)
def test_what_the_brief_says_wrongly_is_refused(options, error, said):
    with pytest.raises(error, match=said):
        infer_schema(pl.DataFrame({"age": ["old", "young"]}), **options)


cells = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(["1", "2.5", "NA", "?", "2020-01-01", "1/2/2020", "yes", "no", "007", "1,000"]),
)


@given(
    rows=st.lists(st.tuples(cells, cells), max_size=30),
    target=st.sampled_from([None, "a"]),
)
def test_everything_inferred_can_be_read(rows, target):
    table = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    schema = infer_schema(table, target=target)
    assert conform(table, schema).height == len(rows)
    assert count_unparsed(table, schema) == {}
    assert infer_schema(table, target=target) == schema


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("never", [0, -1])
def test_a_moment_that_never_came_is_missing(never, as_text):
    moments = [1_700_000_000 + 3_611 * place for place in range(30)] + [never] * 5
    frame = pl.DataFrame({"cancelled_at": moments})
    if as_text:
        frame = frame.cast(pl.String)
    schema = infer_schema(frame)
    assert schema["cancelled_at"].kind == Kind.DATETIME
    assert {"0", "-1"} <= {*schema["cancelled_at"].missing_tokens}
    read = conform(frame, schema)["cancelled_at"]
    assert read.null_count() == 5
    assert read[0].year == 2023
    later = pl.DataFrame({"cancelled_at": ["0", "-1", "0.0", "-1.0", "1700000000"]})
    assert conform(later, schema)["cancelled_at"].is_null().to_list() == [True] * 4 + [False]
    assert count_unparsed(later, schema) == {}
    records = columns_from_records([{"cancelled_at": 0}, {"cancelled_at": -1.0}], schema)
    assert (records["cancelled_at"] == MISSING_DATETIME).all()


def test_numbers_far_above_all_others_are_missing():
    ages = [str(18 + number % 60) for number in range(190)] + ["999"] * 10
    assert _infer(_shuffled(ages)).missing_tokens == ("999",)
    refused = ages[:-10] + ["998", "999"] * 5
    assert _infer(_shuffled(refused)).missing_tokens == ("998", "999")
    assert _infer([1, 999] * 50).kind == Kind.NUMERIC
    assert _infer([*range(100, 300), 999, 999]).missing_tokens == ()
