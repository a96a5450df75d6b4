"""Metrics are found by name, suit their tasks and know which way is better."""

import numpy as np
import polars as pl
import pytest

from modelwright.errors import BriefError
from modelwright.tasks.intervals import bootstrap_interval
from modelwright.tasks.metrics import METRICS, default_metric, metric_named, words_for
from modelwright.tasks.task import Task

TASKS = {
    "binary": Task(kind="binary", classes=("no", "yes")),
    "multiclass": Task(kind="multiclass", classes=("a", "b", "c")),
    "regression": Task(kind="regression"),
}


def _prediction(metric, k):
    random = np.random.default_rng(0)
    if metric.takes == "probabilities":
        return random.dirichlet(np.ones(k), 60)
    return random.integers(0, k, 60) if metric.takes == "classes" else random.random(60)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
class TestEveryMetric:
    """The contract of a metric."""

    def test_scores_each_task_it_suits_within_its_range(self, metric):
        for kind in metric.suits:
            k = max(2, len(TASKS[kind].classes))
            truth = np.random.default_rng(1).integers(0, k, 60)
            score = metric.score(truth, _prediction(metric, k))
            assert metric.range[0] <= score <= metric.range[1]

    def test_a_perfect_prediction_is_the_best(self, metric):
        truth = np.arange(60) % 2
        exact = np.eye(2)[truth] if metric.takes == "probabilities" else truth
        best = metric.range[1] if metric.direction == "maximize" else metric.range[0]
        assert metric.score(truth, exact) == pytest.approx(best)
        assert metric.gain(best, metric.score(truth, _prediction(metric, 2))) > 0

    def test_one_class_gives_a_number_or_nan_without_a_warning(self, metric):
        score = metric.score(np.zeros(60, dtype=int), _prediction(metric, 2))
        assert np.isnan(score) or metric.range[0] <= score <= metric.range[1]

    def test_weights_count_rows(self, metric):
        truth, prediction = np.arange(60) % 2, _prediction(metric, 2)
        twice = metric.score(np.tile(truth, 2), np.concatenate([prediction, prediction]))
        assert metric.score(truth, prediction, np.full(60, 2.0)) == pytest.approx(twice)

    def test_is_found_by_its_name_and_titled(self, metric):
        assert metric_named(metric.name, TASKS[metric.suits[0]]) is metric
        assert metric.title


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("AUC", "binary", "roc_auc"),
        ("auc", "multiclass", "roc_auc_ovr"),
        ("logloss", "multiclass", "log_loss"),
        ("neg_log_loss", "binary", "log_loss"),
        ("Balanced Accuracy", "binary", "balanced_accuracy"),
        ("f1-macro", "multiclass", "macro_f1"),
        ("neg_root_mean_squared_error", "regression", "rmse"),
        ("neg-mean-poisson-deviance", "regression", "poisson_deviance"),
        ("Pinball", "regression", "quantile"),
        ("quantile:0.5", "regression", "quantile"),
        ("pinball:0.90", "regression", "quantile:0.9"),
    ],
)
def test_aliases(name, kind, found):
    assert metric_named(name, TASKS[kind]).name == found


def test_an_unknown_metric_offers_the_nearest():
    with pytest.raises(BriefError, match="Did you mean 'accuracy'"):
        metric_named("acuracy", TASKS["binary"])


@pytest.mark.parametrize("name", ["quantile:1", "quantile:0", "quantile:", "quantile:median"])
def test_a_quantile_lies_between_0_and_1(name):
    with pytest.raises(BriefError, match="expected a number between 0 and 1"):
        metric_named(name, TASKS["regression"])
    assert words_for(name) is None


def test_a_quantile_has_its_level():
    metric = metric_named("quantile:0.9", TASKS["regression"])
    assert metric.level == 0.9
    assert metric.score(np.array([10.0]), np.array([9.0])) == pytest.approx(0.9)
    assert metric_named(metric.name, TASKS["regression"]).name == metric.name
    assert words_for(metric.name) == (metric.title, "minimize")
    with pytest.raises(BriefError, match="not binary"):
        metric_named("quantile:0.9", TASKS["binary"])


def test_a_function_without_its_file_is_told_how_it_is_written():
    with pytest.raises(BriefError, match=r"'costs:cost'.*'file.py:function'"):
        metric_named("costs:cost", TASKS["binary"])


@pytest.mark.parametrize("name", METRICS)
def test_words_are_those_of_the_metric(name):
    assert words_for(name) == (METRICS[name].title, METRICS[name].direction)


def test_a_metric_of_another_task_offers_those_that_suit():
    with pytest.raises(BriefError, match=r"not regression.*rmse"):
        metric_named("roc_auc", TASKS["regression"])
    with pytest.raises(BriefError, match=r"not multiclass.*macro_f1"):
        metric_named("f1", TASKS["multiclass"])


def test_better():
    accuracy, rmse = METRICS["accuracy"], METRICS["rmse"]
    assert accuracy.better(0.9, 0.8)
    assert rmse.better(0.8, 0.9)
    assert not rmse.better(0.8, 0.8)
    assert accuracy.better(0.1, float("nan"))
    assert not accuracy.better(float("nan"), 0.1)


@pytest.mark.parametrize(
    ("kind", "values", "name"),
    [
        ("binary", ["no"] * 70 + ["yes"] * 30 + [None] * 900, "roc_auc"),
        ("binary", ["no"] * 980 + ["yes"] * 20, "average_precision"),
        ("multiclass", ["a", "b", "c"], "log_loss"),
        ("regression", [1.0, 2.0], "rmse"),
    ],
)
def test_default_metric(kind, values, name):
    metric, reason = default_metric(TASKS[kind], pl.Series(values))
    assert metric.name == name
    assert reason.endswith(".")


@pytest.mark.parametrize("name", METRICS)
def test_a_score_is_a_plain_number(name):
    metric = METRICS[name]
    truth = np.arange(40) % 2
    prediction = {
        "probabilities": np.stack([1 - truth * 0.6, truth * 0.6], axis=1),
        "classes": 1 - truth,
        "values": truth + 0.5,
    }[metric.takes]
    interval = bootstrap_interval(metric, truth, prediction, resamples=200)
    assert type(metric.score(truth, prediction)) is float
    assert {type(end) for end in (interval.value, interval.low, interval.high)} == {float}
