"""How likely truths are by the answers, row by row, as sure as the past says that answers are."""

import numpy as np

from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.directions import scale_of
from modelwright.predictor.reference.grids import BINS, grid_of

_TAIL = 4.0
"""Degrees of freedom of the misses of numbers."""
_DOUBT = 5.0
"""Rows by which the scale of a part is drawn to that of all."""
_CLIP = 1e-3
_DRAWN = 16.0
"""How firmly it is believed that answers of several classes are as sure as they should be."""
_FLATTEST, _STEEPEST, _NEWTON = 0.02, 4.0, 8

Told = tuple[Floats, Floats]
"""Answers, (rows, outputs), and truths, (rows,): numbers or classes, NaN where unknown."""


def log_likely(before: Told, now: Told) -> tuple[Floats, Floats]:
    """Return the logarithm of how likely each truth was, of past rows and of those of a window.

    Parameters
    ----------
    before, now
        Answers and truths. How far numbers are missed, and how sure probabilities may be, is told
        by the former. NaN where no truth is known.

    Examples
    --------
    >>> sure, truth = np.array([[0.1, 0.9]] * 40), np.array([1.0] * 36 + [0.0] * 4)
    >>> _, now = log_likely((sure, truth), (sure[:2], np.array([1.0, 0.0])))
    >>> bool(now[0] > now[1])
    True
    """
    outputs = before[0].shape[1]
    of = _of_numbers if outputs == 1 else _of_two if outputs == 2 else _of_several
    known = [np.isfinite(truth) for _, truth in (before, now)]
    (was, were), (is_now, came) = (
        (answers[rows], truth[rows])
        for rows, (answers, truth) in zip(known, (before, now), strict=True)
    )
    first, second = (
        _spread(found, rows)
        for found, rows in zip(of((was, were), (is_now, came)), known, strict=True)
    )
    return first, second


def _spread(found: Floats, rows: np.ndarray) -> Floats:
    everywhere = np.full(len(rows), np.nan)
    everywhere[rows] = found
    return everywhere


def _of_numbers(before: Told, now: Told) -> tuple[Floats, Floats]:
    grid = grid_of(before[0][:, 0], bins=BINS)
    misses = [np.abs(truth - answers[:, 0]) for answers, truth in (before, now)]
    parts = [np.clip(grid.codes(answers[:, 0]), 0, grid.bins - 1) for answers, _ in (before, now)]
    usual = float(misses[0].mean()) or 1.0
    sums = np.bincount(parts[0], weights=misses[0], minlength=grid.bins)
    rows = np.bincount(parts[0], minlength=grid.bins)
    scales = (sums + _DOUBT * usual) / (rows + _DOUBT)
    first, second = (
        -0.5 * (_TAIL + 1) * np.log1p(np.square(miss / scales[part]) / _TAIL) - np.log(scales[part])
        for miss, part in zip(misses, parts, strict=True)
    )
    return first, second


def _of_two(before: Told, now: Told) -> tuple[Floats, Floats]:
    odds = [_odds(answers[:, 1]) for answers, _ in (before, now)]
    level, slope = scale_of(odds[0], before[1] - 0.5)
    first, second = (
        np.asarray(-np.logaddexp(0.0, (1 - 2 * truth) * (level + slope * odd)))
        for odd, (_, truth) in zip(odds, (before, now), strict=True)
    )
    return first, second


def _odds(likely: Floats) -> Floats:
    clipped = np.clip(likely, _CLIP, 1 - _CLIP)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _of_several(before: Told, now: Told) -> tuple[Floats, Floats]:
    logs = [np.log(np.clip(answers, _CLIP, 1.0)) for answers, _ in (before, now)]
    classes = [truth.astype(np.int64) for _, truth in (before, now)]
    slope = _slope_of(logs[0], classes[0])
    first, second = (
        _given(_normalised(slope * each), truth) for each, truth in zip(logs, classes, strict=True)
    )
    return first, second


def _slope_of(logs: Floats, truth: np.ndarray) -> float:
    """Return by what logarithms are multiplied to be as sure as the past allows, drawn to 1."""
    slope = 1.0
    for _ in range(_NEWTON):
        likely = np.exp(_normalised(slope * logs))
        means = (likely * logs).sum(axis=1)
        pull = float((_given(logs, truth) - means).sum()) - _DRAWN * (slope - 1.0)
        bent = float((likely * np.square(logs - means[:, None])).sum()) + _DRAWN
        slope = float(np.clip(slope + np.clip(pull / bent, -1.0, 1.0), _FLATTEST, _STEEPEST))
    return slope


def _normalised(logs: Floats) -> Floats:
    return np.asarray(logs - np.logaddexp.reduce(logs, axis=1)[:, None])


def _given(answers: Floats, truth: np.ndarray) -> Floats:
    return np.asarray(answers[np.arange(len(truth)), truth])
