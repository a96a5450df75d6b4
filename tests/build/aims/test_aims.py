"""Aims are offered where they may help, and only there."""

import numpy as np
import pytest

from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aims import aims_for
from modelwright.data.schema import Schema
from modelwright.learners.base import Rows
from modelwright.learners.loss import Loss
from modelwright.tasks.metrics import METRICS, metric_named, metric_of
from modelwright.tasks.task import Task

NUMBER = Task(kind="regression")
DRAW = np.random.default_rng(0)
TARGETS = {
    "normal": DRAW.normal(size=500),
    "prices": np.exp(DRAW.normal(5.0, size=500)),
    "counts": DRAW.poisson(3.0, size=500).astype(float),
    "rates": np.exp(DRAW.normal(-9.0, size=500)),
    "profits": np.exp(DRAW.normal(5.0, size=500)) - 90.0,
    "zeros": np.zeros(10),
    "one": np.ones(1),
}


def offered(metric, target):
    rows = Rows(Schema(columns=()), {}, TARGETS[target], NUMBER)
    return [aim.name for aim in aims_for(metric_named(metric, NUMBER), rows)]


@pytest.mark.parametrize(
    ("metric", "target", "names"),
    [
        ("rmse", "normal", [""]),
        ("rmse", "prices", ["poisson", "log", ""]),
        ("rmse", "counts", ["", "poisson"]),
        ("rmse", "profits", [""]),
        ("r2", "prices", ["poisson", "log", ""]),
        ("poisson_deviance", "prices", ["poisson", "log", ""]),
        ("mae", "normal", ["absolute", ""]),
        ("mae", "prices", ["log", "absolute-log", "poisson", "absolute"]),
        ("median_absolute_error", "prices", ["absolute-log", "absolute"]),
        ("median_absolute_error", "normal", ["absolute"]),
        ("mape", "prices", ["log-small", "log"]),
        ("mape", "normal", ["absolute", "absolute-small"]),
        ("rmsle", "counts", ["log"]),
        ("rmsle", "prices", ["log"]),
        ("quantile:0.9", "prices", ["quantile0.9-log", "quantile0.9"]),
        ("quantile", "normal", ["quantile0.5"]),
    ],
)
def test_what_is_offered(metric, target, names):
    assert offered(metric, target) == names


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", [name for name in METRICS if "regression" in METRICS[name].suits])
def test_every_target_has_an_aim_for_every_metric(name, target):
    assert 1 <= len(offered(name, target)) <= 4


def test_small_targets_have_a_small_unit():
    rows = Rows(Schema(columns=()), {}, TARGETS["rates"], NUMBER)
    aims = aims_for(METRICS["mae"], rows)
    assert aims[0].unit == pytest.approx(1e-5)
    # The metric itself says the unit of its logarithm.
    assert aims_for(METRICS["rmsle"], rows) == (Aim(scale="log1p", center="median"),)


def test_a_metric_that_rewards_the_mean_is_smeared():
    rows = Rows(Schema(columns=()), {}, TARGETS["prices"], NUMBER)
    centers = {
        name: next(aim.center for aim in aims_for(METRICS[name], rows) if aim.scale == "log1p")
        for name in ("rmse", "mae", "mape", "rmsle")
    }
    assert centers == {"rmse": "mean", "mae": "median", "mape": "relative", "rmsle": "median"}
    assert all(aim.above_zero for aim in aims_for(METRICS["poisson_deviance"], rows))


def test_the_persons_own_function_may_want_anything():
    rows = Rows(Schema(columns=()), {}, TARGETS["prices"], NUMBER)
    metric = metric_of(lambda truth, prediction: 1.0, NUMBER)
    assert [aim.name for aim in aims_for(metric, rows)] == ["", "absolute", "log", "poisson"]


def test_classes_have_one_aim():
    task = Task(kind="binary", classes=("no", "yes"))
    rows = Rows(Schema(columns=()), {}, np.array([0, 1]), task)
    assert aims_for(METRICS["roc_auc"], rows) == (Aim(Loss("proper")),)
