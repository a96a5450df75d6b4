"""How far steps pass on what differs between two rows: the slope of the line between them.

A difference of a step's answers is then exactly the sum of its slopes times the differences of what
it read. This is the rule by which DeepLIFT (Shrikumar, Greenside and Kundaje, 2017) and G-DeepSHAP
(Chen, Lundberg and Lee, "Explaining a series of models by propagating Shapley values", Nature
Communications, 2022) lead Shapley values through steps that are not linear.
"""

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.attribution.owners import APART
from modelwright.predictor.operations.answers import (
    LARGEST_EXPONENT,
    SMALLEST,
    Blend,
    Isotonic,
    Link,
    ScaleLogits,
)
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Step

_TINY = 1e-9
"""Differences below this share of the numbers are mostly rounding."""

Two = tuple[Floats, Floats]
"""A value of the rows, and of the others: each of shape (rows, width)."""


def slopes(step: Step, read: list[Two], made: Two, passed: Floats) -> list[Floats] | None:
    """Return how far an answer follows what a step reads.

    Parameters
    ----------
    step
        Of a program.
    read, made
        What it reads and makes, of the rows and of the others.
    passed : ndarray of shape (rows, others, width)
        How far the answer follows what the step makes.

    Returns
    -------
    list of ndarray of shape (rows, others, width), or None
        One for each value that is read; None for a step that has no such line.
    """
    if isinstance(step, Blend):
        return [passed * weight for weight in step.weights]
    if isinstance(step, SideBySide):
        ends = np.cumsum([one.shape[1] for one, _ in read])[:-1]
        return list(np.split(passed, ends, axis=2))
    if isinstance(step, Linear):
        return [passed @ step.weights.T]
    if isinstance(step, Link):
        return [_link(step, read[0], made, passed)]
    if isinstance(step, ScaleLogits):
        return [_logits(step, read[0], made, passed)]
    if isinstance(step, Isotonic):
        return [_isotonic(read[0], made, passed)]
    if isinstance(step, APART):
        return [passed * _ratios(read[0], made)]
    return None


def is_straight(step: Step) -> bool:
    """Say whether the slopes of a step are the same between all rows."""
    return isinstance(step, Blend | SideBySide | Linear)


def _link(step: Link, read: Two, made: Two, passed: Floats) -> Floats:
    if step.kind == "softmax":
        return _softmax(read, made, passed)
    if step.kind == "sigmoid":
        positive: Two = (made[0][:, 1:], made[1][:, 1:])
        steepest = (positive[0] * (1 - positive[0]))[:, None]
        return (passed[:, :, 1:] - passed[:, :, :1]) * _ratios(read, positive, of_equal=steepest)
    one, other = (np.clip(each, -LARGEST_EXPONENT, LARGEST_EXPONENT) for each in read)
    power = np.exp(_log_slope_of_power(one[:, None], other[None]))
    return passed * power * _ratios(read, (one, other), of_equal=1.0)


def _softmax(scores: Two, made: Two, passed: Floats) -> Floats:
    """Softmax is one over a sum of powers: each power is a line, and so is the quotient."""
    slope = np.zeros(passed.shape)
    with np.errstate(divide="ignore"):
        logs = [np.log(each) for each in made]
    for place in range(passed.shape[2]):
        weight = passed[:, :, place]
        if not weight.any():
            continue
        both = logs[0][:, None, place] + logs[1][None, :, place]
        for other in range(passed.shape[2]):
            if other == place:
                continue
            apart = [each[:, other] - each[:, place] for each in scores]
            power = _log_slope_of_power(apart[0][:, None], apart[1][None])
            follows = weight * np.exp(both + power)
            slope[:, :, other] -= follows
            slope[:, :, place] += follows
    return slope


def _log_slope_of_power(one: Floats, other: Floats) -> Floats:
    """Return the logarithm of (exp(a) - exp(b)) / (a - b), also where both are the same."""
    half = np.abs(one - other) / 2
    safe = np.where(half > _TINY, half, 1.0)
    bend = np.where(half > _TINY, half + np.log(-np.expm1(-2 * safe) / (2 * safe)), 0.0)
    return np.asarray((one + other) / 2 + bend)


def _logits(step: ScaleLogits, read: Two, made: Two, passed: Floats) -> Floats:
    safe: Two = (np.clip(read[0], SMALLEST, 1.0), np.clip(read[1], SMALLEST, 1.0))
    logs: Two = (np.log(safe[0]), np.log(safe[1]))
    scores: Two = (step.slope * logs[0] + step.bias, step.slope * logs[1] + step.bias)
    power = _log_slope_of_power(logs[0][:, None], logs[1][None])
    lines = step.slope * np.exp(-power) * _ratios(read, safe, of_equal=1.0)
    return _softmax(scores, made, passed) * lines


def _isotonic(read: Two, made: Two, passed: Floats) -> Floats:
    positive = (passed[:, :, 1:] - passed[:, :, :1]) * _ratios(read, made)[:, :, 1:]
    return np.concatenate([np.zeros_like(positive), positive], axis=2)


def _ratios(read: Two, made: Two, *, of_equal: float | Floats = 0.0) -> Floats:
    """Return how much each column that is made differs for what differs in what was read."""
    before = read[0][:, None] - read[1][None]
    after = made[0][:, None] - made[1][None]
    size = np.abs(read[0])[:, None] + np.abs(read[1])[None]
    known: NDArray[np.bool_] = np.abs(before) > _TINY * size
    return np.where(known, after / np.where(known, before, 1.0), of_equal)
