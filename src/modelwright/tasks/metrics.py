"""Metrics: what a score is, which direction is better, and which metric suits a task."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright._plugins import registered
from modelwright.errors import BriefError, nearest
from modelwright.tasks import confusion, scores
from modelwright.tasks.scores import Weighed
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task, TaskKind

Array = NDArray[Any]

RARE = 0.03
"""Below this share of positives average precision says more than the area under the ROC curve."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A figure of merit with its direction.

    Parameters
    ----------
    name
        As the brief writes it.
    title
        For people, as in "the area under the ROC curve".
    direction
        Whether more is better (``"maximize"``) or less.
    takes
        What it judges: class ``"probabilities"`` (n, k), class indices ``"classes"`` (n,), or
        ``"values"`` (n,).
    range
        The lowest and highest score there is.
    suits
        The kinds of task that it can score.
    prepare
        From truth and prediction to a function from weights, (n,), to the score: the costly part
        is done once, and a bootstrap weighs it a thousand times.
    per_class
        Whether classes weigh alike however rare, so that the rarer of two says how sure it is.
    of_confusion
        For a metric of classes, the score of confusion matrices (..., k, k).

    Examples
    --------
    >>> METRICS["accuracy"].score(np.array([0, 1, 1]), np.array([0, 1, 0]))
    0.6666666666666666
    >>> METRICS["rmse"].gain(3.0, 4.0)
    1.0
    """

    name: str
    title: str
    direction: Literal["maximize", "minimize"]
    takes: Literal["probabilities", "classes", "values"]
    range: tuple[float, float]
    suits: tuple[TaskKind, ...]
    prepare: Callable[[Array, Array], Weighed]
    per_class: bool = False
    of_confusion: Callable[[Array], Array] | None = None

    def score(self, truth: Array, prediction: Array, weight: Array | None = None) -> float:
        """Return the score, NaN where it is not defined.

        Parameters
        ----------
        truth
            (n,) class indices or numbers, none missing.
        prediction
            What the metric takes: (n, k) probabilities, (n,) class indices or (n,) values.
        weight
            (n,) weights of the rows; None for equal ones.
        """
        weight = np.ones(len(truth)) if weight is None else np.asarray(weight, dtype=np.float64)
        return float(self.prepare(truth, prediction)(weight))

    def better(self, a: float, b: float) -> bool:
        """Return whether score ``a`` is better than ``b``; any score is better than NaN."""
        return self.gain(a, b) > 0 or (b != b and a == a)

    def gain(self, new: float, old: float) -> float:
        """Return by how much ``new`` is better than ``old``; negative when it is worse."""
        return new - old if self.direction == "maximize" else old - new


def metric_named(name: str, task: Task) -> Metric:
    """Return the metric that a person names, if it suits the task.

    Parameters
    ----------
    name
        A name or a usual alias, such as ``"auc"`` or scikit-learn's ``"neg_log_loss"``. For
        more than two classes ``"roc_auc"`` means one class against the rest.
    task
        The task to score.

    Raises
    ------
    BriefError
        The name is unknown, or the metric cannot score such a task.

    Examples
    --------
    >>> metric_named("AUC", Task(kind="binary", classes=("no", "yes"))).title
    'area under the ROC curve'
    >>> metric_named("rsme", Task(kind="regression"))
    Traceback (most recent call last):
    ...
    modelwright.errors.BriefError: There is no metric 'rsme'. Did you mean 'rmse'?
    """
    plain = name.strip().casefold().replace("-", "_").replace(" ", "_").removeprefix("neg_")
    plain = _ALIASES.get(plain, plain)
    if plain == "roc_auc" and task.kind == "multiclass":
        plain = "roc_auc_ovr"
    metric = METRICS.get(plain) or cast("Metric | None", registered("metrics").get(plain))
    if metric is None:
        suitable = [known.name for known in METRICS.values() if task.kind in known.suits]
        raise BriefError(f"There is no metric {name!r}.", nearest(plain, [*suitable, *METRICS]))
    if task.kind not in metric.suits:
        suitable = [known.name for known in METRICS.values() if task.kind in known.suits]
        raise BriefError(
            f"The metric {name!r} scores {' and '.join(metric.suits)} tasks, not {task.kind}.",
            f"Choose one of {', '.join(suitable)}.",
        )
    return metric


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
    "r_squared": "r2",
}
