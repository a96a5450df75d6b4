import numpy as np
import pytest

from modelwright.tasks.betting import capital_against, mean_at_any_time, refutes_share

LOOKS = np.unique(np.geomspace(20, 1500, 25).astype(int))


@pytest.mark.parametrize("kind", ["even", "rare", "skew"])
def test_the_bounds_hold_at_all_looks_together(kind):
    rng = np.random.default_rng(0)
    draw = {
        "even": lambda: rng.uniform(-1, 1, 1500),
        "rare": lambda: np.where(rng.random(1500) < 0.05, rng.choice([-1.0, 1.0], 1500), 0.0),
        "skew": lambda: np.where(rng.random(1500) < 0.1, 0.9, -0.1),
    }[kind]
    refuted = 0
    for _ in range(60):
        # The true mean is 0, in the middle of the span; the rate is that of either bound.
        values = draw() / 2 + 0.5
        sides = (values, 1 - values)
        refuted += any(
            capital_against(side[:rows], 0.5) >= np.log(1 / 0.05)
            for side in sides
            for rows in LOOKS
        )
    # Of sixty, 0.1 are six; twelve would come once in a hundred tests.
    assert refuted <= 12


def test_the_bounds_close_in_on_the_mean():
    rng = np.random.default_rng(1)
    values = rng.uniform(-0.3, 0.5, 5_000)
    widths = []
    for rows in (100, 1000, 5_000):
        found = mean_at_any_time(values[:rows])
        assert found.low < 0.1 < found.high
        widths.append(found.high - found.low)
    assert widths[0] > 2 * widths[1] > 3 * widths[2]


def test_the_order_of_the_values_does_not_matter():
    rng = np.random.default_rng(2)
    values = rng.uniform(-0.3, 0.5, 500)
    one, other = mean_at_any_time(values), mean_at_any_time(np.sort(values))
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


def test_a_span_only_changes_the_unit():
    values = np.random.default_rng(3).uniform(-0.3, 0.5, 500)
    one, other = mean_at_any_time(values), mean_at_any_time(1000 * values, span=1000.0)
    assert other.low == pytest.approx(1000 * one.low)
    assert other.high == pytest.approx(1000 * one.high)


@pytest.mark.parametrize("values", [[], [0.0], [1.0] * 3, [-1.0] * 500, [0.0] * 500])
def test_few_and_equal_values_have_bounds(values):
    found = mean_at_any_time(np.array(values))
    assert -1.0 <= found.low <= found.value <= found.high <= 1.0
    assert np.isfinite(capital_against(np.array(values) / 2 + 0.5, 0.5))


def test_a_share_that_is_kept_is_seldom_refuted():
    rng = np.random.default_rng(4)
    refuted = 0
    for _ in range(200):
        hits = np.cumsum(rng.random(2000) < 0.01)
        tries = np.arange(1, 2001)
        refuted += any(
            refutes_share(int(hits[at]), int(tries[at]), 0.01, error_rate=0.05)
            for at in range(0, 2000, 50)
        )
    assert refuted <= 18


def test_nothing_is_said_of_no_tries():
    assert not refutes_share(0, 0, 0.01, error_rate=0.05)
