"""Which learners answer together, and with what weight."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Floats
from modelwright.tasks.answers import score_answers
from modelwright.tasks.metrics import Metric

_STEPS, _FEWEST_STEPS = 25, 10
"""Fewer where the metric is dear."""
_ASKED = 8
"""The best learners, whose variants are much alike."""
MEMBERS = 4
"""A fifth gained nothing on public tables."""
_SMALLEST_WEIGHT = 0.05
_ROWS = 60_000
"""Rows that the choice is made on; more change nothing but the time."""
_FEWEST_ROWS, _USUAL = 500, 200
"""Rows of a metric that is dear; how often one that is not is drawn again."""
_NUMBERS = 3_000_000
"""Probabilities that it is made on: with many classes fewer rows must do."""


def choose_weights(
    metric: Metric,
    truth: NDArray[Any],
    answers: Sequence[Floats],
    *,
    seed: int,
    members: int = MEMBERS,
) -> tuple[float, ...]:
    """Choose blend weights by greedy selection with replacement.

    Caruana et al., "Ensemble selection from libraries of models" (2004): begin with the best
    member, add whichever improves the blend most, keep the best prefix. None
    stays with a weight below 0.05.

    Parameters
    ----------
    metric
        What is improved; it takes probabilities or values.
    truth : ndarray of shape (rows,)
        Indices of classes or numbers.
    answers
        One array of shape (rows, outputs) per member, out of fold.
    seed
        For the sample of rows when there are very many.
    members
        How many may stay.

    Returns
    -------
    tuple of float
        One weight per member, adding up to 1.

    Examples
    --------
    >>> from modelwright.tasks.metrics import METRICS
    >>> truth = np.array([1.0, 2.0, 3.0])
    >>> choose_weights(METRICS["rmse"], truth, [truth[:, None] + 1, truth[:, None] - 1], seed=0)
    (0.5, 0.5)
    """
    rows = _sample(len(truth), _most_rows(metric, truth, answers[0].shape[1]), seed=seed)
    sampled = [each[rows] for each in answers]
    picks = _pick(metric, truth[rows], sampled, most=members)
    counts = np.bincount(picks, minlength=len(answers)).astype(float)
    return _without_small(counts / counts.sum())


def worth_blending(losses: Sequence[float], families: Sequence[str]) -> list[int]:
    """Return the places of those from which a blend is chosen, in rising order.

    To ask each of forty learners at each step takes seconds. The best ones are asked, and of each
    family the best one, because what errs differently may help without being good.

    Parameters
    ----------
    losses
        One per learner, the lower the better.
    families
        The family of each.

    Examples
    --------
    >>> worth_blending([0.3, 0.1, 0.2, 0.9], ["tree", "tree", "tree", "line"])
    [0, 1, 2, 3]
    """
    ranked = sorted(range(len(losses)), key=losses.__getitem__)
    best_of = {families[place]: place for place in reversed(ranked)}
    return sorted({*ranked[:_ASKED], *best_of.values()})


def mix(answers: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Return the weighted mean of members' answers."""
    parts = [each * weight for each, weight in zip(answers, weights, strict=True) if weight]
    return np.asarray(np.sum(parts, axis=0))


def _pick(
    metric: Metric, truth: NDArray[Any], answers: Sequence[Floats], *, most: int
) -> list[int]:
    picks: list[int] = []
    total = np.zeros_like(answers[0])
    best_length, best_score = 0, float("nan")
    for _ in range(_FEWEST_STEPS if metric.score_s else _STEPS):
        scores = {
            index: score_answers(metric, truth, (total + answers[index]) / (len(picks) + 1))
            for index in _allowed(picks, len(answers), most)
        }
        index = _best(metric, scores)
        picks.append(index)
        total = total + answers[index]
        if best_length == 0 or metric.better(scores[index], best_score):
            best_length, best_score = len(picks), scores[index]
    return picks[:best_length]


def _allowed(picks: Sequence[int], members: int, most: int) -> Sequence[int]:
    chosen = sorted(set(picks))
    return chosen if len(chosen) == most else range(members)


def _best(metric: Metric, scores: dict[int, float]) -> int:
    best = next(iter(scores))
    for index, score in scores.items():
        if metric.better(score, scores[best]):
            best = index
    return best


def _without_small(weights: Floats) -> tuple[float, ...]:
    kept = np.where(weights >= _SMALLEST_WEIGHT, weights, 0.0)
    return tuple(float(weight) for weight in kept / kept.sum())


def _most_rows(metric: Metric, truth: NDArray[Any], outputs: int) -> int:
    # One that is dear is asked of fewer rows: a choice takes hundreds of scores.
    dear = round(len(truth) * metric.most_resamples / _USUAL) if metric.score_s else _ROWS
    return min(_ROWS, _NUMBERS // outputs, max(_FEWEST_ROWS, dear))


def _sample(rows: int, most: int, *, seed: int) -> NDArray[np.int64] | slice:
    if rows <= most:
        return slice(None)
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
