import numpy as np
import pytest

from build_examples import TASKS
from modelwright.build.certainty.decision import choose_decision
from modelwright.tasks.costs import Costs
from modelwright.tasks.metrics import METRICS

BINARY = TASKS["binary"]


def calibrated(count=20_000, seed=0):
    draw = np.random.default_rng(seed)
    likely = draw.random(count)
    truth = (draw.random(count) < likely).astype(np.int64)
    return truth, np.stack([1 - likely, likely], axis=1)


@pytest.mark.parametrize("miss", [1.0, 4.0, 9.0])
def test_costs_rule_the_threshold_of_calibrated_answers(miss):
    costs = Costs(false_negative=miss)
    decision = choose_decision(BINARY, METRICS["roc_auc"], *calibrated(), costs=costs)
    assert decision.threshold == pytest.approx(costs.break_even, abs=0.05)
    assert "cost" in decision.reason


def test_without_costs_a_metric_of_classes_rules():
    decision = choose_decision(BINARY, METRICS["accuracy"], *calibrated(), costs=None)
    assert decision.threshold == pytest.approx(0.5, abs=0.05)
    assert "accuracy" in decision.reason


def test_without_costs_a_metric_of_probabilities_leaves_it_to_f1():
    decision = choose_decision(BINARY, METRICS["roc_auc"], *calibrated(), costs=None)
    # (1 - t²) / (1.5 - t), the F1 score of uniform probabilities, is greatest at (3 - √5) / 2.
    assert decision.threshold == pytest.approx(0.382, abs=0.05)
    assert "F1" in decision.reason


def test_rows_of_one_class_still_have_a_threshold():
    truth, answers = calibrated(50)
    for only in (np.zeros_like(truth), np.ones_like(truth)):
        decision = choose_decision(BINARY, METRICS["roc_auc"], only, answers, costs=None)
        assert np.isfinite(decision.threshold)


@pytest.mark.parametrize(
    ("kind", "metric"),
    [("multiclass", "log_loss"), ("multiclass", "macro_f1"), ("regression", "rmse")],
)
def test_other_tasks_have_no_threshold_and_few_rows_no_weights(kind, metric):
    answers = np.zeros((4, TASKS[kind].n_outputs))
    truth = np.zeros(4, dtype=np.int64)
    decision = choose_decision(TASKS[kind], METRICS[metric], truth, answers, costs=None)
    assert decision.threshold is None
    assert decision.weights == ()
    assert decision.reason
