import numpy as np
import pytest

from modelwright.predictor.reference.surprise import log_rise, log_surprises

RANDOM = np.random.default_rng(3)


def windows(count: int, *, worth: float, bins: int = 6, rows: int = 200) -> np.ndarray:
    """Draw streams of nine windows whose shares differ as if each were worth so many rows."""
    shares = RANDOM.dirichlet(np.full(bins, worth / bins), size=(count, 9))
    return RANDOM.multinomial(rows, shares)


@pytest.mark.parametrize("worth", [30.0, 100.0, 1000.0, 1e6])
def test_streams_that_do_not_change_hardly_ever_surprise(worth):
    drawn = windows(1_500, worth=worth)
    found = np.exp(log_surprises(drawn[:, :8], drawn[:, 8]))
    # An e-value: its mean is at most 1, so that it exceeds 200 in fewer than 0.5 % of windows.
    assert (found > 200).mean() <= 0.005


@pytest.mark.parametrize("past", [1, 2, 8])
def test_a_value_that_stays_is_a_surprise_at_once(past):
    drawn = windows(50, worth=1000.0)
    stuck = np.zeros((50, 6), dtype=int)
    stuck[:, 2] = 200
    assert log_surprises(drawn[:, :past], stuck).min() > np.log(8760 * 100)


def test_filled_up_bins_change_nothing():
    drawn = windows(1, worth=100.0)
    filled = np.pad(drawn, [(0, 0), (0, 0), (0, 3)], constant_values=-1)
    alone = log_surprises(drawn[:, :8], drawn[:, 8])
    np.testing.assert_allclose(log_surprises(filled[:, :8], filled[:, 8]), alone)


def test_levels_that_do_not_rise_hardly_ever_surprise():
    drawn = RANDOM.normal(0.0, 0.1, size=(1_500, 9))
    spreads = np.full(8, 0.05)
    found = np.exp([log_rise(each[:8], spreads, now=each[8], spread=0.05) for each in drawn])
    assert found.mean() < 2
    assert (found > 200).mean() <= 0.005
