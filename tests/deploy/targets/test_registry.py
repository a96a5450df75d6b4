import pytest

from modelwright.deploy.targets.registry import TARGETS
from modelwright.testing import check_target


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_keeps_its_contract(name):
    assert TARGETS[name].name == name
    check_target(TARGETS[name])
