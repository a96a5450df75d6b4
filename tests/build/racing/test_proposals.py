import pytest

from modelwright.build.racing.proposals import Proposals
from modelwright.learners.catboost import CatBoost
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.linear import Linear
from modelwright.learners.network import Network
from modelwright.learners.portfolio import family_of
from modelwright.learners.search_space import SPACES
from modelwright.learners.settings import settings_of
from modelwright.learners.xgboost import XGBoost


def test_families_take_turns_and_what_cannot_be_varied_is_passed_over():
    proposals = Proposals([Linear(), LightGBM(), XGBoost(), LightGBM(name="lightgbm-large")], 0)
    names = [proposals.propose().name for _ in range(4)]
    assert names == ["lightgbm-trial1", "xgboost-trial2", "lightgbm-trial3", "xgboost-trial4"]


def test_the_family_that_did_best_has_every_second_turn():
    proposals = Proposals([LightGBM(), XGBoost(), CatBoost()], 0)
    proposals.tell(XGBoost(least_weight=1.0), 0.5)
    proposals.tell(LightGBM(), 0.7)
    families = [proposals.propose().name.partition("-")[0] for _ in range(6)]
    assert families == ["xgboost", "lightgbm", "xgboost", "catboost", "xgboost", "lightgbm"]


def test_a_network_is_varied_only_where_it_did_best():
    proposals = Proposals([LightGBM(), Network()], 0)
    assert {family_of(proposals.propose()) for _ in range(4)} == {"lightgbm"}
    proposals.tell(LightGBM(), 0.7)
    proposals.tell(Network(), 0.5)
    families = [family_of(proposals.propose()) for _ in range(4)]
    assert families == ["network", "lightgbm", "network", "lightgbm"]


def test_every_proposal_lies_in_its_space():
    proposals = Proposals([LightGBM(), XGBoost(), Network()], seed=3)
    proposals.tell(Network(), 0.1)
    for _ in range(20):
        learner = proposals.propose()
        settings = settings_of(learner)
        space = SPACES[learner.name.partition("-")[0]]
        assert all(each.holds(settings[name]) for name, each in space.items())


def test_the_same_results_give_the_same_proposals():
    first, second = (_told(Proposals([LightGBM()], seed=1)) for _ in range(2))
    assert [first.propose() for _ in range(3)] == [second.propose() for _ in range(3)]


def test_proposals_follow_what_did_well():
    proposals = _told(Proposals([LightGBM()], seed=1))
    leaves = [settings_of(proposals.propose())["leaves"] for _ in range(10)]
    assert sorted(leaves)[5] < 40


@pytest.mark.parametrize("learner", [Linear(), LightGBM(rate=0.9)])
def test_what_lies_outside_the_space_teaches_nothing(learner):
    told, untold = Proposals([LightGBM()], seed=1), Proposals([LightGBM()], seed=1)
    told.tell(learner, 0.1)
    assert told.propose() == untold.propose()


def _told(proposals: Proposals) -> Proposals:
    """Tell that small trees do best."""
    for leaves in range(10, 200, 10):
        proposals.tell(LightGBM(leaves=leaves), float(leaves))
    return proposals
