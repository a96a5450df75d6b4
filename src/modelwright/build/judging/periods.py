"""How scores differed from period to period of the training time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.build.engine import Built
from modelwright.tasks.answers import score_answers
from modelwright.tasks.metrics import Metric

_PERIODS = 8
"""Fewer say little about how much the next will differ."""
_FEWEST_ROWS = 100


def score_periods(
    built: Built, metric: Metric, target: NDArray[Any], *, moments: NDArray[Any]
) -> tuple[tuple[float, int], ...]:
    """Score the out-of-fold answers of successive periods, each with its number of rows.

    Each period is answered by models that learned from earlier rows only, as the holdout is.
    Periods in which the score is undefined are left out.

    Parameters
    ----------
    built
        What the engine made from folds that follow each other in time.
    metric
        The plan's.
    target : ndarray of shape (training rows,)
        Indices of classes or numbers.
    moments : ndarray of shape (training rows,)
        When each row was; only the order counts.
    """
    found = []
    for period in _periods(built, moments):
        place = np.searchsorted(built.scored, period)
        score = score_answers(metric, target[period], built.answers[place], rule=built.program.rule)
        if np.isfinite(score):
            found.append((score, len(period)))
    return tuple(found)


def _periods(built: Built, moments: NDArray[Any]) -> list[NDArray[np.int64]]:
    """Return the scored rows in successive parts: about eight, none of few rows."""
    rows = len(built.scored)
    parts = min(_PERIODS, max(len(built.folds), rows // _FEWEST_ROWS))
    per_fold = max(1, round(parts / len(built.folds)))
    in_time = (check[np.argsort(moments[check], kind="stable")] for _, check in built.folds)
    return [part for check in in_time for part in np.array_split(check, per_fold)]
