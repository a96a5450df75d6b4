"""Named subsets of the holdout, each scored on its own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.build.scoring import as_taken
from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.documents import SliceScore
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.intervals import bootstrap_interval
from modelwright.tasks.metrics import Metric

_FEWEST_ROWS = 100
_LEVELS = 8
_SLICES = 24
_RESAMPLES = 200


def score_slices(
    metric: Metric,
    schema: Schema,
    columns: Columns,
    *,
    truth: NDArray[Any],
    answers: Floats,
    threshold: float,
) -> tuple[SliceScore, ...]:
    """Score the commonest levels of columns with few levels, the worst score first.

    Parameters
    ----------
    metric
        How answers are judged.
    schema, columns
        The features of the holdout.
    truth, answers
        Of shape (rows,) and (rows, outputs).
    threshold
        Of a binary task.
    """
    found = [
        _score(metric, name, level, truth=truth[inside], taken=taken)
        for name, level, inside in _subsets(schema, columns)
        if np.isfinite(
            metric.score(
                truth[inside],
                taken := as_taken(metric, answers[inside], threshold=threshold),
            )
        )
    ]
    worst_first = -1.0 if metric.direction == "minimize" else 1.0
    return tuple(sorted(found, key=lambda each: worst_first * each.score.value)[:_SLICES])


def _score(
    metric: Metric, name: str, level: str, *, truth: NDArray[Any], taken: NDArray[Any]
) -> SliceScore:
    score = bootstrap_interval(metric, truth, taken, resamples=_RESAMPLES)
    return SliceScore(column=name, level=level, rows=len(truth), score=score)


def _subsets(schema: Schema, columns: Columns) -> list[tuple[str, str, NDArray[np.intp]]]:
    subsets = []
    for column in schema:
        if column.value_type != "string":
            continue
        texts = np.array([level or "" for level in columns[column.name]], dtype=object)
        levels, counts = np.unique(texts, return_counts=True)
        if not 2 <= len(levels) <= _LEVELS * 4:
            continue
        for index in np.argsort(-counts, kind="stable")[:_LEVELS]:
            if counts[index] >= _FEWEST_ROWS:
                level = levels[index] or "(missing)"
                subsets.append((column.name, level, np.flatnonzero(texts == levels[index])))
    return subsets
