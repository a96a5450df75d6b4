"""Which aims are worth trying for a metric on a target.

The order is by what was measured with LightGBM on ten tables with skewed targets or counts: what
was best most often comes first. `build` tries them with one fast learner on the same folds and
keeps the best one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from modelwright.build.aims.aim import Aim
from modelwright.learners.base import Learner, Rows
from modelwright.learners.loss import SQUARED, Loss, loss_for
from modelwright.learners.portfolio import family_of
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.metric import Metric

Center = Literal["mean", "median", "relative"]

_WITH_LOSSES = (
    *("lightgbm", "xgboost", "catboost"),
    *("linear", "network", "kernel_machine", "torch"),
)
"""Learners that make other losses small than squares."""
_SKEWED = 0.75
"""Skewness from which on a logarithm may help."""
_MENDED = 0.9
"""A logarithm must leave less than this share of the skewness."""
_USUAL_SIZE = 10.0
"""Targets with a smaller median have a unit, that log(1 + x) may be a logarithm to them too."""


def aims_for(metric: Metric, rows: Rows) -> tuple[Aim, ...]:
    """Return the aims to try, the likeliest first.

    Parameters
    ----------
    metric
        What is improved.
    rows
        The rows to learn from, those of all folds.

    Returns
    -------
    tuple of Aim
        One where there is nothing to choose: for classes, for example. At most four.

    Examples
    --------
    >>> from modelwright.data.schema import Schema
    >>> from modelwright.tasks.metrics import METRICS
    >>> from modelwright.tasks.task import Task
    >>> prices = np.exp(np.random.default_rng(0).normal(5.0, size=200))
    >>> rows = Rows(Schema(columns=()), {}, prices, Task(kind="regression"))
    >>> [aim.title or "usual" for aim in aims_for(METRICS["rmse"], rows)]
    ['Poisson loss', 'log scale', 'usual']
    >>> [aim.title for aim in aims_for(METRICS["rmsle"], rows)]
    ['log scale']
    """
    loss = loss_for(metric)
    if rows.task.is_classification:
        return (Aim(loss),)
    facts = _Facts.of(np.asarray(rows.target, dtype=np.float64))
    match metric.name:
        case "rmse" | "r2":
            return _for_the_mean(facts)
        case "poisson_deviance":
            return tuple(replace(aim, above_zero=True) for aim in _for_the_mean(facts))
        case "rmsle":
            return (Aim(scale="log1p", center="median"),) if facts.least > -1 else (Aim(),)
        case "mae":
            return _for_the_median(facts)
        case "median_absolute_error":
            return (*facts.on_log(loss), Aim(loss))
        case "mape":
            return _for_relative(facts)
    if metric.level is not None:
        return (*facts.on_log(loss), Aim(loss))
    return (Aim(), Aim(Loss("absolute")), *facts.on_log(SQUARED, "mean"), *facts.as_counts())


def aim_suiting(learner: Learner, best: Aim, aims: Sequence[Aim]) -> Aim:
    """Return the aim for a learner: the best one, if the learner has its loss.

    A learner that has not would learn squares of the target as it is; on the logarithmic scale
    they are nearer to what was best.

    Parameters
    ----------
    learner
        Without an aim.
    best
        What did best with a learner that has all losses.
    aims
        All that were tried.
    """
    if best.loss.kind == "squared" or family_of(learner) in _WITH_LOSSES:
        return best
    squares = [aim for aim in aims if aim.loss.kind == "squared"]
    return next((aim for aim in squares if aim.scale == "log1p"), best)


def _for_the_mean(facts: "_Facts") -> tuple[Aim, ...]:
    if facts.is_skewed:
        return (*facts.as_counts(), *facts.on_log(SQUARED, "mean"), Aim())
    return (Aim(), *(facts.as_counts() if facts.whole else ()))


def _for_the_median(facts: "_Facts") -> tuple[Aim, ...]:
    absolute = Loss("absolute")
    if not facts.is_skewed:
        return (Aim(absolute), Aim())
    logs = (*facts.on_log(SQUARED), *facts.on_log(absolute))
    return (*logs, *facts.as_counts(), Aim(absolute))


def _for_relative(facts: "_Facts") -> tuple[Aim, ...]:
    if facts.least < 0:
        absolute = Aim(Loss("absolute"))
        return (absolute, replace(absolute, favours_small=True))
    plain = Aim(scale="log1p", unit=facts.unit, center="relative")
    return (replace(plain, favours_small=True), plain)


@dataclass(frozen=True)
class _Facts:
    """What of a target decides."""

    least: float
    unit: float
    whole: bool
    is_skewed: bool
    log_mends: bool

    @classmethod
    def of(cls, target: Floats) -> "_Facts":
        least, unit = float(target.min()), _unit(target)
        skew = _skewness(target)
        within = least > -unit
        log_skew = _skewness(np.log1p(target / unit)) if within else skew
        return cls(
            least=least,
            unit=unit,
            whole=bool((target == np.floor(target)).all()),
            is_skewed=skew > _SKEWED,
            log_mends=within and abs(log_skew) < _MENDED * skew,
        )

    def on_log(self, loss: Loss, center: Center = "median") -> tuple[Aim, ...]:
        """Return the aim on the logarithmic scale, if it is worth trying."""
        if not (self.is_skewed and self.log_mends):
            return ()
        return (Aim(loss, scale="log1p", unit=self.unit, center=center),)

    def as_counts(self) -> tuple[Aim, ...]:
        """Return the aim with Poisson's loss, if no target is negative."""
        return (Aim(Loss("poisson")),) if self.least >= 0 else ()


def _unit(target: Floats) -> float:
    """Return 1, or for small targets a tenth of the median, rounded down to a power of ten."""
    positive = target[target > 0]
    if not len(positive):
        return 1.0
    middle = float(np.median(positive))
    return float(10.0 ** min(0.0, np.floor(np.log10(middle / _USUAL_SIZE))))


def _skewness(target: Floats) -> float:
    largest = float(np.abs(target).max(initial=0.0))
    if not largest > 0:
        return 0.0
    away = target / largest - float((target / largest).mean())
    spread = float(np.sqrt(np.mean(away**2)))
    return float(np.mean((away / spread) ** 3)) if spread > 0 else 0.0
