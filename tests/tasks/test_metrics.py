"""Metrics are found by name, suit their tasks and know which way is better."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from modelwright.errors import BriefError
from modelwright.tasks.intervals import bootstrap_interval
from modelwright.tasks.metrics import METRICS, default_metric, metric_named, words_for
from modelwright.tasks.task import Task
from modelwright.testing import check_metric

TASKS = {
    "binary": Task(kind="binary", classes=("no", "yes")),
    "multiclass": Task(kind="multiclass", classes=("a", "b", "c")),
    "regression": Task(kind="regression"),
}


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_keeps_its_contract(name):
    metric = METRICS[name]
    check_metric(metric)
    assert metric_named(name, TASKS[metric.suits[0]]) is metric
    best = metric.range[1] if metric.direction == "maximize" else metric.range[0]
    truth = np.arange(60) % 2
    exact = np.eye(2)[truth] if metric.takes == "probabilities" else truth
    assert metric.score(truth, exact) == pytest.approx(best)


def _worst(truth, guess):
    return lambda weight: float(np.abs(truth - guess).max())


def _in_place(truth, guess):
    guess -= truth
    return lambda weight: float(np.average(np.abs(guess), weights=weight))


def _logarithm(truth, guess):
    logs = np.log(np.abs(truth - guess))
    return lambda weight: float(np.average(logs, weights=weight))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prepare": _worst}, "weighs a row of weight 2 not as two"),
        ({"prepare": _in_place}, "scores otherwise the second time"),
        ({"prepare": _logarithm, "range": (-np.inf, np.inf)}, "warns: divide by zero"),
        ({"direction": "maximize"}, "scores the truth itself 0.0, a guess"),
        ({"direction": "up"}, "strives to 'up'"),
        ({"range": (0.0, 0.01)}, "outside its range"),
        ({"suits": ("binary",)}, "takes values and suits binary"),
        ({"title": ""}, "has no title"),
    ],
)
def test_the_contract_sees_what_is_broken(changes, words):
    with pytest.raises(AssertionError, match=words):
        check_metric(replace(METRICS["mae"], **changes))


def test_the_contract_sees_another_score_of_confusion_matrices():
    with pytest.raises(AssertionError, match="confusion matrices otherwise"):
        check_metric(replace(METRICS["accuracy"], of_confusion=METRICS["mcc"].of_confusion))


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


@pytest.mark.parametrize("name", ["costs:cost", "costs.cost"])
def test_a_function_without_its_file_is_told_how_it_is_written(name):
    with pytest.raises(BriefError, match=rf"'{name}'.*'file.py:function'"):
        metric_named(name, TASKS["binary"])


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


def test_a_metric_of_classes_for_numbers_says_how_they_become_classes():
    with pytest.raises(BriefError, match="classes, say so: task = 'multiclass'"):
        metric_named("quadratic_kappa", Task(kind="regression"))
    with pytest.raises(BriefError) as refused:
        metric_named("rmse", Task(kind="binary", classes=("no", "yes")))
    assert "say so" not in str(refused.value)
