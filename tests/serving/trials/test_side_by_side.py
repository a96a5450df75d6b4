"""Two bundles asked in turn."""

from dataclasses import replace
from functools import partial
from itertools import chain, count

import pytest

from example_bundle import make_bundle
from modelwright.serving.trials.side_by_side import seconds_more


@pytest.mark.parametrize(("first_s", "second_s"), [(0.5, 0.25), (0.25, 0.5), (9.0, 1.0)])
def test_the_difference_is_what_one_takes_longer(first_s, second_s):
    # One look at the clock at the beginning, and three in each round.
    looks = (
        number * (first_s + second_s) + within
        for number in count()
        for within in (0.0, first_s, first_s + second_s)
    )
    clock = partial(next, chain([0.0], looks))
    told = seconds_more(make_bundle(), make_bundle(), clock=clock)
    assert told == pytest.approx(first_s - second_s)


def test_bundles_without_recorded_rows_tell_nothing():
    assert seconds_more(replace(make_bundle(), cases=()), make_bundle()) is None
