import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.tasks.rule import Rule

PROBABILITIES = st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3)


@given(
    st.lists(PROBABILITIES, min_size=1, max_size=5),
    st.just(()) | st.tuples(*[st.floats(0.01, 100.0)] * 3),
)
def test_one_row_is_chosen_as_many_are(rows, weights):
    rule = Rule(weights=weights)
    assert rule.choose(np.array(rows)).tolist() == [*map(rule.place, rows)]


def test_of_equal_products_the_first_class_is_answered():
    assert Rule(weights=(1.0, 2.0, 4.0)).place([0.4, 0.2, 0.1]) == 0


def test_a_threshold_is_met_from_its_own_value_on():
    rule = Rule(threshold=0.3)
    assert rule.choose(np.array([[0.7, 0.3], [0.71, 0.29]])).tolist() == [1, 0]
    assert rule.place([0.7, 0.3]) == 1


@pytest.mark.parametrize(
    ("rule", "classes"),
    [
        (Rule(threshold=float("nan")), 2),
        (Rule(weights=(1.0, 2.0)), 2),
        (Rule(weights=(1.0, 2.0)), 3),
        (Rule(weights=(1.0, 0.0, 1.0)), 3),
        (Rule(weights=(1.0, float("inf"), 1.0)), 3),
    ],
)
def test_a_rule_that_does_not_fit_is_told(rule, classes):
    assert rule.fault(classes)
    assert not Rule().fault(classes)
