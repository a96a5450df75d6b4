"""Intervals cover the true score as often as they say."""

import msgspec
import numpy as np
import pytest
from scipy import stats

from modelwright.errors import InputError
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import (
    Beside,
    bootstrap_interval,
    paired_difference,
    wilson_interval,
)
from modelwright.tasks.metrics import METRICS, metric_of
from modelwright.tasks.prediction_intervals import for_new_sample
from modelwright.tasks.resampling import Units
from modelwright.tasks.task import Task


def _binary(random, days, per_day):
    """Rows of days that differ in their share of positives and in how the score misleads."""
    day = np.repeat(np.arange(days), per_day)
    signal = random.normal(size=len(day))
    spread = 0.5 if per_day > 1 else 0.0
    truth = random.random(len(day)) < 1 / (
        1 + np.exp(1.4 - 1.2 * signal - random.normal(0, spread, days)[day])
    )
    misled = random.normal(0, spread, days)[day]
    positive = 1 / (1 + np.exp(1.4 - 1.5 * signal - misled))
    return truth.astype(int), np.column_stack([1 - positive, positive]), day


def _values(random, days, per_day):
    day = np.repeat(np.arange(days), per_day)
    spread = 0.5 if per_day > 1 else 0.0
    values = random.normal(size=len(day))
    truth = values + random.normal(size=len(day)) + random.normal(0, spread, days)[day]
    return truth, values, day


def _taken(metric, probabilities):
    return (probabilities[:, 1] >= 0.5).astype(int) if metric.takes == "classes" else probabilities


CASES = [
    ("roc_auc", _binary, 150, 1),
    ("accuracy", _binary, 150, 1),
    ("f1", _binary, 300, 1),
    ("log_loss", _binary, 150, 1),
    ("rmse", _values, 100, 1),
    ("roc_auc", _binary, 30, 20),
    ("log_loss", _binary, 12, 30),
    ("rmse", _values, 12, 30),
]
COUNT = 250
# Fewer would refute, with 99 % confidence, that 95 % intervals cover at least 93 %.
AT_LEAST = stats.binom.ppf(0.01, COUNT, 0.93)


@pytest.mark.parametrize(("name", "simulate", "days", "per_day"), CASES)
def test_coverage_of_the_true_score_and_of_a_new_sample(name, simulate, days, per_day):
    metric, covered, foretold = METRICS[name], 0, 0
    truth, prediction, _ = simulate(np.random.default_rng(99), 200_000 // per_day, per_day)
    true = metric.score(truth, _taken(metric, prediction))
    for seed in range(COUNT):
        random = np.random.default_rng(seed)
        truth, prediction, day = simulate(random, days, per_day)
        interval = bootstrap_interval(
            metric, truth, _taken(metric, prediction), groups=day, resamples=100, seed=seed
        )
        covered += interval.contains(true)
        truth, prediction, _ = simulate(random, days // 2, per_day)
        new = metric.score(truth, _taken(metric, prediction))
        foretold += for_new_sample(interval, days, days // 2).contains(new)
    assert covered >= AT_LEAST
    assert foretold >= AT_LEAST


def test_rows_of_a_day_taken_as_independent_would_cover_too_little():
    metric = METRICS["log_loss"]
    truth, prediction, day = _binary(np.random.default_rng(5), 12, 100)
    by_rows = bootstrap_interval(metric, truth, prediction, resamples=200)
    by_days = bootstrap_interval(metric, truth, prediction, groups=day, resamples=200)
    assert by_days.high - by_days.low > 1.3 * (by_rows.high - by_rows.low)


def test_rare_positives_make_a_wide_interval():
    truth = np.repeat([0, 1], [994, 6])
    positive = np.random.default_rng(0).random(1000) + truth * 0.4
    interval = bootstrap_interval(METRICS["roc_auc"], truth, np.column_stack([-positive, positive]))
    assert interval.high - interval.low > 0.2


@pytest.mark.parametrize(("name", "low"), [("accuracy", 0.97), ("roc_auc", 0.70), ("f1", 0.70)])
def test_a_perfect_score_is_not_certain(name, low):
    metric, truth = METRICS[name], np.repeat([0, 1], [90, 10])
    prediction = np.eye(2)[truth] if metric.takes == "probabilities" else truth
    interval = bootstrap_interval(metric, truth, prediction)
    assert (interval.value, interval.high) == (1.0, 1.0)
    assert interval.low == pytest.approx(low, abs=0.01)
    assert interval.method == "rule of three"


def test_a_constant_prediction_has_a_certain_score():
    truth = np.arange(100) % 2
    interval = bootstrap_interval(METRICS["roc_auc"], truth, np.full((100, 2), 0.5))
    assert (interval.low, interval.value, interval.high) == pytest.approx((0.5, 0.5, 0.5))


@pytest.mark.parametrize(
    ("name", "truth"), [("roc_auc", np.zeros(9, dtype=int)), ("r2", np.ones(9))]
)
def test_an_undefined_score_is_refused(name, truth):
    prediction = np.full((9, 2), 0.5) if name == "roc_auc" else np.arange(9.0)
    with pytest.raises(InputError, match="undefined on these 9 rows"):
        bootstrap_interval(METRICS[name], truth, prediction)


def test_a_level_of_more_confidence_is_wider():
    truth, prediction, _ = _values(np.random.default_rng(0), 100, 1)
    narrow, wide = (
        bootstrap_interval(METRICS["mae"], truth, prediction, level=level, resamples=200)
        for level in (0.8, 0.99)
    )
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


def test_a_paired_difference_is_surer_than_two_scores():
    random = np.random.default_rng(0)
    truth, prediction, _ = _values(random, 300, 1)
    worse = prediction + 0.4 * random.normal(size=300)
    gain = paired_difference(METRICS["rmse"], truth, prediction, worse)
    alone = bootstrap_interval(METRICS["rmse"], truth, prediction)
    assert gain.low > 0
    assert gain.high - gain.low < alone.high - alone.low
    loss = paired_difference(METRICS["rmse"], truth, worse, prediction)
    assert (loss.low, loss.high) == pytest.approx((-gain.high, -gain.low))


def test_no_difference_is_not_above_zero():
    truth, prediction, _ = _values(np.random.default_rng(0), 50, 1)
    same = paired_difference(METRICS["rmse"], truth, prediction, prediction)
    assert (same.low, same.value, same.high) == (0.0, 0.0, 0.0)


def test_a_false_gain_is_claimed_as_rarely_as_stated():
    metric, claimed = METRICS["roc_auc"], 0
    for seed in range(COUNT):
        random = np.random.default_rng(seed)
        truth, probabilities, day = _binary(random, 20, 10)
        blurred = [probabilities + random.normal(0, 0.1, (200, 1)) for _ in range(2)]
        gain = paired_difference(metric, truth, *blurred, groups=day, resamples=100, seed=seed)
        claimed += gain.low > 0 or gain.high < 0
    assert claimed <= stats.binom.ppf(0.99, COUNT, 0.06)


def test_the_same_seed_gives_the_same_interval():
    truth, prediction, day = _binary(np.random.default_rng(0), 20, 5)
    first, again = (
        bootstrap_interval(METRICS["log_loss"], truth, prediction, groups=day, seed=7)
        for _ in range(2)
    )
    assert first == again


def test_an_interval_survives_json():
    interval = wilson_interval(3, 10)
    assert msgspec.json.decode(msgspec.json.encode(interval), type=Interval) == interval


@pytest.mark.parametrize(("successes", "n"), [(0, 5), (5, 5), (1, 3), (500, 1000)])
def test_wilson_as_scipy(successes, n):
    expected = stats.binomtest(successes, n).proportion_ci(method="wilson")
    interval = wilson_interval(successes, n)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_impossible_counts(successes, n):
    with pytest.raises(InputError, match="0 to n successes"):
        wilson_interval(successes, n)


@pytest.mark.parametrize(("far", "wider"), [(200, 1.05), (3, 1.2), (1, 2.0)])
def test_an_error_that_few_rows_carry_is_known_less_well(far, wider):
    missed = np.ones(400)
    missed[:far] = 30.0
    rmse = METRICS["rmse"]
    seen = bootstrap_interval(rmse, missed, np.zeros(400))
    units, weighed = Units.of(None, 400), rmse.prepare(missed, np.zeros(400))
    error = units.standard_error([weighed(weight) for weight in units.draw(1000, seed=0)])
    reach = np.log(seen.high / seen.value) * seen.value / error
    assert reach == pytest.approx(1.96 * wider, rel=0.1)


def test_several_are_compared_with_the_same_ones_that_are_scored_once():
    asked = []

    def far(truth, prediction):
        asked.append(prediction[0])
        return -float(abs(truth - prediction).mean())

    metric = metric_of(far, Task(kind="regression"))
    truth = np.arange(60.0)
    worse, better = truth + 4, truth + np.linspace(0, 1, 60)
    beside = Beside(metric, truth, [worse], resamples=20, seed=3)
    found = [beside.gains(each)[0] for each in (better, truth + 2)]
    assert len(asked) == 3 * 21
    assert found[0] == paired_difference(metric, truth, better, worse, resamples=20, seed=3)
    assert found[1].value == pytest.approx(2.0)
