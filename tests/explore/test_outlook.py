import msgspec
import numpy as np
import polars as pl
import pytest

from modelwright.explore.outlook import foresee, outlook_of, with_outlook
from modelwright.tasks.costs import Costs
from modelwright.tasks.goal import parse_goal

N = 3_000


@pytest.fixture
def table(rng):
    x, z = rng.normal(size=(2, N))
    return pl.DataFrame({"x": x, "z": z, "y": x * z + 0.3 * rng.normal(size=N)})


def outlook(subject_for, table, goal=None, **fields):
    rehearsal = subject_for(table, "y", **fields).rehearsal
    return foresee(rehearsal, rows=N, goal=parse_goal(goal) if goal else None)


class _Told(msgspec.Struct):
    outlook: object = None
    unforeseen: str = ""
    hurried: bool = False


def test_foreseeing_is_reported_only_where_it_is_done(subject_for, table):
    reported = []
    told = with_outlook(_Told(), subject_for(table.head(20), "y"), report=reported.append)
    assert told.unforeseen.startswith("What a model is worth is not foreseen: 20 rows")
    assert reported == [told.unforeseen.rstrip(".")]


def test_a_model_that_finds_something_is_worth_it(subject_for, table):
    found = outlook(subject_for, table)
    assert found.verdict == "worth it"
    assert [each.name for each in found.expected] == [
        "constant answer",
        "rule on one column",
        "linear model",
        "quick boosted trees",
        "build",
    ]
    assert found.gain.low > 0
    assert [each.rows for each in found.growth] == [2 * N, 10 * N]
    assert found.feasibility is None


def test_chance_is_not_worth_it(subject_for, table, rng):
    found = outlook(subject_for, table.with_columns(y=rng.normal(size=N)))
    assert found.verdict == "not worth it"
    assert "not worth it on what there is" in found.sentence


def test_text_that_was_not_read_leaves_the_question_open(subject_for, table, rng):
    essay = [f"{i} went to town and {i + 1} came back again" for i in range(N)]
    found = outlook(subject_for, table.with_columns(y=rng.normal(size=N), essay=pl.Series(essay)))
    assert found.verdict == "unclear"
    assert "It does not read essay." in found.sentence


@pytest.mark.parametrize(
    ("goal", "verdict"),
    [
        ("rmse <= 0.9", "expected"),
        ("rmse <= 0.34", "possible"),
        ("rmse <= 0.0001", "not with these columns"),
    ],
)
def test_a_goal_is_judged(subject_for, table, goal, verdict):
    assert outlook(subject_for, table, goal).feasibility.verdict == verdict


@pytest.mark.parametrize(
    ("amount", "verdict", "told"),
    [
        (20, "expected", "and so the goal"),
        (49, "not with these columns", "would not reach the goal"),
        (500, "not with these columns", "without a mistake would save"),
    ],
)
def test_a_goal_in_money_is_judged(subject_for, table, amount, verdict, told):
    sold = table.with_columns(y=pl.col("y") > 0)
    fields = {"goal": f"saves >= {amount} per 100 cases", "costs": Costs()}
    found = outlook_of(subject_for(sold, "y", **fields))
    judged = found.feasibility
    twice, tenfold = (each.saves for each in found.growth)
    assert 0 < twice.value < tenfold.value
    assert judged.verdict == verdict
    assert told in judged.sentence


def test_a_goal_that_takes_more_rows(subject_for, rng):
    x = rng.normal(size=(8, N))
    y = sum(np.sin(3 * each) for each in x)
    table = pl.DataFrame({**{f"x{i}": each for i, each in enumerate(x)}, "y": y})
    found = outlook(subject_for, table)
    aim = found.growth[-1].score.value
    judged = outlook(subject_for, table, f"rmse <= {aim:.4f}").feasibility
    assert judged.verdict in ("with more rows", "possible")


def test_two_columns_of_classes(subject_for, table):
    found = outlook(subject_for, table.with_columns(y=pl.col("y") > 0), "auc >= 0.6")
    assert found.feasibility.verdict == "expected"
    assert found.expected[0].score.value == pytest.approx(0.5, abs=0.05)
