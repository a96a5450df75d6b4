"""A trend is taken off a target, and its line is added to answers again."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aimed import Aimed
from modelwright.build.racing.schedule import configuration_of, learner_of
from modelwright.build.trend.trend import Line, Trend, times_of
from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.tasks.task import Task

DAY = 86_400_000_000
SCHEMA = Schema(
    columns=(Column(name="sold", kind=Kind.DATETIME), Column(name="size", kind=Kind.NUMERIC))
)
TREND = Trend("sold", 100.0)


def make_rows(slope=0.01, count=900, seed=0):
    """Return sales of 900 days, whose price rises."""
    draw = np.random.default_rng(seed)
    days, size = np.sort(draw.integers(0, 900, count)), draw.normal(size=count)
    price = 10 + size + slope * days + 0.3 * draw.normal(size=count)
    columns = {"sold": days * DAY, "size": size}
    return Rows(SCHEMA, columns, price, Task(kind="regression"), forward=True)


@pytest.fixture(scope="module")
def rows():
    return make_rows()


def sold_on(day, size=0.0):
    return {"sold": np.array([int(day * DAY)]), "size": np.array([size])}


def test_the_line_is_what_the_price_rises_by(rows):
    line = TREND.line_of(rows)
    assert line.slope == pytest.approx(0.01, rel=0.1)
    assert (line.last, line.end) == (float(rows.columns["sold"].max() / DAY), line.last + 100)
    assert TREND.line_of(rows) is line


def test_the_line_is_level_beyond_its_ends():
    line = Line(column="sold", slope=0.5, first=0.0, last=10.0, end=14.0, usual=6.0)
    days = {"sold": np.array([-5, 0, 10, 12, 14, 99]) * DAY, "size": np.zeros(6)}
    rows = Rows(SCHEMA, days, np.zeros(6), Task(kind="regression"))
    assert line.rises(rows).tolist() == [-5.0, -5.0, 0.0, 1.0, 2.0, 2.0]


def test_a_row_without_a_time_has_the_usual_one():
    line = Line(column="sold", slope=0.5, first=0.0, last=10.0, end=14.0, usual=6.0)
    missing = {"sold": np.array([MISSING_DATETIME]), "size": np.zeros(1)}
    rows = Rows(SCHEMA, missing, np.zeros(1), Task(kind="regression"))
    assert line.rises(rows).tolist() == [-2.0]
    assert np.isnan(times_of(rows, "sold")).all()


@pytest.mark.parametrize("aim", [Aim(), Aim(scale="log1p")])
def test_trees_follow_it_beyond_what_they_have_seen(rows, aim):
    def price(learner, day):
        fitted = learner.fit(rows, rounds=40, budget=Budget.start(60), seed=0)
        return fitted.program.run(sold_on(day))[0, 0]

    with_trend = Aimed(LightGBM(leaves=8), replace(aim, trend=TREND))
    assert price(with_trend, 980) == pytest.approx(19.8, abs=0.8)
    assert price(with_trend, 5_000) < 22.0
    assert price(Aimed(LightGBM(leaves=8), aim), 980) < 19.0


def test_what_learned_with_a_trend_is_written_down():
    learner = Aimed(LightGBM(), Aim(trend=TREND))
    written = msgspec.json.decode(
        msgspec.json.encode(configuration_of(learner)), type=type(configuration_of(learner))
    )
    assert learner_of(written) == learner
