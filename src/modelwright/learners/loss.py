"""What a learner is asked to keep small."""

from dataclasses import dataclass
from typing import Literal

from modelwright.tasks.metric import Metric

LossKind = Literal["proper", "squared", "absolute", "quantile", "poisson"]


@dataclass(frozen=True)
class Loss:
    """The loss of an answer, by what the person's metric rewards.

    Parameters
    ----------
    kind
        ``"proper"`` for classes: log-loss. For numbers ``"squared"`` asks for the mean,
        ``"absolute"`` for the median, ``"quantile"`` for a quantile and ``"poisson"`` for the mean
        of a number that is never negative and varies the more the larger it is.
    level
        Of the quantile, between 0 and 1.

    A learner that has no such loss learns the mean; the folds show what that costs.
    """

    kind: LossKind = "squared"
    level: float = 0.5


SQUARED = Loss()

_ABSOLUTE = ("mae", "median_absolute_error", "mape")


def loss_for(metric: Metric) -> Loss:
    """Return the loss that a metric rewards.

    Examples
    --------
    >>> from modelwright.tasks.metrics import METRICS, metric_named
    >>> from modelwright.tasks.task import Task
    >>> [loss_for(METRICS[name]).kind for name in ("log_loss", "rmse", "mae", "poisson_deviance")]
    ['proper', 'squared', 'absolute', 'poisson']
    >>> loss_for(metric_named("quantile:0.9", Task(kind="regression")))
    Loss(kind='quantile', level=0.9)
    """
    if metric.takes != "values":
        return Loss("proper")
    if metric.level is not None:
        return Loss("quantile", metric.level)
    if metric.name == "poisson_deviance":
        return Loss("poisson")
    return Loss("absolute") if metric.name in _ABSOLUTE else SQUARED
