import pytest
from msgspec.structs import replace

from modelwright.documents import Evaluation
from modelwright.report.worth import measure_worth
from modelwright.tasks.costs import Costs
from modelwright.tasks.interval import Interval

_NONE = Interval(value=0.0, low=0.0, high=0.0, method="")
SEEN = Evaluation(
    rows=1_000,
    score=_NONE,
    baseline_score=_NONE,
    gain=_NONE,
    others={},
    openings=1,
    warned=200,
    warned_right=150,
    positives=300,
)


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
    worth = measure_worth(SEEN, costs)
    model = _cost(costs, tp=150, fp=50, fn=150, tn=650)
    simple = {
        "never": _cost(costs, tp=0, fp=0, fn=300, tn=700),
        "always": _cost(costs, tp=300, fp=700, fn=0, tn=0),
    }
    assert simple[constant] == min(simple.values())
    assert worth.constant == constant
    assert worth.saved.value == pytest.approx(simple[constant] - model)
    assert worth.saved.low < worth.saved.value < worth.saved.high


def test_more_cases_make_it_surer():
    many = replace(SEEN, rows=100_000, warned=20_000, warned_right=15_000, positives=30_000)
    few, more = measure_worth(SEEN, Costs()).saved, measure_worth(many, Costs()).saved
    assert few.value == pytest.approx(more.value)
    assert more.high - more.low == pytest.approx((few.high - few.low) / 10)


def test_no_cases_say_nothing():
    assert (
        measure_worth(replace(SEEN, rows=0, positives=0, warned=0, warned_right=0), Costs()) is None
    )
