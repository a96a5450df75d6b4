"""What each of several classes weighs before the greatest is answered, for a metric of classes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Floats
from modelwright.tasks.intervals import paired_difference
from modelwright.tasks.metrics import Metric
from modelwright.tasks.rule import Rule

Classes = NDArray[np.int64]

_FEWEST_ROWS, _FEWEST_OF_CLASS = 200, 10
_MOST_PROBABILITIES = 60_000
"""That weights are learned from: more rows say little more and take time."""
_MOST_MOVED = 100
"""Classes whose weights are moved one by one: a confusion has as many cells as their square."""
_PARTS = 5
_POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_FACTORS = 2.0 ** np.array([-1.0, -0.5, -0.25, -0.125, 0.125, 0.25, 0.5, 1.0])
_ROUNDS = 3
_LEVEL, _RESAMPLES = 0.8, 200


@dataclass(frozen=True)
class ClassWeights:
    """Weights of classes, and by how much they are better; no weights where they do not help."""

    weights: tuple[float, ...] = ()
    gain: float = 0.0


def learn_weights(metric: Metric, truth: Classes, answers: Floats, *, seed: int) -> ClassWeights:
    """Learn weights on out-of-fold answers, and keep them only where they help other rows.

    Two ways are tried, powers of the classes' rarity and steps of one class after another from
    there; each is judged on rows that its weights were not learned from. The better one is kept
    where its gain over the likeliest class is above zero in nine of ten such comparisons.

    Parameters
    ----------
    metric
        It takes classes.
    truth : ndarray of shape (rows,)
        Indices of classes.
    answers : ndarray of shape (rows, classes)
        Calibrated, out of fold.
    seed
        For the parts and the resampling.
    """
    rows = np.random.default_rng(seed).permutation(len(truth))
    rows = rows[: max(_FEWEST_ROWS, _MOST_PROBABILITIES // answers.shape[1])]
    truth, answers = truth[rows], answers[rows]
    likeliest = Rule().choose(answers)
    if len(truth) < _FEWEST_ROWS or not np.isfinite(metric.score(truth, likeliest)):
        return ClassWeights()
    best, kept = ClassWeights(), _by_rarity
    moves = metric.of_confusion and answers.shape[1] <= _MOST_MOVED
    for way in (_by_rarity, _one_by_one) if moves else (_by_rarity,):
        chosen = _crossed(way, metric, truth, answers)
        if not np.isfinite(metric.score(truth, chosen)):
            continue
        gain = paired_difference(
            metric, truth, chosen, likeliest, level=_LEVEL, resamples=_RESAMPLES, seed=seed
        )
        if gain.low > 0 and gain.value > best.gain:
            best, kept = ClassWeights(gain=gain.value), way
    if not best.gain:
        return best
    return ClassWeights(_written(kept(metric, truth, answers)), best.gain)


def _crossed(way: Any, metric: Metric, truth: Classes, answers: Floats) -> Classes:
    """Return classes chosen by weights that were learned from other rows."""
    part = np.empty(len(truth), dtype=np.int64)
    # Rows of a class are dealt in turn: each part has its share of the rare ones.
    part[np.argsort(truth, kind="stable")] = np.arange(len(truth)) % _PARTS
    chosen = np.empty(len(truth), dtype=np.int64)
    for each in range(_PARTS):
        held = part == each
        weights = way(metric, truth[~held], answers[~held])
        chosen[held] = Rule(weights=_written(weights)).choose(answers[held])
    return chosen


def _by_rarity(metric: Metric, truth: Classes, answers: Floats) -> Floats:
    """Return the best of a few powers of the classes' rarity: one number that is learned."""
    shares = (np.bincount(truth, minlength=answers.shape[1]) + 1.0) / len(truth)
    tried = [shares**-power for power in _POWERS]
    scores = [metric.score(truth, (answers * weights).argmax(axis=1)) for weights in tried]
    return tried[int(_gains(metric, np.array(scores)).argmax())]


def _one_by_one(metric: Metric, truth: Classes, answers: Floats) -> Floats:
    """Move the weight of one class after another to where the metric is best."""
    assert metric.of_confusion is not None
    weights = _by_rarity(metric, truth, answers).copy()
    known = np.flatnonzero(np.bincount(truth, minlength=len(weights)) >= _FEWEST_OF_CLASS)
    for _ in range(_ROUNDS):
        before = weights.copy()
        for one in known.tolist():
            tried = weights[one] * np.append(1.0, _FACTORS)
            cells = _confusions(truth, answers, weights, one, tried)
            # The first of equals stands: a weight moves only where that is better.
            weights[one] = tried[_gains(metric, metric.of_confusion(cells)).argmax()]
        if (weights == before).all():
            break
    return weights


def _confusions(
    truth: Classes, answers: Floats, weights: Floats, one: int, tried: Floats
) -> Floats:
    """Return the confusion of rows for each weight that is tried for one class."""
    count = len(weights)
    others = answers * weights
    others[:, one] = -1.0
    second = others.argmax(axis=1)
    most = others[np.arange(len(truth)), second]
    here = tried[:, None] * answers[:, one]
    takes = (here > most) | ((here == most) & (one < second))
    chosen = np.where(takes, one, second)
    cells = np.arange(len(tried))[:, None] * count**2 + truth * count + chosen
    counted = np.bincount(cells.ravel(), minlength=len(tried) * count**2)
    return counted.reshape(-1, count, count).astype(np.float64)


def _gains(metric: Metric, scores: Floats) -> Floats:
    better = scores if metric.direction == "maximize" else -scores
    return np.where(np.isnan(scores), -np.inf, better)


def _written(weights: Floats) -> tuple[float, ...]:
    """Return weights as a person reads them: the least is 1."""
    return tuple(np.round(weights / weights.min(), 3).tolist())
