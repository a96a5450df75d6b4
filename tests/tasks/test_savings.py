import numpy as np
import pytest

from modelwright.errors import BriefError, InputError
from modelwright.tasks.costs import Costs
from modelwright.tasks.goal import parse_goal
from modelwright.tasks.savings import (
    Counts,
    cost_of_mistakes,
    is_in_money,
    most_saved,
    saved_by,
    savings_goal,
)
from modelwright.tasks.task import Task

SEEN = {"rows": 1_000, "positives": 300, "warned": 200, "warned_right": 150}
BINARY = Task(kind="binary", classes=("no", "yes"))


def _cost(costs, *, tp, fp, fn, tn):
    return (
        tp * costs.true_positive
        + fp * costs.false_positive
        + fn * costs.false_negative
        + tn * costs.true_negative
    )


@pytest.mark.parametrize(
    ("costs", "constant"),
    [
        (Costs(), "never"),
        (Costs(false_negative=2.0, true_positive=0.5, true_negative=-0.1), "never"),
        (Costs(false_negative=10.0), "always"),
    ],
)
def test_it_is_the_difference_of_the_costs(costs, constant):
    saved = saved_by(costs, Counts(**SEEN))
    model = _cost(costs, tp=150, fp=50, fn=150, tn=650)
    simple = {
        "never": _cost(costs, tp=0, fp=0, fn=300, tn=700),
        "always": _cost(costs, tp=300, fp=700, fn=0, tn=0),
    }
    perfect = _cost(costs, tp=300, fp=0, fn=0, tn=700)
    assert simple[constant] == min(simple.values())
    assert saved.constant == constant
    assert saved.each.value == pytest.approx((simple[constant] - model) / 1_000)
    assert saved.each.low < saved.each.value < saved.each.high
    assert most_saved(costs, 0.3) == pytest.approx((simple[constant] - perfect) / 1_000)


def test_more_cases_make_it_surer():
    many = {name: 100 * count for name, count in SEEN.items()}
    few, more = saved_by(Costs(), Counts(**SEEN)).each, saved_by(Costs(), Counts(**many)).each
    assert few.value == pytest.approx(more.value)
    assert more.high - more.low == pytest.approx((few.high - few.low) / 10)


def test_no_cases_say_nothing():
    with pytest.raises(InputError, match="Without rows"):
        saved_by(Costs(), Counts(rows=0, positives=0, warned=0, warned_right=0))


@pytest.mark.parametrize(
    ("text", "cases", "each"),
    [
        ("saves >= 5,000 a month", 10 * 365.25 / 12, 5_000 / (10 * 365.25 / 12)),
        ("savings at least 700 EUR per week", 70.0, 10.0),
        ("saves >= 50 USD/year", 3_652.5, 50 / 3_652.5),
        ("saves > 5 per 1,000 cases", 1_000.0, 0.005),
        ("saves >= 0.2 EUR a case", 1.0, 0.2),
    ],
)
def test_a_goal_in_money_asks_something_of_each_answer(text, cases, each):
    goal = parse_goal(text)
    assert is_in_money(goal)
    asked = savings_goal(goal, task=BINARY, costs=Costs(), cases_a_day=10.0)
    assert (asked.cases, asked.each) == (pytest.approx(cases), pytest.approx(each))


@pytest.mark.parametrize(
    ("text", "changed", "message"),
    [
        ("saves >= 5000", {}, "says no time"),
        ("saves <= 5000 a month", {}, "says no time"),
        ("saves >= 5000 a month", {"costs": None}, r"Write \[costs\]"),
        ("saves >= 5000 a month", {"cases_a_day": None}, "Name the column as `time`"),
        ("saves >= 5 a case", {"task": Task(kind="regression")}, "the task is regression"),
    ],
)
def test_what_a_goal_in_money_lacks_is_said(text, changed, message):
    known = {"task": BINARY, "costs": Costs(), "cases_a_day": 1.0}
    with pytest.raises(BriefError, match=message):
        savings_goal(parse_goal(text), **(known | changed))


def test_mistakes_cost_what_is_paid_above_a_perfect_answer():
    rng = np.random.default_rng(0)
    costs = Costs(false_negative=5.0, true_positive=1.0)
    yes = rng.uniform(size=500)
    truth = (rng.uniform(size=500) < yes).astype(int)
    paid = cost_of_mistakes(costs).score(truth, np.column_stack([1 - yes, yes]))
    tried = [costs.matrix[truth, (yes >= each).astype(int)].mean() for each in np.sort(yes)]
    assert paid == pytest.approx(min(tried) - truth.mean() * 1.0)
