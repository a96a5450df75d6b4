import pytest

from modelwright.errors import InputError
from modelwright.workspace.trial import Trial, parse_share


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
def test_a_canary_gets_its_share(share):
    trial = Trial(role="canary", share=share)
    taken = sum(trial.takes(str(number), salt="a1") for number in range(20_000))
    assert taken / 20_000 == pytest.approx(share, abs=0.012)


def test_who_had_a_canary_keeps_it_when_its_share_grows():
    few, many = (Trial(role="canary", share=share) for share in (0.1, 0.3))
    names = [str(number) for number in range(1000)]
    assert all(many.takes(name, salt="a1") for name in names if few.takes(name, salt="a1"))


def test_another_challenger_gets_other_rows():
    trial = Trial(role="canary", share=0.5)
    names = [str(number) for number in range(1000)]
    both = sum(trial.takes(name, salt="a1") and trial.takes(name, salt="b2") for name in names)
    assert 200 < both < 300


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 7.0])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(InputError, match="cannot answer"):
        Trial(role="canary", share=share)


@pytest.mark.parametrize(("text", "share"), [("10%", 0.1), ("0.5 %", 0.005), ("0.25", 0.25)])
def test_shares_are_read(text, share):
    assert parse_share(text) == pytest.approx(share)


def test_no_share_is_a_fault():
    with pytest.raises(InputError, match="'some' is no share"):
        parse_share("some")
