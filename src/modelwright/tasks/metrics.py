"""The metrics by name, and which one suits a task."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import polars as pl
from numpy.typing import NDArray

from modelwright._plugins import registered
from modelwright.errors import BriefError, nearest
from modelwright.tasks import confusion, scores
from modelwright.tasks.function_name import Direction, FunctionName, read_function
from modelwright.tasks.metric import Metric as Metric
from modelwright.tasks.own_metric import OwnMetric
from modelwright.tasks.scores import Weighed
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task, TaskKind

Array = NDArray[Any]

RARE = 0.03
"""Below this share of positives average precision says more than the area under the ROC curve."""


def metric_named(name: str, task: Task, *, folder: Path | None = None) -> Metric:
    """Return the metric that a person names, if it suits the task.

    Parameters
    ----------
    name
        A name or a usual alias, such as ``"auc"`` or scikit-learn's ``"neg_log_loss"``; for
        more than two classes ``"roc_auc"`` means one class against the rest. ``"quantile:0.9"``
        asks for that quantile. ``"file.py:function"`` or ``"minimize file.py:function"`` is a
        function of the person's own (`OwnMetric`).
    task
        The task to score.
    folder
        Where the path of that file begins: its code is run. None refuses to run any, as for what
        a bundle names.

    Raises
    ------
    BriefError
        The name is unknown, the metric cannot score such a task, or the person's function cannot
        be used.

    Examples
    --------
    >>> metric_named("AUC", Task(kind="binary", classes=("no", "yes"))).title
    'area under the ROC curve'
    >>> metric_named("quantile:0.9", Task(kind="regression")).level
    0.9
    >>> metric_named("rsme", Task(kind="regression"))
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: There is no metric 'rsme'. Did you mean 'rmse'?
    """
    function = FunctionName.parse(name)
    if function is not None:
        return _in_file(function, task, folder).metric()
    plain, metric = _known(name, task)
    if metric is None:
        suitable = [known.name for known in METRICS.values() if task.kind in known.suits]
        own = "A function of your own is written 'file.py:function'."
        remedy = own if {":", "."} & set(name) else nearest(plain, [*suitable, *METRICS])
        raise BriefError(f"There is no metric {name!r}.", remedy, key="metric")
    if task.kind not in metric.suits:
        suitable = [known.name for known in METRICS.values() if task.kind in known.suits]
        raise BriefError(
            f"The metric {name!r} scores {' and '.join(metric.suits)} tasks, not {task.kind}.",
            f"Choose one of {', '.join(suitable)}{_or_classes(metric, task)}.",
        )
    return metric


def _or_classes(metric: Metric, task: Task) -> str:
    """Return what to do where a few whole numbers were taken for amounts."""
    if task.is_classification:
        return ""
    return f"; where its numbers are classes, say so: task = {metric.suits[-1]!r}"


def metric_of(function: Callable[..., Any], task: Task) -> Metric:
    """Return the metric that a person's function is.

    Parameters
    ----------
    function
        From truth and prediction to a number; see `OwnMetric`.
    task
        The task to score.

    Raises
    ------
    BriefError
        The function cannot be called so, or its attributes contradict the task.

    Examples
    --------
    >>> import numpy as np
    >>> def largest_error(truth, prediction):
    ...     return abs(truth - prediction).max()
    >>> largest_error.direction = "minimize"
    >>> metric = metric_of(largest_error, Task(kind="regression"))
    >>> metric.title, metric.score(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    ('largest error', 2.0)
    """
    return OwnMetric.of(function, task).metric()


def words_for(name: str) -> tuple[str, Direction] | None:
    """Return title and direction of a metric as a document names it; nothing is run.

    None for one of another package.

    Examples
    --------
    >>> words_for("minimize costs.py:cost_per_order")
    ('cost per order', 'minimize')
    >>> words_for("rmse"), words_for("of another package")
    (('root mean squared error', 'minimize'), None)
    """
    function = FunctionName.parse(name)
    if function is not None:
        return function.title, function.direction or "maximize"
    try:
        metric = _quantile(name) if name.startswith("quantile:") else METRICS.get(name)
    except BriefError:
        return None
    return None if metric is None else (metric.title, metric.direction)


def default_metric(task: Task, target: pl.Series) -> tuple[Metric, str]:
    """Return the metric for a task whose brief names none, and the reason as a sentence.

    Parameters
    ----------
    task
        The task to score.
    target
        The target column; of a binary task its share of positives decides.

    Examples
    --------
    >>> task = Task(kind="regression")
    >>> default_metric(task, pl.Series([1.0, 2.0]))[1]
    'Large errors of a number usually cost more than small ones: root mean squared error.'
    """
    if task.kind == "regression":
        return METRICS["rmse"], (
            "Large errors of a number usually cost more than small ones: root mean squared error."
        )
    if task.kind == "multiclass":
        return METRICS["log_loss"], (
            f"With {len(task.classes)} classes the whole distribution counts: log-loss."
        )
    codes = encode_target(target, task)
    share = float((codes == 1).sum() / max((codes >= 0).sum(), 1))
    if share < RARE:
        return METRICS["average_precision"], (
            f"Only {share:.2%} of the rows are {task.positive!r}: average precision looks at the"
            " rare class, where the ROC curve looks good too easily."
        )
    return METRICS["roc_auc"], (
        f"{share:.1%} of the rows are {task.positive!r}: the area under the ROC curve judges the"
        " ranking without a threshold."
    )


def _known(name: str, task: Task) -> tuple[str, Metric | None]:
    """Return a name as metrics are called, and the metric if there is one."""
    plain = name.strip().casefold().replace("-", "_").replace(" ", "_").removeprefix("neg_")
    stem, colon, level = plain.partition(":")
    plain = _ALIASES.get(stem, stem) + colon + level
    if plain == "roc_auc" and task.kind == "multiclass":
        plain = "roc_auc_ovr"
    if plain.startswith("quantile:"):
        return plain, _quantile(plain)
    return plain, METRICS.get(plain) or cast("Metric | None", registered("metrics").get(plain))


def _quantile(name: str) -> Metric:
    said = name.partition(":")[2]
    try:
        level = float(said)
    except ValueError:
        level = float("nan")
    if not 0 < level < 1:
        raise BriefError(
            f"The metric {name!r} asks for the quantile {said!r}, expected a number between 0 and "
            "1.",
            "Write for example 'quantile:0.9'.",
        )
    return _error(
        name="quantile" if level == 0.5 else f"quantile:{level:.12g}",
        title=f"pinball loss of the {level:.12g} quantile",
        prepare=partial(scores.pinball, level=level),
        level=level,
    )


def _in_file(name: FunctionName, task: Task, folder: Path | None) -> OwnMetric:
    if folder is None or not name.in_file:
        raise BriefError(
            f"The metric '{name}' is a function of a person's own, which is run only where the "
            "brief names its file."
        )
    return OwnMetric(read_function(name, folder), name, task)


def _weighed_confusion(
    of_confusion: Callable[[Array], Array], truth: Array, predicted: Array
) -> Weighed:
    return lambda weight: float(of_confusion(confusion.matrix(truth, predicted, weight)))


def _of_classes(
    of_confusion: Callable[[Array], Array],
    title: str,
    *,
    lowest: float = 0.0,
    suits: tuple[TaskKind, ...] = ("binary", "multiclass"),
    per_class: bool = True,
) -> Metric:
    return Metric(
        name=of_confusion.__name__,
        title=title,
        direction="maximize",
        takes="classes",
        range=(lowest, 1.0),
        suits=suits,
        prepare=partial(_weighed_confusion, of_confusion),
        per_class=per_class,
        of_confusion=of_confusion,
    )


_INFINITE = float("inf")
_ranking = partial(
    Metric, direction="maximize", takes="probabilities", range=(0.0, 1.0), per_class=True
)
_distance = partial(
    Metric, direction="minimize", takes="probabilities", suits=("binary", "multiclass")
)
_error = partial(
    Metric, direction="minimize", takes="values", range=(0.0, _INFINITE), suits=("regression",)
)

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        _ranking(
            name="roc_auc",
            title="area under the ROC curve",
            suits=("binary",),
            prepare=scores.roc_auc,
        ),
        _ranking(
            name="roc_auc_ovr",
            title="mean area under the ROC curves, each class against the rest",
            suits=("binary", "multiclass"),
            prepare=scores.roc_auc_ovr,
        ),
        _ranking(
            name="average_precision",
            title="average precision",
            suits=("binary",),
            prepare=scores.average_precision,
        ),
        _distance(
            name="log_loss",
            title="log-loss",
            range=(0.0, _INFINITE),
            prepare=scores.log_loss,
        ),
        _distance(
            name="brier",
            title="Brier score (squared error of the probabilities)",
            range=(0.0, 2.0),
            prepare=scores.brier,
        ),
        _of_classes(confusion.accuracy, "accuracy (share of right answers)", per_class=False),
        _of_classes(confusion.balanced_accuracy, "balanced accuracy (mean recall)"),
        _of_classes(confusion.f1, "F1 of the positive class", suits=("binary",)),
        _of_classes(confusion.macro_f1, "mean F1 of the classes"),
        _of_classes(confusion.mcc, "Matthews correlation", lowest=-1.0),
        _of_classes(confusion.quadratic_kappa, "quadratic weighted kappa", lowest=-1.0),
        _error(name="rmse", title="root mean squared error", prepare=scores.rmse),
        _error(name="mae", title="mean absolute error", prepare=scores.mae),
        _error(
            name="median_absolute_error",
            title="median absolute error",
            prepare=scores.median_absolute_error,
        ),
        _error(
            name="rmsle",
            title="root mean squared error of the logarithms",
            prepare=scores.rmsle,
        ),
        _error(
            name="mape",
            title="mean absolute error as a fraction of the truth",
            prepare=scores.mape,
        ),
        _error(
            name="quantile",
            title="pinball loss of the 0.5 quantile",
            prepare=scores.pinball,
            level=0.5,
        ),
        _error(
            name="poisson_deviance",
            title="mean Poisson deviance",
            prepare=scores.poisson_deviance,
        ),
        Metric(
            name="r2",
            title="R² (share of the variance explained)",
            direction="maximize",
            takes="values",
            range=(-_INFINITE, 1.0),
            suits=("regression",),
            prepare=scores.r2,
        ),
    )
}
"""Every metric by name; other packages add theirs under the entry point ``modelwright.metrics``."""

_ALIASES = {
    "auc": "roc_auc",
    "roc": "roc_auc",
    "auroc": "roc_auc",
    "ap": "average_precision",
    "pr_auc": "average_precision",
    "auprc": "average_precision",
    "logloss": "log_loss",
    "cross_entropy": "log_loss",
    "acc": "accuracy",
    "f1_macro": "macro_f1",
    "f1_score": "f1",
    "matthews_corrcoef": "mcc",
    "brier_score": "brier",
    "brier_score_loss": "brier",
    "qwk": "quadratic_kappa",
    "root_mean_squared_error": "rmse",
    "root_mean_squared_log_error": "rmsle",
    "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "pinball": "quantile",
    "pinball_loss": "quantile",
    "mean_pinball_loss": "quantile",
    "mean_poisson_deviance": "poisson_deviance",
    "r_squared": "r2",
}
