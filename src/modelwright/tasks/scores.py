"""Scores of probabilities and of numbers, prepared once and weighed many times.

Each function takes the truth and the prediction of n rows, does the costly part (sorting,
logarithms) and returns a function of the weights, (n,), of the rows. A bootstrap calls that
function a thousand times. A score that is 0/0 is NaN.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Weighed = Callable[[Array], float]
"""From the weights of the rows, (n,), to the score."""

_SMALLEST_PROBABILITY = 1e-15
_MANY_ROWS, _MOST_RUNS = 200_000, 32_768
"""Of so many rows, those of neighbouring ranks are taken as tied when they are drawn again, and are
met in the order in which they lie."""
_MANY_OF_EACH = 10_000
"""Rows of either class from which on the ties hardly tell; of fewer, each one's rank counts."""
_SMALLEST_RATE = 1e-15
"""A rate of 0 makes anything that happens infinitely surprising."""


def roc_auc(truth: Array, probabilities: Array) -> Weighed:
    """Return the area under the ROC curve of the second class, ties counted half.

    Source: Hanley & McNeil, Radiology 143 (1982) 29-36.

    Examples
    --------
    >>> area = roc_auc(np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1]]))
    >>> area(np.ones(3))
    0.75
    """
    return _area(truth == 1, probabilities[:, 1])


def roc_auc_ovr(truth: Array, probabilities: Array) -> Weighed:
    """Return the mean area under the ROC curves of each class against the rest.

    Classes that do not occur in the truth are left out of the mean.
    """
    columns = range(probabilities.shape[1])
    areas = [_area(truth == k, probabilities[:, k]) for k in columns if (truth == k).any()]
    return lambda weight: _mean_of_known([area(weight) for area in areas])


def average_precision(truth: Array, probabilities: Array) -> Weighed:
    """Return the average precision of the second class: a sum over the steps of recall."""
    places, runs = _places(truth == 1, -probabilities[:, 1])

    def weighed(weight: Array) -> float:
        counts = _counted(places, runs, weight)
        hits = counts[1::2].copy()
        found, taken = np.cumsum(hits), np.cumsum(counts, out=counts)[1::2]
        precision = np.divide(found, taken, out=found, where=taken > 0)
        return _ratio(float(np.dot(hits, precision)), float(hits.sum()))

    return weighed


def log_loss(truth: Array, probabilities: Array) -> Weighed:
    """Return the mean negative logarithm of the probability of the true class."""
    given = np.clip(_of_truth(truth, probabilities), _SMALLEST_PROBABILITY, 1.0)
    return _mean(-np.log(given))


def brier(truth: Array, probabilities: Array) -> Weighed:
    """Return the mean squared error of the probabilities, over the positive class or all classes.

    Source: Brier, Monthly Weather Review 78 (1950) 1-3. With two classes it is half his sum, as
    is usual.
    """
    squares = np.square(probabilities).sum(axis=1)
    errors = squares - 2 * _of_truth(truth, probabilities) + 1
    return _mean(errors / 2 if probabilities.shape[1] == 2 else errors)


def rmse(truth: Array, values: Array) -> Weighed:
    """Return the root of the mean squared error."""
    mean = _mean(np.square(values - truth))
    return lambda weight: mean(weight) ** 0.5


def rmsle(truth: Array, values: Array) -> Weighed:
    """Return the root of the mean squared error of log(1 + y); predictions below 0 count as 0.

    It is NaN when the truth goes below 0.
    """
    if truth.min(initial=0.0) < 0:
        return lambda _: float("nan")
    return rmse(np.log1p(truth), np.log1p(np.maximum(values, 0.0)))


def mae(truth: Array, values: Array) -> Weighed:
    """Return the mean absolute error."""
    return _mean(np.abs(values - truth))


def mape(truth: Array, values: Array) -> Weighed:
    """Return the mean absolute error as a fraction of the truth, over rows whose truth is not 0."""
    defined = truth != 0
    mean = _mean(np.abs(values[defined] / truth[defined] - 1))
    return lambda weight: mean(weight[defined])


def poisson_deviance(truth: Array, values: Array) -> Weighed:
    """Return the mean deviance of Poisson's distribution, for counts and other numbers from 0.

    Twice the mean of y log(y / p) - (y - p); predictions below 1e-15 count as that. It is NaN
    when the truth goes below 0. Source: McCullagh & Nelder, *Generalized Linear Models* (1989),
    section 2.3.

    Examples
    --------
    >>> deviance = poisson_deviance(np.array([0.0, 2.0]), np.array([1.0, 2.0]))
    >>> deviance(np.ones(2))
    1.0
    """
    if truth.min(initial=0.0) < 0:
        return lambda _: float("nan")
    rates = np.maximum(values, _SMALLEST_RATE)
    # y log y goes to 0 with y.
    surprise = truth * np.log(np.where(truth > 0, truth, 1.0) / np.where(truth > 0, rates, 1.0))
    return _mean(2 * np.maximum(surprise - truth + rates, 0.0))


def pinball(truth: Array, values: Array, *, level: float = 0.5) -> Weighed:
    """Return the mean pinball loss, which the quantile of this level makes least.

    An answer that is too low costs `level` per unit, one that is too high 1 - `level`. Source:
    Koenker & Bassett, Econometrica 46 (1978) 33-50.

    Examples
    --------
    >>> loss = pinball(np.array([10.0, 10.0]), np.array([8.0, 12.0]), level=0.75)
    >>> loss(np.ones(2))
    1.0
    """
    missed = truth - values
    return _mean(np.maximum(level * missed, (level - 1) * missed))


def r2(truth: Array, values: Array) -> Weighed:
    """Return the share of the variance of the truth that the prediction explains."""
    if len(truth) < 2 or not np.ptp(truth) > 0:
        return lambda _: float("nan")
    deviations = truth - truth.mean()
    errors, squares = np.square(values - truth), np.square(deviations)

    def weighed(weight: Array) -> float:
        total = float(weight.sum())
        spread = float(np.dot(weight, squares)) - _ratio(
            float(np.dot(weight, deviations)) ** 2, total
        )
        return 1 - _ratio(float(np.dot(weight, errors)), spread)

    return weighed


def median_absolute_error(truth: Array, values: Array) -> Weighed:
    """Return the median absolute error, the mean of the two middle errors where there are two."""
    errors = np.abs(values - truth)
    order = np.argsort(errors, kind="stable")
    errors = errors[order]

    def weighed(weight: Array) -> float:
        below = np.cumsum(weight[order])
        if not len(below) or not below[-1] > 0:
            return float("nan")
        half = below[-1] / 2
        lower, upper = np.searchsorted(below, half, "left"), np.searchsorted(below, half, "right")
        return float(errors[lower] + errors[upper]) / 2

    return weighed


def _area(positive: Array, score: Array) -> Weighed:
    places, runs = _places(positive, score)
    rarer = min(int(positive.sum()), int((~positive).sum()))
    if runs <= _MOST_RUNS or len(places) < _MANY_ROWS or rarer < _MANY_OF_EACH:
        return lambda weight: _area_of_places(places, runs, weight)
    whole = _area_of_places(places, runs, np.ones(len(places)))
    # Rows of one score stay together, in the run in which they end.
    ends = np.cumsum(np.bincount(places >> 1)) - 1
    places = 2 * (ends * _MOST_RUNS // len(places))[places >> 1] + positive

    def drawn(weight: Array) -> float:
        if weight.min() == weight.max() > 0:
            return whole  # the score itself
        return _area_of_places(places, _MOST_RUNS, weight)

    return drawn


def _area_of_places(places: Array, runs: int, weight: Array) -> float:
    counts = _counted(places, runs, weight)
    return _area_of_counts(counts[1::2], counts[::2])


def _counted(places: Array, runs: int, weight: Array) -> Array:
    """Return the weight of the negatives and of the positives of each run, in turn."""
    counts = np.bincount(places, weights=weight, minlength=2 * runs)
    return counts.astype(np.float64, copy=False)  # without rows they are whole numbers


def _area_of_counts(hits: Array, misses: Array) -> float:
    """Return the area, from the weight of the positives and negatives of each run, ascending."""
    # A positive is above the negatives before its run, and half above those in it.
    above = float(np.dot(hits, np.cumsum(misses) - misses / 2))
    return _ratio(above, float(hits.sum()) * float(misses.sum()))


def _places(positive: Array, score: Array) -> tuple[Array, int]:
    """Return a number for each row, and how many runs of equal scores there are.

    It is twice the number of its run, ascending, and one more where the row is positive: eight
    bytes of a row are all that is kept, because a holdout may have millions.
    """
    order = np.argsort(score, kind="stable")
    ranked = score[order]
    begins = np.append(False, ranked[1:] != ranked[:-1])
    del ranked
    run = np.cumsum(begins)
    places = np.empty(len(order), dtype=np.intp)
    places[order] = run
    places *= 2
    places += positive
    return places, int(run[-1]) + 1


def _of_truth(truth: Array, probabilities: Array) -> Array:
    return probabilities[np.arange(len(truth)), truth].astype(np.float64)


def _mean(values: Array) -> Weighed:
    return lambda weight: _ratio(float(np.dot(weight, values)), float(weight.sum()))


def _mean_of_known(scores: list[float]) -> float:
    known = [score for score in scores if score == score]
    return sum(known) / len(known) if known else float("nan")


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")
