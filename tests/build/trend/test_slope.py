"""A slope over time is what no other column tells."""

import numpy as np
import pytest

from modelwright.build.trend.slope import Slope, few_of, learn_slope
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.tasks.task import Task


def make_rows(size, target):
    schema = Schema(columns=(Column(name="size", kind=Kind.NUMERIC),))
    return Rows(schema, {"size": size}, target, Task(kind="regression"))


@pytest.fixture
def draw():
    return np.random.default_rng(0)


def test_a_few_rows_far_away_do_not_bend_it(draw):
    times, size, noise = np.arange(600.0), draw.normal(size=600), draw.normal(size=600)
    target = size + 0.01 * times + 0.3 * noise
    target[-6:] += 200.0
    slope = learn_slope(make_rows(size, target), times)
    assert slope.is_certain
    assert slope.value == pytest.approx(0.01, rel=0.2)


def test_what_another_column_tells_is_no_trend(draw):
    times = np.arange(600.0)
    size = times / 100 + draw.normal(size=600)
    assert learn_slope(make_rows(size, 3 * size + draw.normal(size=600)), times).known == 0.0


def test_nothing_tells_a_slope():
    size, target = np.ones(200), np.arange(200.0)
    assert learn_slope(make_rows(size, target), np.full(200, 3.0)).known == 0.0
    assert learn_slope(make_rows(size, target), np.full(200, np.nan)) == Slope(0.0, np.inf)
    assert learn_slope(make_rows(size, np.full(200, 7.0)), np.arange(200.0)).known == 0.0


def test_where_another_column_tells_the_time_there_is_no_slope(draw):
    times = np.arange(600.0)
    assert learn_slope(make_rows(times, times + draw.normal(size=600)), times).known == 0.0


def test_wide_tables_are_looked_at_in_fewer_rows():
    places = np.arange(20_000)
    assert [len(few_of(places, columns=width)) for width in (5, 80, 10_000)] == [8_000, 4_000, 500]
