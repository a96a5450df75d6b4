import pytest

from modelwright.deploy.targets.registry import TARGETS
from modelwright.deploy.targets.wheels import FOLDER_VARIABLE
from modelwright.testing import check_target


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_keeps_its_contract(name, request, monkeypatch):
    if name == "offline":
        monkeypatch.setenv(FOLDER_VARIABLE, str(request.getfixturevalue("wheelhouse")))
    assert TARGETS[name].name == name
    check_target(TARGETS[name])
