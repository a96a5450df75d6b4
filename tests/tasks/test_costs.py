"""The threshold costs least, exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.errors import BriefError, InputError
from modelwright.tasks.costs import Costs, best_threshold, threshold_for
from modelwright.tasks.metrics import METRICS, metric_of
from modelwright.tasks.task import Task

ROWS = st.lists(
    st.tuples(st.booleans(), st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0]))),
    min_size=1,
    max_size=30,
)


def _paid(truth, predicted, costs):
    return costs.matrix[truth, predicted.astype(int)].mean()


def _arrays(rows):
    return np.array([row[0] for row in rows], dtype=int), np.array([row[1] for row in rows])


@settings(deadline=None)
@given(ROWS, st.integers(0, 9), st.integers(1, 9))
def test_no_threshold_costs_less(rows, false_positive, false_negative):
    truth, probability = _arrays(rows)
    costs = Costs(false_positive=false_positive, false_negative=false_negative)
    chosen = best_threshold(truth, probability, costs)
    for other in (0.0, *probability, 1.1):
        assert chosen.achieved <= _paid(truth, probability >= other, costs) + 1e-9
    assert chosen.achieved == pytest.approx(_paid(truth, probability >= chosen.value, costs))


@pytest.mark.parametrize("name", ["f1", "mcc", "balanced_accuracy", "accuracy", "macro_f1"])
@settings(deadline=None)
@given(ROWS)
def test_no_threshold_scores_more(name, rows):
    truth, probability = _arrays(rows)
    metric = METRICS[name]
    scores = [
        metric.score(truth, (probability >= other).astype(int))
        for other in (0.0, *probability, 1.1)
    ]
    if np.isnan(scores).all():
        with pytest.raises(InputError, match="undefined"):
            threshold_for(metric, truth, probability)
        return
    chosen = threshold_for(metric, truth, probability)
    achieved = metric.score(truth, (probability >= chosen.value).astype(int))
    assert achieved == pytest.approx(chosen.achieved)
    assert achieved >= np.nanmax(scores) - 1e-9


def test_the_threshold_lies_between_neighbours():
    chosen = best_threshold(np.array([0, 1]), np.array([0.2, 0.8]), Costs())
    assert chosen.value == pytest.approx(0.5)


def test_of_equal_thresholds_the_one_nearest_to_break_even():
    truth, probability = np.array([1, 0, 1, 0]), np.array([0.1, 0.3, 0.6, 0.9])
    eager = best_threshold(truth, probability, Costs(false_negative=1.0001))
    assert eager.value == pytest.approx(0.05)
    even = best_threshold(np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.6, 0.7]), Costs())
    assert even.value == pytest.approx(0.65)


def test_neighbouring_doubles_are_parted():
    low = 0.3
    high = float(np.nextafter(low, 1))
    chosen = best_threshold(np.array([0, 1]), np.array([low, high]), Costs())
    assert low < chosen.value <= high


def test_calibrated_probabilities_are_cut_at_break_even():
    random = np.random.default_rng(0)
    probability = random.random(100_000)
    truth = (random.random(100_000) < probability).astype(int)
    costs = Costs(false_positive=1.0, false_negative=4.0)
    assert best_threshold(truth, probability, costs).value == pytest.approx(0.2, abs=0.03)


def test_gains_are_negative_costs():
    costs = Costs(false_positive=2.0, false_negative=0.0, true_positive=-8.0)
    assert costs.break_even == pytest.approx(0.2)
    assert _paid(np.array([0, 1]), np.array([1, 1]), costs) == -3.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"false_positive": -1.0},
        {"true_positive": 2.0},
        {"false_positive": 0.0, "false_negative": 0.0},
        {"false_positive": float("nan")},
        {"false_negative": float("inf")},
    ],
)
def test_costs_that_make_no_sense_are_refused(wrong):
    with pytest.raises(BriefError):
        Costs(**wrong)


@pytest.mark.parametrize("direction", ["maximize", "minimize"])
def test_the_threshold_of_a_persons_own_function(direction):
    random = np.random.default_rng(0)
    probability = random.random(2_000)
    truth = (random.random(2_000) < probability).astype(int)

    def own(truth, prediction):
        right = float(np.mean(truth == prediction))
        return right if direction == "maximize" else -right

    own.takes, own.direction = "classes", direction
    task = Task(kind="binary", classes=("no", "yes"))
    found = threshold_for(metric_of(own, task), truth, probability)
    exact = threshold_for(METRICS["accuracy"], truth, probability)
    assert abs(found.achieved) == pytest.approx(exact.achieved, abs=0.01)
    assert found.value == pytest.approx(exact.value, abs=0.1)


def test_no_rows_and_metrics_without_classes_are_refused():
    with pytest.raises(InputError, match="no rows"):
        best_threshold(np.array([], dtype=int), np.array([]), Costs())
    with pytest.raises(InputError, match="no best threshold"):
        threshold_for(METRICS["roc_auc"], np.array([0, 1]), np.array([0.1, 0.9]))
