from dataclasses import replace

import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.columns.moments import attribute_part, between_parts, calendar_part
from modelwright.learners.trees.encoding import encode_for_trees, encode_other_rows
from modelwright.tasks.task import Task

DAY = 86_400_000_000
COUNT = 400


def _rows(**columns: np.ndarray) -> Rows:
    schema = Schema(
        columns=tuple(
            Column(name=name, kind=Kind.DATETIME if values.dtype == np.int64 else Kind.NUMERIC)
            for name, values in columns.items()
        )
    )
    return Rows(schema, columns, np.arange(float(COUNT)), Task(kind="regression"))


def _days(years: float, *, ordered: bool = False) -> np.ndarray:
    days = np.random.default_rng(0).integers(0, int(365 * years), COUNT)
    return (np.sort(days) if ordered else days).astype(np.int64) * DAY


def _has_time(rows: Rows) -> bool:
    (part,) = attribute_part(rows.schema["born"], rows)
    return "born (epoch_day)" in part.names


def test_a_date_of_birth_keeps_its_absolute_time():
    assert _has_time(_rows(born=_days(50)))


@pytest.mark.parametrize(
    "rows",
    [
        _rows(born=_days(50, ordered=True)),
        _rows(born=_days(50, ordered=True)[::-1].copy()),
        _rows(born=_days(1)),
        replace(_rows(born=_days(50)), forward=True),
        _rows(born=_days(50), year=_days(50).astype(np.float64) // (365 * DAY)),
    ],
    ids=["in order", "in reverse", "a short time", "a split by time", "told by the year"],
)
def test_the_time_of_a_record_has_only_its_calendar(rows):
    assert not _has_time(rows)


def test_parts_that_do_not_vary_are_left_out():
    (part,) = calendar_part(Column(name="at", kind=Kind.DATETIME), _days(3))
    assert part.names == tuple(
        f"at ({name})" for name in ("month", "day", "weekday", "day_of_year")
    )
    nothing = np.full(COUNT, MISSING_DATETIME)
    assert calendar_part(Column(name="at", kind=Kind.DATETIME), nothing) == []
    assert attribute_part(Column(name="born", kind=Kind.DATETIME), _rows(born=nothing)) == []


def test_the_days_between_two_dates_are_a_column():
    ordered = _days(20)
    sent = ordered + np.arange(COUNT) % 9 * DAY
    sent[:3] = MISSING_DATETIME
    rows = _rows(ordered=ordered, sent=sent)
    learned = encode_for_trees(rows, budget=Budget.start(60), seed=0)
    place = learned.encoding.names.index("days from 'ordered' to 'sent'")
    days = learned.matrix[:, place]
    assert np.isnan(days[:3]).all()
    np.testing.assert_allclose(days[3:], (np.arange(COUNT) % 9)[3:], atol=1e-9)
    kept = encode_other_rows(learned, rows, rows).matrix
    np.testing.assert_array_equal(kept, learned.encoding.matrix(rows.columns))


def test_dates_always_as_far_apart_have_no_days_between():
    at = _days(20)
    assert between_parts(_rows(start=at, end=at + 7 * DAY)) == []


def test_many_dates_have_no_days_between():
    columns = {f"at {number}": _days(20) + number**2 * DAY for number in range(6)}
    columns["at 0"] = _days(20)[::-1].copy()
    assert between_parts(_rows(**columns)) == []
    assert len(between_parts(_rows(**dict(list(columns.items())[:3])))) == 2


def test_quarters_have_no_weekday():
    firsts = np.array(["2021-01", "2021-04", "2022-07", "2022-10"], dtype="datetime64[us]")
    rows = _rows(born=np.resize(firsts.astype(np.int64), COUNT))
    (part,) = calendar_part(rows.schema["born"], rows.columns["born"])
    assert part.names == ("born (month)",)
