import pytest

from modelwright.build.racing.schedule import configuration_of, learner_of
from modelwright.documents import Configuration
from modelwright.errors import InputError
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.portfolio import PORTFOLIO


@pytest.mark.parametrize("place", PORTFOLIO, ids=lambda place: place.learner.name)
def test_every_configuration_comes_back_from_its_record(place):
    assert learner_of(configuration_of(place.learner)) == place.learner


def test_a_changed_rate_is_recorded():
    learner = LightGBM(name="lightgbm-fast", rate=0.2)
    assert learner_of(configuration_of(learner)) == learner


def test_an_unknown_learner_or_parameter_is_named():
    with pytest.raises(InputError, match="no learner 'lightgmb'"):
        learner_of(Configuration(name="a", learner="lightgmb"))
    with pytest.raises(InputError, match="cannot be configured"):
        learner_of(Configuration(name="a", learner="lightgbm", settings={"speed": 3}))
