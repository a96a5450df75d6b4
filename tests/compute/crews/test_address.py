import pytest

from modelwright.compute.crews.address import CrewAddress
from modelwright.errors import BriefError


def test_a_word_names_a_crew():
    assert CrewAddress.parse("here") == CrewAddress("here")
    assert CrewAddress.parse("processes?workers=3") == CrewAddress("processes", workers=3)
    assert CrewAddress.parse("ray") == CrewAddress("ray")


def test_a_cluster_elsewhere_has_host_and_port():
    address = CrewAddress.parse("ray://head:10001?memory=1.5GB")
    assert (address.host, address.memory_bytes) == ("head:10001", 1_500_000_000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names nobody"),
        ("rya", "Did you mean 'ray'"),
        ("ray://head", "no host with a port"),
        ("ray://", "no host with a port"),
        ("here://head:1", "no host with a port"),
        ("ray?worker=2", "Did you mean 'workers'"),
        ("ray?workers=0", "Write 1 or more"),
        ("ray?workers=٣", "Write 1 or more"),
        ("ray?memory=much", "no size above zero"),
        ("here?memory=2GB", "processes"),
    ],
)
def test_what_names_no_crew_is_told(text, said):
    with pytest.raises(BriefError, match=said):
        CrewAddress.parse(text)
