"""Which columns can be read as a time."""

import numpy as np
import polars as pl

from modelwright.data.inference.infer import infer_schema
from modelwright.data.prepare import prepare
from modelwright.plan.clocks import list_clocks
from plan_examples import ROWS, days, made


def clocks(table):
    schema = infer_schema(table, target="target")
    return {clock.column: clock for clock in list_clocks(prepare(table, schema), schema)}


def test_dates_are_calendars_and_birth_dates_are_none():
    found = clocks(
        made(
            day=lambda r: days(np.arange(ROWS)),
            birth_date=lambda r: days(-r.integers(0, 9_000, ROWS)),
        )
    )
    assert list(found) == ["day"]
    assert found["day"].is_calendar
    assert found["day"].written(0.0) == "1970-01-01"


def test_dates_that_are_often_missing_are_none():
    table = made(day=lambda r: days(np.arange(ROWS)))
    table = table.with_columns(day=pl.when(pl.col("size") > 0).then(pl.col("day")))
    assert clocks(table) == {}


def test_a_date_in_parts_is_split_by_the_coarsest_that_varies():
    found = clocks(
        made(
            year=lambda r: np.full(ROWS, 2020),
            month=lambda r: 1 + np.arange(ROWS) // 100,
            day=lambda r: 1 + np.arange(ROWS) // 4 % 25,
            hour=lambda r: np.arange(ROWS) % 4,
        )
    )
    assert list(found) == ["month"]
    assert found["month"].others == ("day", "hour")
    assert found["month"].moments.is_sorted()


def test_days_of_the_week_are_no_part_of_a_date():
    found = clocks(
        made(month=lambda r: 1 + np.arange(ROWS) // 100, day=lambda r: 1 + np.arange(ROWS) % 7)
    )
    assert found["month"].others == ()


def test_numbers_are_times_by_their_name():
    found = clocks(made(step=lambda r: np.arange(ROWS), width=lambda r: np.arange(ROWS) * 1.0))
    assert list(found) == ["step"]
    assert not found["step"].is_calendar


def test_quarters_and_weeks_are_calendars():
    found = clocks(
        made(
            reported=lambda r: [
                f"{2015 + place // 80}Q{place // 20 % 4 + 1}" for place in range(ROWS)
            ],
            shipped=lambda r: [f"2024-W{place * 50 // ROWS + 1:02}" for place in range(ROWS)],
        )
    )
    assert list(found) == ["reported", "shipped"]
    assert all(clock.is_calendar and clock.moments.is_sorted() for clock in found.values())
