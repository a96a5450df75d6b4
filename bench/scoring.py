"""Scoring: the one place where answers meet the truth, for every contestant alike."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.suite import Rows
from modelwright.errors import InputError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a contestant wrote.

    Parameters
    ----------
    answers
        (rows, classes it knows) probabilities, or (rows,) numbers.
    classes
        Which class each column of probabilities is; none in a regression.
    decisions
        (rows,) codes, where the metric judges classes.
    """

    answers: Floats
    classes: Codes | None = None
    decisions: Codes | None = None


def read_answers(path: Path) -> Answers:
    """Read the file that a contestant wrote; arrays only, no objects."""
    with np.load(path, allow_pickle=False) as arrays:
        return Answers(**{name: arrays[name] for name in arrays.files})


def score(answers: Answers, rows: Rows) -> float:
    """Score answers by the metric of the contest.

    Raises
    ------
    InputError
        They are too few, not finite, or not of the classes asked for.

    Examples
    --------
    >>> import polars as pl
    >>> from modelwright.tasks.metrics import METRICS
    >>> from modelwright.tasks.task import Task
    >>> rows = Rows(train=pl.DataFrame(), test=pl.DataFrame(), truth=np.array([1.0, 3.0]),
    ...             task=Task(kind="regression"), metric=METRICS["mae"])
    >>> score(Answers(answers=np.array([2.0, 3.0])), rows)
    0.5
    """
    judged = _judged(answers, rows)
    if len(judged) != len(rows.truth):
        raise InputError(f"It answered {len(judged)} of {len(rows.truth)} rows.")
    if not np.isfinite(judged).all():
        raise InputError("Some of its answers are not finite.")
    return rows.metric.score(rows.truth, judged)


def _judged(answers: Answers, rows: Rows) -> Floats | Codes:
    if not rows.task.is_classification:
        return answers.answers
    if rows.metric.takes == "classes":
        if answers.decisions is None:
            raise InputError("It decided for no classes.")
        return answers.decisions
    return _aligned(answers, len(rows.task.classes))


def _aligned(answers: Answers, n_classes: int) -> Floats:
    """Return a column for each class; one that the contestant has not met gets nothing."""
    classes = answers.classes
    known = classes is not None and len(set(classes.tolist()) & set(range(n_classes)))
    if classes is None or known != len(classes) or answers.answers.shape[1:] != (known,):
        raise InputError(f"Its columns are {classes} of {n_classes} classes.")
    aligned = np.zeros((len(answers.answers), n_classes))
    aligned[:, classes] = answers.answers
    return aligned
