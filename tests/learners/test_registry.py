import pytest

from modelwright.errors import InputError
from modelwright.learners import registry
from modelwright.learners.baseline import Constant
from modelwright.learners.registry import LEARNERS, learner_named


def test_every_learner_is_found_by_its_own_name():
    assert all(learner_named(name).name == name for name in LEARNERS)


def test_a_registered_learner_is_found(monkeypatch):
    mine = Constant(name="mine")
    monkeypatch.setattr(registry, "registered", {"learners": {"mine": mine}}.__getitem__)
    assert learner_named("mine") is mine


def test_a_misspelt_name_offers_the_nearest():
    with pytest.raises(InputError, match="Did you mean 'xgboost'"):
        learner_named("xgbost")
