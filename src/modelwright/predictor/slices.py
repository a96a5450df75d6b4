"""Named subsets of rows, each scored on its own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.documents import SliceScore
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.answers import as_taken
from modelwright.tasks.intervals import bootstrap_interval
from modelwright.tasks.metrics import Metric
from modelwright.tasks.rates import Rates
from modelwright.tasks.rule import Rule
from modelwright.tasks.savings import Counts
from modelwright.tasks.shares import measure_rates

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
    rule: Rule,
    groups: NDArray[Any] | None = None,
) -> tuple[SliceScore, ...]:
    """Score the commonest levels of columns with few levels, the worst score first.

    Parameters
    ----------
    metric
        How answers are judged.
    schema, columns
        The features of the rows.
    truth, answers
        Of shape (rows,) and (rows, outputs).
    rule
        Which class probabilities stand for.
    groups : ndarray of shape (rows,), optional
        Rows of one day or one entity share a value: they are not independent.
    """
    drafts = []
    for name, level, inside in _subsets(schema, columns):
        taken = as_taken(metric, answers[inside], rule=rule)
        score = metric.score(truth[inside], taken)
        if np.isfinite(score):
            drafts.append((score, name, level, inside))
    worst_first = -1.0 if metric.direction == "minimize" else 1.0
    drafts.sort(key=lambda draft: worst_first * draft[0])
    return tuple(
        SliceScore(
            column=name,
            level=level,
            rows=len(inside),
            score=bootstrap_interval(
                metric,
                truth[inside],
                as_taken(metric, answers[inside], rule=rule),
                groups=None if groups is None else groups[inside],
                resamples=_RESAMPLES,
            ),
            counts=_counts(truth[inside], answers[inside], rule),
            rates=_rates(truth, answers, rule, groups, inside),
        )
        for _, name, level, inside in drafts[:_SLICES]
    )


def _counts(truth: NDArray[Any], answers: Floats, rule: Rule) -> Counts | None:
    """Return how rows of two classes were answered; None for other tasks."""
    if answers.shape[1] != 2:
        return None
    warned, positive = rule.choose(answers) == 1, truth == 1
    return Counts(
        rows=len(truth),
        positives=int(positive.sum()),
        warned=int(warned.sum()),
        warned_right=int((warned & positive).sum()),
    )


def _rates(
    truth: NDArray[Any],
    answers: Floats,
    rule: Rule,
    groups: NDArray[Any] | None,
    inside: NDArray[np.intp],
) -> Rates | None:
    if answers.shape[1] != 2:
        return None
    return measure_rates(
        truth[inside] == 1,
        rule.choose(answers[inside]) == 1,
        groups=None if groups is None else groups[inside],
    )


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
