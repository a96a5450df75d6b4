"""On its scale a score can move any distance and stays inside its bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.tasks.scale import Scale

SCALES = [Scale(0.0, 1.0), Scale(-1.0, 1.0), Scale(0.0, None), Scale(None, 1.0), Scale(None, None)]


@settings(deadline=None)
@given(st.sampled_from(SCALES), st.floats(1e-6, 1 - 1e-6), st.floats(0, 1e6), st.floats(1, 100))
def test_intervals_hold_their_score_and_stay_inside_the_bounds(scale, score, error, by):
    low, high = scale.around(score, error)
    for ends in ((low, high), scale.stretch(score, (low, high), by=by)):
        assert ends[0] <= score * (1 + 1e-9) + 1e-9
        assert ends[1] >= score * (1 - 1e-9) - 1e-9
        assert scale.lowest is None or ends[0] >= scale.lowest
        assert scale.highest is None or ends[1] <= scale.highest


@pytest.mark.parametrize("scale", SCALES)
def test_a_small_error_reaches_as_far_as_it_says(scale):
    low, high = scale.around(0.4, 1e-4)
    assert (low, high) == pytest.approx((0.4 - 1e-4, 0.4 + 1e-4), abs=1e-7)


def test_a_stretched_end_can_reach_the_bound():
    assert Scale(0.0, 1.0).stretch(0.98, (0.95, 0.992), by=3)[1] == 1.0
    assert Scale(0.0, 1.0).stretch(1.0, (0.9, 1.0), by=2) == pytest.approx((0.8, 1.0))


def test_infinite_ends_are_no_bounds():
    assert Scale.of(0.0, float("inf")).bounds == (0.0, None)
