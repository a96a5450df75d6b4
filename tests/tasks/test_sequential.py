import numpy as np
import pytest

from modelwright.tasks.betting import capital_against
from modelwright.tasks.sequential import FIRST, paired_gains, shared_gains


def _losses(rows: int, seed: int, better: float = 0.0):
    rng = np.random.default_rng(seed)
    truth = rng.random(rows) < 0.3
    old = np.clip(0.3 + rng.normal(0, 0.15, rows) + 0.3 * truth, 0, 1)
    new = np.clip(old + better * (2.0 * truth - 1.0) + rng.normal(0, 0.05, rows), 0, 1)
    return (old - truth) ** 2, (new - truth) ** 2


def test_a_better_challenger_is_known_and_a_worse_one_too():
    old, new = _losses(4000, 0, better=0.1)
    assert paired_gains(old, new, span=1.0).looks(error_rate=0.05)[-1].gain.low > 0
    assert paired_gains(new, old, span=1.0).looks(error_rate=0.05)[-1].gain.high < 0


def test_the_first_rows_decide_nothing_and_looks_grow():
    old, new = _losses(1000, 1)
    gains = paired_gains(old, new, span=1.0)
    assert len(gains.values) == 1000 - FIRST
    rows = [look.rows for look in gains.looks(error_rate=0.05)]
    assert rows == sorted(set(rows))
    assert rows[-1] == 1000 - FIRST


@pytest.mark.parametrize("rows", [0, 1, FIRST])
def test_before_there_are_enough_rows_there_is_no_look(rows):
    old, new = _losses(rows, 2)
    assert paired_gains(old, new, span=1.0).looks(error_rate=0.05) == ()
    shared = shared_gains(old, np.zeros(rows, bool), share=0.1, span=1.0)
    assert shared.looks(error_rate=0.05) == ()


def test_models_that_answer_alike_say_nothing():
    old, _ = _losses(500, 3)
    assert len(paired_gains(old, old, span=1.0).values) == 0
    # The first unlike one says how much a row may count.
    other = old.copy()
    other[300:] += 0.1
    assert len(paired_gains(old, other, span=1.0).values) == 199


def test_one_row_that_is_far_off_is_cut_and_counted():
    old, new = _losses(500, 4)
    old[400] = 1e9
    gains = paired_gains(old, new, span=None)
    assert (gains.cut, gains.values.max() <= gains.span) == (1, True)


def test_shares_of_the_traffic_tell_the_same_gain_without_bias():
    old, new = _losses(40_000, 5, better=0.1)
    canary = np.random.default_rng(6).random(len(old)) < 0.1
    losses = np.where(canary, new, old)
    gains = shared_gains(losses, canary, share=0.1, span=1.0)
    assert gains.values.mean() == pytest.approx((old - new).mean(), abs=0.01)
    found = gains.looks(error_rate=0.05)[-1].gain
    assert found.low < (old - new).mean() < found.high


def test_equal_models_are_seldom_told_apart_by_share():
    rng, apart = np.random.default_rng(7), 0
    for _ in range(40):
        losses, canary = (rng.random(1500) < 0.2) * 1.0, rng.random(1500) < 0.2
        gains = shared_gains(losses, canary, share=0.2, span=1.0)
        scaled = gains.values / gains.span / 2 + 0.5
        sides = (scaled, 1 - scaled)
        apart += any(capital_against(side, 0.5) >= np.log(1 / 0.05) for side in sides)
    assert apart <= 8
