import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import BriefError, InputError
from modelwright.tasks.goal import Goal, parse_goal
from modelwright.tasks.task import Task

BINARY = Task(kind="binary", classes=("no", "yes"))
NUMBER = Task(kind="regression")


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("auc >= 0.85", Goal(metric="auc", value=0.85, is_floor=True)),
        ("mae <= 10 min", Goal(metric="mae", value=10.0, is_floor=False, unit="min")),
        ("rmse≤5,000", Goal(metric="rmse", value=5000.0, is_floor=False)),
        ("accuracy at least 90%", Goal(metric="accuracy", value=0.9, is_floor=True)),
        ("quantile:0.9 at most .5", Goal(metric="quantile:0.9", value=0.5, is_floor=False)),
        ("mcc > 1e-1", Goal(metric="mcc", value=0.1, is_floor=True)),
    ],
)
def test_a_goal_is_read(text, goal):
    assert parse_goal(text) == goal


@pytest.mark.parametrize("text", ["", "good", "auc", "auc >=", ">= 1", "auc >= high", "auc = 1"])
def test_what_is_no_goal_says_what_one_is(text):
    with pytest.raises(BriefError, match=r"no goal\. Write a metric, a sign and a number"):
        parse_goal(text)


@given(st.text(max_size=30))
def test_any_text_is_a_goal_or_a_clear_error(text):
    with contextlib.suppress(BriefError):
        parse_goal(text)


@given(
    st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.4g}")),
    st.booleans(),
    st.sampled_from(["", "min", "EUR"]),
)
def test_a_goal_comes_back_from_its_words(value, is_floor, unit):
    goal = Goal(metric="mae", value=value, is_floor=is_floor, unit=unit)
    assert parse_goal(goal.in_words()) == goal


def test_a_goal_knows_its_metric_and_the_way_up():
    assert parse_goal("auc >= 0.8").metric_for(BINARY).name == "roc_auc"
    with pytest.raises(BriefError, match="more is better in area under the ROC curve"):
        parse_goal("auc <= 0.8").metric_for(BINARY)
    with pytest.raises(BriefError, match="Write: mae ≤ 3"):
        parse_goal("mae >= 3").metric_for(NUMBER)
    with pytest.raises(InputError, match="Did you mean"):
        parse_goal("rsme <= 3").metric_for(NUMBER)


def test_a_score_reaches_a_goal_on_the_right_side():
    assert parse_goal("auc >= 0.8").is_reached(0.8)
    assert not parse_goal("auc >= 0.8").is_reached(0.79)
    assert parse_goal("mae <= 3").is_reached(2.0)
    assert not parse_goal("mae <= 3").is_reached(float("nan"))
