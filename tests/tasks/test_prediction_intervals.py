"""The score of rows to come lies inside as often as is said."""

import numpy as np
import pytest

from modelwright.errors import InputError
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import bootstrap_interval, wilson_interval
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.prediction_intervals import as_wide_as, for_later_periods, for_new_sample


def test_a_larger_new_sample_widens_less():
    seen = wilson_interval(80, 100)
    few, many = for_new_sample(seen, 100, 20), for_new_sample(seen, 100, 100_000)
    assert few.low < many.low < seen.low + 0.01
    assert seen.high <= many.high < few.high <= 1.0
    with pytest.raises(InputError, match="at least one row"):
        for_new_sample(seen, 100, 0)


def test_scores_that_differ_by_period_widen_the_interval_for_a_later_one():
    random = np.random.default_rng(0)
    held = 0
    for _ in range(300):
        level = 0.75 + 0.03 * random.normal(size=7)
        seen = level + 0.01 * random.normal(size=7)
        last = Interval(
            value=seen[5],
            low=seen[5] - 0.0277,
            high=seen[5] + 0.0277,
            method="stated",
            bounds=(0.0, 1.0),
        )
        held += for_later_periods(last, [(score, 100) for score in seen[:6]]).contains(seen[6])
    assert 0.85 <= held / 300 <= 1.0


def test_two_periods_say_nothing_of_a_third():
    interval = Interval(value=0.8, low=0.7, high=0.9, method="stated", bounds=(0.0, 1.0))
    assert for_later_periods(interval, [(0.5, 90), (0.8, 90)]) == interval


def test_periods_at_a_bound_leave_the_interval_as_it_is():
    interval = Interval(value=0.8, low=0.7, high=0.9, method="stated", bounds=(0.0, 1.0))
    assert for_later_periods(interval, [(1.0, 9), (0.7, 9), (0.8, 9)]) == interval


def test_an_interval_is_as_wide_as_more_rows_say():
    rmse, drawn = METRICS["rmse"], np.random.default_rng(0)
    few = bootstrap_interval(rmse, drawn.normal(size=100), np.zeros(100))
    many = bootstrap_interval(rmse, drawn.standard_t(3, size=5_000), np.zeros(5_000))
    wider = as_wide_as(few, many, n=100, n_other=5_000)
    assert wider.value == few.value
    assert wider.low < few.low < few.high < wider.high
    assert "5,000 other rows" in wider.method
    assert as_wide_as(few, few, n=100, n_other=100) == few


def test_a_perfect_score_stays_as_it_is():
    accuracy = METRICS["accuracy"]
    truth = np.arange(100) % 2
    perfect = bootstrap_interval(accuracy, truth, truth)
    half_right = bootstrap_interval(accuracy, truth, np.arange(100) % 3 % 2)
    assert as_wide_as(perfect, half_right, n=100, n_other=100) == perfect
