import numpy as np
import pytest

from modelwright.errors import InputError
from modelwright.tasks.intervals import wilson_interval
from modelwright.tasks.shares import measure_rates, share_interval


def test_independent_rows_have_wilsons_interval():
    hits = np.arange(50) % 5 == 0
    plain = wilson_interval(10, 50)
    assert share_interval(hits) == plain
    assert share_interval(hits, groups=np.zeros(50)) == plain
    own = share_interval(hits, groups=np.arange(50))
    assert own.value == plain.value
    # Student's t on 49 groups reaches a little further than the normal.
    assert plain.high - plain.low < own.high - own.low < 1.05 * (plain.high - plain.low)


def test_rows_that_are_alike_count_as_one():
    hits = np.repeat(np.arange(20) % 4 == 0, 100)
    alike = share_interval(hits, groups=np.repeat(np.arange(20), 100))
    single = wilson_interval(5, 20)
    assert alike.value == 0.25
    assert (alike.high - alike.low) / (single.high - single.low) == pytest.approx(1.05, abs=0.05)


def test_a_share_of_all_is_as_sure_as_there_are_groups():
    found = share_interval(np.ones(1_000, bool), groups=np.repeat(np.arange(10), 100))
    assert found.high == 1.0
    assert found.low < wilson_interval(10, 10).low


def test_groups_are_never_surer_than_rows():
    hits = np.tile([True, False], 100)
    found = share_interval(hits, groups=np.repeat(np.arange(20), 10))
    assert found.low <= wilson_interval(100, 200).low


def test_ranges_hold_the_share_as_often_as_they_say():
    random = np.random.default_rng(3)
    groups = np.repeat(np.arange(30), 40)
    held, plain = 0, 0
    for _ in range(300):
        of_day = random.beta(3, 7, 30)
        hits = random.random(len(groups)) < of_day[groups]
        found, naive = share_interval(hits, groups=groups), share_interval(hits)
        held += found.low <= 0.3 <= found.high
        plain += naive.low <= 0.3 <= naive.high
    assert 0.92 <= held / 300 <= 0.98
    assert plain / 300 < 0.75


def test_the_share_of_as_many_other_rows_lies_in_a_wider_range():
    hits = np.arange(400) % 3 == 0
    here, other = share_interval(hits), share_interval(hits, samples=2)
    assert (other.high - other.low) / (here.high - here.low) == pytest.approx(2**0.5, rel=0.01)


def test_rates_are_those_of_their_rows():
    positive = np.array([True, True, False, False, False])
    warned = np.array([True, False, True, False, False])
    rates = measure_rates(positive, warned, groups=np.arange(5))
    shares = [each.value for each in (rates.warned, rates.right, rates.found, rates.troubled)]
    assert shares == [0.4, 0.5, 0.5, pytest.approx(1 / 3)]
    quiet = measure_rates(~warned & warned, ~warned & warned)
    assert (quiet.warned.value, quiet.right, quiet.found, quiet.troubled.value) == (
        0,
        None,
        None,
        0,
    )


def test_without_rows_there_is_no_share():
    with pytest.raises(InputError):
        share_interval(np.zeros(0, bool))
