"""The recorded rows that are most like a row."""

import numpy as np

from modelwright.data.records import MISSING_DATETIME, Columns
from modelwright.predictor.explanations.background import Background
from modelwright.predictor.operations.base import Floats


def most_similar(
    row: Columns, background: Background, weights: dict[str, float], *, count: int
) -> list[int]:
    """Return the numbers of the rows of a background that are nearest to a row, the nearest first.

    Numbers and moments are as far apart as their ranks among the rows, texts and categories are
    equal or not (Gower, "A general coefficient of similarity and some of its properties", 1971);
    each column counts by its weight.

    Parameters
    ----------
    row
        The columns of one row.
    background
        Where similar ones are sought.
    weights
        How much each column counts.
    count
        How many are wanted.
    """
    distance = np.zeros(len(background))
    for name, values in background.columns.items():
        distance += weights.get(name, 0.0) * _apart(row[name], values)
    return [int(place) for place in np.argsort(distance, kind="stable")[:count]]


def _apart(one: np.ndarray, values: np.ndarray) -> Floats:
    if values.dtype == object:
        return np.array([0.0 if value == one[0] else 1.0 for value in values])
    numbers, number = _numbers(values), _numbers(one)[0]
    missing = np.isnan(numbers)
    if np.isnan(number):
        return np.where(missing, 0.0, 1.0)
    known = np.sort(numbers[~missing])
    ranks = np.searchsorted(known, numbers, side="left") / max(1, len(known))
    rank = np.searchsorted(known, number, side="left") / max(1, len(known))
    return np.where(missing, 1.0, np.abs(ranks - rank))


def _numbers(values: np.ndarray) -> Floats:
    numbers = values.astype(np.float64)
    if values.dtype == np.int64:
        numbers[values == MISSING_DATETIME] = np.nan
    return numbers
