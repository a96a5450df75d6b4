"""Each metric of numbers has the loss that it rewards."""

import pytest

from modelwright.learners.loss import Loss, loss_for
from modelwright.tasks.metrics import METRICS, metric_named, metric_of
from modelwright.tasks.task import Task

NUMBER = Task(kind="regression")
KINDS = {
    "mae": "absolute",
    "median_absolute_error": "absolute",
    "mape": "absolute",
    "quantile": "quantile",
    "poisson_deviance": "poisson",
}


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_the_loss_of_a_metric(metric):
    usual = "squared" if metric.takes == "values" else "proper"
    assert loss_for(metric).kind == KINDS.get(metric.name, usual)


def test_a_quantile_has_its_level_and_an_own_function_the_mean():
    assert loss_for(metric_named("quantile:0.1", NUMBER)) == Loss("quantile", 0.1)
    assert loss_for(metric_of(lambda truth, prediction: 1.0, NUMBER)) == Loss()
