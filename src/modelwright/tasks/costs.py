"""What errors cost, and the threshold of probability that costs least.

The rule everywhere: a row is positive when its probability is at least the threshold.
"""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.errors import BriefError, InputError
from modelwright.tasks.metrics import Metric

Array = NDArray[Any]

_TRIED = 64
"""Thresholds at which a metric is tried that has to score all rows for each of them."""


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """What each answer costs the person; a gain is a negative cost.

    Parameters
    ----------
    false_positive, false_negative, true_positive, true_negative
        The cost of one row of that kind.
    unit
        Of the costs, such as "EUR"; for people only.

    Raises
    ------
    BriefError
        A cost that is no finite number, or costs that reward wrong answers.

    Examples
    --------
    >>> Costs(false_negative=4.0).break_even
    0.2
    """

    false_positive: float = 1.0
    false_negative: float = 1.0
    true_positive: float = 0.0
    true_negative: float = 0.0
    unit: str = ""

    def __post_init__(self) -> None:
        if not np.isfinite(self.matrix).all():
            raise BriefError(f"A cost is not a finite number: {self.matrix.ravel().tolist()}.")
        alarm, miss = self._regrets
        if min(alarm, miss) < 0 or alarm + miss == 0:
            raise BriefError(
                f"The costs reward wrong answers: a false positive costs {self.false_positive:g},"
                f" a true negative {self.true_negative:g}, a false negative"
                f" {self.false_negative:g}, a true positive {self.true_positive:g}.",
                "Give errors a higher cost than right answers; a gain is a negative cost.",
            )

    @property
    def matrix(self) -> Array:
        """Cost per row, (2, 2), truth in rows and answer in columns."""
        return np.array(
            [
                [self.true_negative, self.false_positive],
                [self.false_negative, self.true_positive],
            ]
        )

    @property
    def break_even(self) -> float:
        """The probability from which a positive answer pays, if probabilities are calibrated.

        Source: Elkan, The Foundations of Cost-Sensitive Learning, IJCAI 2001.
        """
        alarm, miss = self._regrets
        return alarm / (alarm + miss)

    @property
    def _regrets(self) -> tuple[float, float]:
        return self.false_positive - self.true_negative, self.false_negative - self.true_positive


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold of probability and what it achieves on the rows it was chosen on.

    Parameters
    ----------
    value
        A row is positive when its probability is at least this.
    achieved
        The cost per row, or the score; it flatters a little, as the threshold was chosen for it.
    criterion
        ``"cost"`` or the name of the metric.

    Examples
    --------
    >>> Threshold(value=0.4, achieved=0.1, criterion="cost").value
    0.4
    """

    value: float
    achieved: float
    criterion: str


def best_threshold(truth: Array, positive_probability: Array, costs: Costs) -> Threshold:
    """Return the threshold with the least cost on rows that the model has not learned from.

    Parameters
    ----------
    truth
        (n,) class indices, 1 for positive.
    positive_probability
        (n,) out-of-fold probabilities.
    costs
        What answers cost.

    Returns
    -------
    Threshold
        In the middle between two neighbouring probabilities; of several that cost the same, the
        one nearest to the break-even probability of the costs.

    Raises
    ------
    InputError
        No rows.

    Examples
    --------
    >>> truth, probability = np.array([0, 0, 1, 1]), np.array([0.1, 0.3, 0.5, 0.9])
    >>> best_threshold(truth, probability, Costs())
    Threshold(value=0.4, achieved=0.0, criterion='cost')
    """
    thresholds, cells = _every_threshold(truth, positive_probability)
    each = (cells * costs.matrix).sum(axis=(-2, -1)) / len(truth)
    best = _nearest_of_best(thresholds, -each, to=costs.break_even)
    return Threshold(value=float(thresholds[best]), achieved=float(each[best]), criterion="cost")


def threshold_for(metric: Metric, truth: Array, positive_probability: Array) -> Threshold:
    """Return the threshold with the best score of a metric of classes, such as F1.

    Parameters
    ----------
    metric
        A metric that takes classes. One that is no function of the confusion matrix, such as a
        person's own, is tried at 64 thresholds that part the rows evenly, or fewer where it is
        dear.
    truth
        (n,) class indices, 1 for positive.
    positive_probability
        (n,) out-of-fold probabilities.

    Returns
    -------
    Threshold
        In the middle between two neighbouring probabilities; of several with the same score, the
        one nearest to one half.

    Raises
    ------
    InputError
        No rows, or a metric that does not take classes or is undefined on these rows.

    Examples
    --------
    >>> from modelwright.tasks.metrics import METRICS
    >>> truth, probability = np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4])
    >>> print(f"{threshold_for(METRICS['f1'], truth, probability).value:.2f}")
    0.15
    """
    if metric.takes != "classes":
        raise InputError(f"The {metric.title} judges no classes, so it has no best threshold.")
    thresholds, cells = _every_threshold(truth, positive_probability)
    if metric.of_confusion is not None:
        scores = metric.of_confusion(cells)
    else:
        most = min(_TRIED, metric.most_resamples)
        thresholds = _some(thresholds, positive_probability, most)
        taken = (positive_probability >= threshold for threshold in thresholds)
        scores = np.array([metric.score(truth, each.astype(np.int64)) for each in taken])
    if np.isnan(scores).all():
        raise InputError(f"The {metric.title} is undefined at every threshold on these rows.")
    better = scores if metric.direction == "maximize" else -scores
    gains = np.where(np.isnan(scores), -np.inf, better)
    best = _nearest_of_best(thresholds, gains, to=0.5)
    return Threshold(
        value=float(thresholds[best]), achieved=float(scores[best]), criterion=metric.name
    )


def _every_threshold(truth: Array, probability: Array) -> tuple[Array, Array]:
    """Return the m thresholds that part the rows differently and their confusions, (m, 2, 2)."""
    if not len(truth):
        raise InputError("A threshold cannot be chosen on no rows.")
    probability = np.asarray(probability, dtype=np.float64)
    order = np.argsort(probability, kind="stable")
    levels, first = np.unique(probability[order], return_index=True)
    positives_below = np.concatenate(([0], np.cumsum(truth[order] == 1)))
    below = np.append(first, len(truth))
    missed = positives_below[below]
    refused = below - missed
    found, alarms = missed[-1] - missed, refused[-1] - refused
    cells = np.stack([refused, alarms, missed, found], axis=-1).reshape(-1, 2, 2)
    return _between(levels), cells.astype(np.float64)


def _between(levels: Array) -> Array:
    """Return the middles between neighbours, the first below all levels, the last above all."""
    above_all = max(1.0, float(np.nextafter(levels[-1], np.inf)))
    low, high = np.append(0.0, levels), np.append(levels, above_all)
    middle = low + (high - low) / 2
    # Between two neighbouring doubles there is no middle; the upper one parts them.
    return np.where(middle > low, middle, high)


def _some(thresholds: Array, probability: Array, most: int) -> Array:
    """Return at most so many thresholds, with as many rows between any two of them."""
    if len(thresholds) <= most:
        return thresholds
    wanted = np.append(np.quantile(probability, np.linspace(0, 1, most - 1)), 0.5)
    nearest = np.searchsorted(thresholds, wanted).clip(max=len(thresholds) - 1)
    return np.asarray(thresholds[np.unique(nearest)])


def _nearest_of_best(thresholds: Array, gains: Array, *, to: float) -> int:
    best = np.flatnonzero(np.isclose(gains, gains.max(), rtol=1e-12, atol=0.0))
    return int(best[np.argmin(np.abs(thresholds[best] - to))])
