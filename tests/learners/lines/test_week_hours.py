from dataclasses import replace

import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.linear import Linear
from modelwright.learners.lines.encoding import encode_for_lines
from modelwright.learners.lines.week_hours import HOURS, WeekHours
from modelwright.learners.memo import Memo
from modelwright.tasks.task import Task

HOUR = 3_600_000_000
SCHEMA = Schema(columns=(Column(name="at", kind=Kind.DATETIME),))


def _rows(moments: np.ndarray) -> Rows:
    return Rows(SCHEMA, {"at": moments}, np.zeros(len(moments)), Task(kind="regression"))


def _hourly(count: int) -> np.ndarray:
    """Return hours from a Thursday at midnight on."""
    return np.arange(count) * HOUR


def test_a_moment_is_one_hour_of_the_week_and_a_missing_one_none():
    rows = _rows(np.array([MISSING_DATETIME, 0, 4 * 24 * HOUR, 30 * HOUR + 59 * HOUR // 60]))
    (ones,) = WeekHours("at").places(rows, budget=Budget.start(60))
    assert ones.shape == (4, HOURS)
    assert np.argwhere(ones.toarray()).tolist() == [[1, 72], [2, 0], [3, 102]]


def test_the_steps_look_up_what_the_columns_times_coefficients_are():
    moments = np.append(_hourly(2_000), MISSING_DATETIME)
    rows = _rows(moments)
    encoding = encode_for_lines(rows, budget=Budget.start(60))
    assert WeekHours("at") in encoding.blocks
    for asked in (rows, replace(rows.take(np.array([2_000, 7])), memo=Memo())):
        design = encoding.design(asked, budget=Budget.start(60))
        coefficients = np.random.default_rng(0).normal(size=(design.shape[1], 2))
        ours = encoding.add_up(coefficients).matrix(asked.columns)
        np.testing.assert_allclose(ours, design @ coefficients, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "moments",
    [
        _hourly(1_000),
        _hourly(24).repeat(100),
        _hourly(400) * 24,
        np.full(400, MISSING_DATETIME),
        np.zeros(0, dtype=np.int64),
    ],
    ids=["few rows an hour", "one day", "midnights", "none", "no rows"],
)
def test_there_is_no_column_where_it_would_tell_nothing(moments):
    assert WeekHours.learn("at", _rows(moments)) is None


def test_a_line_learns_what_weekday_and_hour_say_together():
    moments = _hourly(4_000)
    weekday, hour = (moments // (24 * HOUR) + 3) % 7, moments // HOUR % 24
    busy = ((weekday < 5) == (hour < 12)).astype(float)
    rows = replace(_rows(moments), target=busy)
    fitted = Linear().fit(rows, rounds=9, budget=Budget.start(60), seed=0)
    missed = fitted.program.run(rows.columns)[:, 0] - busy
    assert np.abs(missed).max() < 0.05
