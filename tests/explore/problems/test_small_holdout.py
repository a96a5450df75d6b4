import numpy as np
import polars as pl

from modelwright.data.splitting.splits import Split
from modelwright.explore.problems.small_holdout import find_small_holdout

N = 400


def test_a_gain_that_the_holdout_cannot_show_is_told(subject_for, rng):
    x = rng.normal(size=N)
    table = pl.DataFrame({"x": x, "z": rng.normal(size=N), "y": rng.normal(size=N) + 0.1 * x})
    (risk,) = find_small_holdout(subject_for(table, "y"))
    assert "The holdout of about 100 rows" in risk.sentence


def test_a_gain_that_is_plain_is_not(subject_for, rng):
    x, z = rng.normal(size=(2, 4 * N))
    table = pl.DataFrame({"x": x, "z": z, "y": x + z + 0.1 * rng.normal(size=4 * N)})
    assert list(find_small_holdout(subject_for(table, "y"))) == []


def test_a_goal_that_the_holdout_cannot_show_is_told(subject_for, rng):
    x, z = rng.normal(size=(2, 4 * N))
    table = pl.DataFrame({"x": x, "z": z, "y": x + z + 0.1 * rng.normal(size=4 * N)})
    plain = subject_for(table, "y", goal="rmse <= 0.5", metric="rmse")
    assert list(find_small_holdout(plain)) == []
    close = subject_for(table, "y", goal="rmse <= 0.99", metric="rmse")
    (risk,) = find_small_holdout(close)
    assert "the goal asks for" in risk.sentence


def test_too_few_rows_say_nothing(subject_for, rng):
    table = pl.DataFrame({"x": rng.normal(size=90), "y": np.arange(90) % 2 == 0})
    assert list(find_small_holdout(subject_for(table, "y"))) == []


def test_what_cannot_be_divided_is_not_rehearsed(subject_for, rng):
    table = pl.DataFrame({"x": rng.normal(size=N), "who": 1, "y": rng.normal(size=N)})
    subject = subject_for(
        table, "y", split=Split(kind="group", column="who"), roles={"who": "group"}
    )
    assert subject.rehearsal is None


def test_a_short_budget_leaves_the_rehearsal_out(subject_for, rng):
    table = pl.DataFrame({"x": rng.normal(size=N), "y": rng.normal(size=N)})
    assert subject_for(table, "y", budget_s=10.0).rehearsal is None


def test_hundreds_of_classes_take_longer_than_a_short_budget_has(subject_for, rng):
    labels = [f"k{each % 300}" for each in range(3 * N)]
    table = pl.DataFrame({"x": rng.normal(size=3 * N), "y": labels})
    hurried = subject_for(table, "y", budget_s=20.0)
    assert hurried.rehearsal is None
    assert hurried.unrehearsed == "so short a budget is needed to build"
    assert not subject_for(table, "y", budget_s=60.0).is_short


def test_rows_of_one_class_are_not_judged(subject_for, rng):
    day = np.arange(N)
    table = pl.DataFrame({"day": day, "x": rng.normal(size=N), "y": day < 60})
    split = Split(kind="time", column="day")
    assert subject_for(table, "y", split=split, roles={"day": "time"}).rehearsal is None
