from dataclasses import replace

import pytest

from modelwright.maintain.gameday.faults.base import PlainFault
from modelwright.maintain.gameday.faults.registry import FAULTS, faults_named
from modelwright.maintain.gameday.faults.values import UNIT_CHANGE
from modelwright.testing import check_fault, example_scene


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_keeps_the_contract(name):
    check_fault(FAULTS[name])


def test_the_contract_sees_a_fault_that_does_nothing():
    def still(scene):
        for injection in UNIT_CHANGE.aims(scene):
            yield replace(injection, change=lambda span: span)

    with pytest.raises(AssertionError, match="changed nothing"):
        check_fault(PlainFault("still", "Nothing happens.", still))


def test_the_contract_sees_a_column_that_is_not_named():
    def sly(scene):
        for injection in UNIT_CHANGE.aims(scene):
            yield replace(injection, columns=("size",))

    with pytest.raises(AssertionError, match="which it does not name"):
        check_fault(PlainFault("sly", "It names another column.", sly))


def test_all_faults_where_none_is_named():
    assert faults_named([]) == tuple(FAULTS.values())


def test_without_labels_there_are_no_faults_of_labels():
    scene = example_scene()
    unlabelled = replace(
        scene, before=scene.before.without_labels(), ahead=scene.ahead.without_labels()
    )
    for name in ("late labels", "concept drift"):
        assert list(FAULTS[name].aims(unlabelled)) == []
