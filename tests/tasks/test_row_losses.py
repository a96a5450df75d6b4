import numpy as np
import pytest

from modelwright.tasks.costs import Costs
from modelwright.tasks.metrics import METRICS, metric_named
from modelwright.tasks.row_losses import row_loss
from modelwright.tasks.task import Task

BINARY = Task(kind="binary", classes=("no", "yes"))
THREE = Task(kind="multiclass", classes=("a", "b", "c"))
NUMBER = Task(kind="regression")
TRUTH = np.array([0, 1])
ANSWERS = np.array([[0.9, 0.1], [0.6, 0.4]])
CHOSEN = np.array([0, 0])


@pytest.mark.parametrize(
    ("metric", "title", "losses"),
    [
        ("roc_auc", "Brier score", [0.01, 0.36]),
        ("log_loss", "log loss", [-np.log(0.9), -np.log(0.4)]),
        ("accuracy", "share of wrong answers", [0.0, 1.0]),
    ],
)
def test_losses_of_two_classes(metric, title, losses):
    found = row_loss(METRICS[metric], BINARY)
    assert found.title == title
    assert found.of(TRUTH, ANSWERS, CHOSEN) == pytest.approx(losses)


def test_costs_go_before_the_metric():
    costs = Costs(false_negative=5.0, true_positive=-1.0, unit="EUR")
    found = row_loss(METRICS["roc_auc"], BINARY, costs=costs)
    assert (found.title, found.span) == ("cost in EUR", 6.0)
    assert found.of(TRUTH, ANSWERS, CHOSEN).tolist() == [0.0, 5.0]


def test_losses_of_several_classes():
    answers = np.array([[0.2, 0.5, 0.3]])
    found = row_loss(metric_named("roc_auc", THREE), THREE)
    assert found.of(np.array([1]), answers, np.array([1])) == pytest.approx([0.04 + 0.25 + 0.09])


@pytest.mark.parametrize(
    ("metric", "loss"), [("rmse", 4.0), ("r2", 4.0), ("mae", 2.0), ("quantile:0.9", 0.2)]
)
def test_losses_of_numbers(metric, loss):
    found = row_loss(metric_named(metric, NUMBER), NUMBER)
    assert found.of(np.array([3.0]), np.array([[5.0]]), np.array([0])) == pytest.approx([loss])
