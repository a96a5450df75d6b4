import pytest

from modelwright.errors import InputError
from modelwright.learners.portfolio import PORTFOLIO, cost_of, family_of, portfolio_of
from modelwright.learners.registry import LEARNERS
from modelwright.learners.settings import settings_of, with_settings
from modelwright.tasks.task import Task

NUMBERS = Task(kind="regression")


def test_names_are_unique_and_belong_to_a_learner():
    names = [place.learner.name for place in PORTFOLIO]
    assert len(set(names)) == len(names)
    assert {family_of(place.learner) for place in PORTFOLIO} <= set(LEARNERS)


def test_the_first_configuration_is_the_measure_of_cost():
    assert PORTFOLIO[0].cost == 1.0
    assert all(place.cost > 0 for place in PORTFOLIO)


def test_a_family_brings_its_configurations_in_the_order_of_the_portfolio():
    found = [each.name for each in portfolio_of(["xgboost", "lightgbm"], NUMBERS)]
    order = [place.learner.name for place in PORTFOLIO]
    assert found == [name for name in order if name.startswith(("lightgbm", "xgboost"))]


def test_of_many_classes_the_network_is_wider():
    few, many = (Task(kind="multiclass", classes=tuple(names)) for names in ("abc", "abcdefgh"))
    units = [
        {settings_of(each)["units"] for each in portfolio_of(["network"], task)}
        for task in (few, many)
    ]
    assert units == [{128}, {256}]


def test_of_many_classes_the_usual_network_comes_second_and_the_long_one_last():
    many = Task(kind="multiclass", classes=tuple("abcdefgh"))
    names = [each.name for each in portfolio_of(["lightgbm", "network", "xgboost"], many)]
    assert (names[1], names[-1]) == ("network", "network-long")


def test_what_is_not_in_the_portfolio_comes_last():
    assert [each.name for each in portfolio_of(["rule", "linear"], NUMBERS)] == ["linear", "rule"]


def test_lines_alone_have_an_elastic_net_too():
    names = [each.name for each in portfolio_of(["linear"], NUMBERS)]
    assert names == ["linear", "linear-sparse"]
    beside = [each.name for each in portfolio_of(["linear", "lightgbm"], NUMBERS)]
    assert "linear-sparse" not in beside


def test_an_unknown_name_is_an_error():
    with pytest.raises(InputError, match="no learner 'lightgmb'"):
        portfolio_of(["lightgmb"], NUMBERS)


def test_an_unknown_configuration_costs_as_much_as_the_first():
    assert cost_of(LEARNERS["rule"], Task(kind="regression")) == 1.0


def test_who_learns_all_classes_at_once_costs_less_beside_boosters():
    few = Task(kind="binary", classes=("a", "b"))
    many = Task(kind="multiclass", classes=tuple("abcdefghij"))
    for name in ("network", "extra_trees"):
        assert cost_of(LEARNERS[name], many) < 0.5 * cost_of(LEARNERS[name], few)
    assert cost_of(LEARNERS["xgboost"], many) == cost_of(LEARNERS["xgboost"], few)


def test_settings_leave_out_the_name_and_come_back():
    learner = PORTFOLIO[0].learner
    settings = settings_of(learner)
    assert "name" not in settings
    assert with_settings(learner, **settings) == learner
    with pytest.raises(InputError, match="cannot be configured"):
        with_settings(learner, speed=3)
