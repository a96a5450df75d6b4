import pytest

from example_bundle import make_covered_bundle
from modelwright.deploy.targets.registry import TARGETS, target_named
from modelwright.deploy.targets.wheels import FOLDER_VARIABLE
from modelwright.errors import InputError
from modelwright.testing import check_target


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_keeps_its_contract(name, request, monkeypatch):
    if name == "offline":
        monkeypatch.setenv(FOLDER_VARIABLE, str(request.getfixturevalue("wheelhouse")))
    assert TARGETS[name].name == name
    # A view has no words of a text.
    check_target(TARGETS[name], make_covered_bundle() if name.startswith("sql-") else None)


@pytest.mark.parametrize(("name", "told"), [("wheel", "make_wheel"), ("sql", "'sql-sqlite'")])
def test_who_looks_for_another_name_is_told_where_it_is(name, told):
    with pytest.raises(InputError, match=told):
        target_named(name)
