import pytest

from modelwright.predictor.emitters.registry import EMITTERS
from modelwright.testing import check_emitter


@pytest.mark.parametrize("name", EMITTERS)
def test_an_emitter_keeps_its_contract(name, bundles):
    found = check_emitter(EMITTERS[name], [*bundles.values()])
    absent = {each for parity in found for each in parity.absent}
    if absent:
        pytest.skip(f"{name} cannot be run without {', '.join(sorted(absent))}")
