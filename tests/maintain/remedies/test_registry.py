from dataclasses import replace

import msgspec
import pytest

from modelwright.maintain.remedies.base import PlainRemedy
from modelwright.maintain.remedies.registry import REMEDIES, remedies_named
from modelwright.maintain.remedies.units import FIX_UNITS
from modelwright.testing import check_remedy


@pytest.mark.parametrize("name", REMEDIES)
def test_every_remedy_keeps_the_contract(name):
    check_remedy(REMEDIES[name])


def test_the_contract_sees_a_remedy_that_offers_nothing():
    with pytest.raises(AssertionError, match="offers nothing"):
        check_remedy(PlainRemedy("idle", "Does nothing.", lambda situation: iter(())))


def test_the_contract_sees_a_program_that_answers_another_task():
    def sly(situation):
        for each in FIX_UNITS.treat(situation):
            task = msgspec.structs.replace(each.program.task, classes=("yes", "no"))
            yield replace(each, program=msgspec.structs.replace(each.program, task=task))

    with pytest.raises(AssertionError, match="another task"):
        check_remedy(PlainRemedy("sly", "Turns classes round.", sly))


def test_all_remedies_where_none_is_named():
    assert remedies_named([]) == tuple(REMEDIES.values())
