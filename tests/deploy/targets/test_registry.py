import pytest

from example_bundle import make_covered_bundle
from modelwright.deploy.targets.registry import TARGETS
from modelwright.deploy.targets.wheels import FOLDER_VARIABLE
from modelwright.testing import check_target


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_keeps_its_contract(name, request, monkeypatch):
    if name == "offline":
        monkeypatch.setenv(FOLDER_VARIABLE, str(request.getfixturevalue("wheelhouse")))
    assert TARGETS[name].name == name
    # A view has no words of a text.
    check_target(TARGETS[name], make_covered_bundle() if name.startswith("sql") else None)
