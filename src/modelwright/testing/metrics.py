"""The contract of metrics."""

import warnings
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from modelwright.tasks import confusion
from modelwright.tasks.function_name import Direction
from modelwright.tasks.metric import Metric, Takes
from modelwright.tasks.task import TaskKind

Array = NDArray[Any]

_ROWS = 60
_CLASSES = {"binary": 2, "multiclass": 3}


def check_metric(metric: Metric) -> None:
    """Check that a metric keeps its contract on made-up rows of each kind of task that it suits.

    Its score must lie in its range, be the same each time and in any order of the rows, weigh a row
    of weight 2 as two rows and one of weight 0 as none, be best where the prediction is the truth,
    and be a number or NaN where there is one class or number only. It must warn of nothing, leave
    its arguments alone, and say the same of a confusion matrix.

    Parameters
    ----------
    metric
        The metric to check.

    Raises
    ------
    AssertionError
        With what is broken.

    Examples
    --------
    >>> from modelwright.tasks.metrics import METRICS
    >>> check_metric(METRICS["rmse"])
    """
    for part in ("name", "title", "suits"):
        _require(getattr(metric, part), metric, f"has no {part}")
    _require(metric.direction in get_args(Direction), metric, f"strives to {metric.direction!r}")
    _require(metric.takes in get_args(Takes), metric, f"takes {metric.takes!r}")
    _require(metric.range[0] < metric.range[1], metric, f"has the range {metric.range}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            for kind in metric.suits:
                _check_kind(metric, kind)
        except Warning as warning:
            raise AssertionError(f"The metric {metric.name!r} warns: {warning}.") from warning


def _check_kind(metric: Metric, kind: TaskKind) -> None:
    suited = (kind == "regression") == (metric.takes == "values")
    _require(suited, metric, f"takes {metric.takes} and suits {kind}")
    truth, guess, exact = _example(metric.takes, kind)
    kept = truth.copy(), guess.copy()
    score = metric.score(truth, guess)
    _require(_is_inside(score, metric), metric, f"scores {score}, outside its range")
    _require(metric.score(truth, guess) == score, metric, "scores otherwise the second time")
    _require(
        np.array_equal(truth, kept[0]) and np.array_equal(guess, kept[1]),
        metric,
        "changes what it judges",
    )
    turned = metric.score(truth[::-1], guess[::-1])
    _require(np.isclose(turned, score), metric, "depends on the order of the rows")
    best = metric.score(truth, exact)
    _require(_is_inside(best, metric), metric, f"scores the truth itself {best}, outside its range")
    _require(metric.better(best, score), metric, f"scores the truth itself {best}, a guess {score}")
    _check_weights(metric, truth, guess)
    alone = metric.score(np.full_like(truth, truth[0]), guess)
    _require(np.isnan(alone) or _is_inside(alone, metric), metric, f"scores one class {alone}")
    if metric.of_confusion is not None:
        matrices = np.stack([confusion.matrix(truth, guess, np.ones(_ROWS))] * 2)
        same = np.allclose(metric.of_confusion(matrices), [score, score])
        _require(same, metric, "scores confusion matrices otherwise")


def _check_weights(metric: Metric, truth: Array, guess: Array) -> None:
    times = np.arange(_ROWS) % 3
    weighed = metric.score(truth, guess, times.astype(np.float64))
    repeated = metric.score(np.repeat(truth, times), np.repeat(guess, times, axis=0))
    _require(np.isclose(weighed, repeated), metric, "weighs a row of weight 2 not as two rows")


def _example(takes: Takes, kind: TaskKind) -> tuple[Array, Array, Array]:
    """Return a truth, a guess and the prediction that is right."""
    draw = np.random.default_rng(0)
    if takes == "values":
        truth = draw.gamma(2.0, size=_ROWS)
        return truth, truth * draw.uniform(0.5, 2.0, size=_ROWS), truth
    count = _CLASSES[kind]
    classes = draw.integers(0, count, _ROWS)
    if takes == "classes":
        return classes, draw.integers(0, count, _ROWS), classes
    return classes, draw.dirichlet(np.ones(count), _ROWS), np.eye(count)[classes]


def _is_inside(score: float, metric: Metric) -> bool:
    return metric.range[0] <= score <= metric.range[1]


def _require(condition: object, metric: Metric, fault: str) -> None:
    if not condition:
        raise AssertionError(f"The metric {metric.name!r} {fault}.")
