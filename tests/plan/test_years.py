"""A number that is a year becomes a moment where rows are split by it."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from modelwright.data.schema import Kind, Role
from plan_examples import ROWS, made, plan_of

SOLD = made(year=lambda r: 2012 + np.arange(ROWS) // 150)


@pytest.mark.parametrize("written", [pl.Int64, pl.Float64, pl.String])
def test_years_are_the_first_days_of_years(written):
    plan = plan_of(SOLD.with_columns(pl.col("year").cast(written)))
    year = plan.schema["year"]
    assert (year.kind, year.role, year.datetime_format) == (Kind.DATETIME, Role.FEATURE, "%Y")
    assert (plan.split.column, plan.split.boundary) == ("year", "2018-01-01T00:00:00")
    assert "those from 2018 on are the holdout" in plan.split.reason


@pytest.mark.parametrize("boundary", ["2017", "2017-01-01", "2017-01-01T00:00:00", "2016-05-01"])
def test_the_holdout_may_be_told_to_begin_with_a_year_or_a_day(boundary):
    plan = plan_of(SOLD, time="year", holdout_from=boundary)
    assert plan.split.boundary == "2017-01-01T00:00:00"


def test_so_many_rows_come_in_a_day():
    assert plan_of(SOLD, time="year").cases_a_day == pytest.approx(150 / 365.25, rel=0.001)


@pytest.mark.parametrize(
    ("first", "brief"), [(1, {}), (2012, {"kinds": {"year": "numeric"}}), (3012, {})]
)
def test_other_numbers_tell_the_time_alone(first, brief):
    table = SOLD.with_columns(pl.col("year") - 2012 + first)
    plan = plan_of(table, time="year", **brief)
    assert (plan.schema["year"].kind, plan.schema["year"].role) == (Kind.NUMERIC, Role.TIME)


def test_counts_from_1970_may_be_named_as_they_are_written():
    start = int(datetime(2021, 1, 1).timestamp())  # noqa: DTZ001
    table = made(ts=lambda r: start + np.arange(ROWS) * 3600)
    plan = plan_of(table, time="ts", holdout_from=str(start + 1000 * 3600))
    assert plan.schema["ts"].kind == Kind.DATETIME
    assert plan.split.boundary == "2021-02-11T16:00:00"
