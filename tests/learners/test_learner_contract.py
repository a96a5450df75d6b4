import pytest

from learners_here import learners_here
from modelwright.learners.registry import LEARNERS
from modelwright.testing import check_learner


@pytest.mark.parametrize("name", learners_here())
def test_learner_keeps_its_contract(name):
    check_learner(LEARNERS[name])
