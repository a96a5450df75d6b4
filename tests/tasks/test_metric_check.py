"""A metric that a target rules out is refused before anything is learned."""

import numpy as np
import pytest

from modelwright.errors import BriefError, TargetError
from modelwright.tasks.metric_check import refuse_one_sided, refuse_undefined
from modelwright.tasks.metrics import METRICS, metric_of
from modelwright.tasks.task import Task

TASKS = {
    "binary": Task(kind="binary", classes=("no", "yes")),
    "multiclass": Task(kind="multiclass", classes=("a", "b", "c")),
    "regression": Task(kind="regression"),
}


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_every_metric_takes_a_usual_target(metric):
    for kind in metric.suits:
        task = TASKS[kind]
        truth = np.arange(30) % (len(task.classes) or 7)
        refuse_undefined(metric, truth.astype(float) if kind == "regression" else truth, task)


@pytest.mark.parametrize(
    ("name", "target", "message"),
    [
        ("rmsle", [-3.0, 2.0], "from 0 on, but the target goes down to -3"),
        ("poisson_deviance", [-3.0, 2.0], "from 0 on"),
        ("mape", [0.0, 0.0], "not defined on this target"),
        ("r2", [2.0, 2.0], "not defined on this target"),
    ],
)
def test_a_target_that_it_cannot_score_is_refused(name, target, message):
    with pytest.raises(BriefError, match=message):
        refuse_undefined(METRICS[name], np.array(target), TASKS["regression"])


def test_the_persons_own_function_is_tried():
    def broken(truth, prediction):
        raise KeyError("price")

    def undefined(truth, prediction):
        return float("nan")

    truth = np.arange(20.0)
    with pytest.raises(BriefError, match="raised KeyError: 'price'"):
        refuse_undefined(metric_of(broken, TASKS["regression"]), truth, TASKS["regression"])
    with pytest.raises(BriefError, match=r"undefined' is not defined.*on 20 of its rows"):
        refuse_undefined(metric_of(undefined, TASKS["regression"]), truth, TASKS["regression"])


def test_rare_classes_are_in_the_sample():
    truth = np.zeros(100_000, dtype=int)
    truth[77_777] = 1
    seen = []

    def look(truth, prediction):
        seen.append((len(truth), len(np.unique(truth)), len(np.unique(prediction))))
        return 1.0

    look.takes = "classes"
    refuse_undefined(metric_of(look, TASKS["binary"]), truth, TASKS["binary"])
    assert [classes for _, *classes in seen] == [[2, 2]]


def test_very_many_classes_are_not_sampled():
    task = Task(kind="multiclass", classes=tuple(range(10_000)))
    refuse_undefined(METRICS["log_loss"], np.arange(10_000), task)


def test_a_class_on_one_side_of_the_split_is_refused():
    truth, late = np.array([0] * 9 + [1]), np.arange(10) > 6
    with pytest.raises(TargetError, match="10 rows 1 is 'yes', and none of these judges"):
        refuse_one_sided(METRICS["average_precision"], truth, ~late, TASKS["binary"])
    with pytest.raises(TargetError, match="1 is 'yes', and none of these is learned from"):
        refuse_one_sided(METRICS["log_loss"], truth, late, TASKS["binary"])
    refuse_one_sided(METRICS["log_loss"], truth, ~late, TASKS["binary"])
    refuse_one_sided(METRICS["log_loss"], truth, ~late, TASKS["multiclass"])
