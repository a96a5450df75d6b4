"""What a MySQL server writes is read back as what was meant."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.sources.mysql_values import Chunks, Kind


def read(kind: Kind, *chunks: list[str | bytes | None]) -> pl.Series:
    growing = Chunks(["a"], [kind])
    for chunk in chunks:
        growing.add([(value,) for value in chunk])
    return growing.reading().frame["a"]


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
def test_whole_numbers(values: list[int | None]) -> None:
    written = [None if value is None else str(value) for value in values]
    column = read(Kind.WHOLE, written[:2], written[2:])
    assert column.dtype == pl.Int64
    assert column.to_list() == values


@given(st.lists(st.none() | st.integers(0, 2**64 - 1)))
def test_unsigned_numbers(values: list[int | None]) -> None:
    written = [None if value is None else str(value) for value in values]
    assert read(Kind.WHOLE, written[:2], written[2:]).to_list() == values


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers(value: float) -> None:
    assert read(Kind.NUMBER, [repr(value)]).to_list() == [value]


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_short_floats(value: float) -> None:
    # The server was asked for them as long ones.
    assert read(Kind.FLOAT, [repr(value)]).to_list() == [value]


@given(st.dates())
def test_dates(value: dt.date) -> None:
    assert read(Kind.DATE, [value.isoformat()]).to_list() == [value]


@given(st.datetimes(), st.integers(0, 6))
def test_moments(value: dt.datetime, digits: int) -> None:
    value = value.replace(microsecond=value.microsecond // 10 ** (6 - digits) * 10 ** (6 - digits))
    written = f"{value:%H:%M:%S.%f}"[: 9 + digits].rstrip("." if not digits else "")
    written = f"{value.date().isoformat()} {written}"
    assert read(Kind.DATETIME, [written]).to_list() == [value]
    assert read(Kind.MOMENT, [written]).to_list() == [value.replace(tzinfo=dt.UTC)]


@given(st.integers(-838 * 3600, 838 * 3600))
def test_times(seconds: int) -> None:
    minutes, second = divmod(abs(seconds), 60)
    written = f"{'-' * (seconds < 0)}{minutes // 60:02}:{minutes % 60:02}:{second:02}"
    assert read(Kind.TIME, [written]).to_list() == [seconds]


@pytest.mark.parametrize(
    "written", ["0000-00-00", "2024-00-10", "2024-02-00", "2024-02-30", "0000-01-00"]
)
def test_no_dates(written: str) -> None:
    growing = Chunks(["d", "t"], [Kind.DATE, Kind.DATETIME])
    for _ in range(2):
        growing.add([(written, f"{written} 00:00:00"), (None, None)])
    reading = growing.reading()
    assert reading.frame.null_count().row(0) == (4, 4)
    assert [fact[:15] for fact in reading.facts] == ["2 values of 'd'", "2 values of 't'"]


@pytest.mark.parametrize("kind", Kind)
def test_columns_without_rows_have_their_type(kind: Kind) -> None:
    assert read(kind).dtype == read(kind, [None]).dtype


def test_bytes_that_come_late() -> None:
    assert read(Kind.TEXT, [None], [b"\x00"], [None]).dtype == pl.Binary
