"""Rows that lack some classes of their task."""

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.learners.base import Fitted, Learner, Rows
from modelwright.learners.baseline import Constant
from modelwright.learners.faults import faults_told
from modelwright.predictor.compose import append_step
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task

Codes = NDArray[np.int64]
_NONE = np.zeros(0, dtype=np.int64)


def fit_on_known(
    learner: Learner, rows: Rows, *, check_rows: Rows | None = None, **how: Any
) -> Fitted:
    """Let a learner learn from rows that may lack some classes of the task.

    A learner may assume that each class occurs, but a fold of early or of few rows can lack some.
    Then the learner learns the others, and each class that n rows do not have gets the
    probability 1 / (n + classes): Laplace's rule of succession.

    Parameters
    ----------
    learner, rows, check_rows, how
        As `Learner.fit` takes them.

    Raises
    ------
    ModelwrightError
        As `Learner.fit` does; `LearnerError` for what its library raised.
    """
    with faults_told(learner):
        return _fit(learner, rows, check_rows=check_rows, **how)


def _fit(learner: Learner, rows: Rows, *, check_rows: Rows | None, **how: Any) -> Fitted:
    known = _classes_in(rows)
    if len(known) == len(rows.task.classes):
        return learner.fit(rows, check_rows=check_rows, **how)
    if len(known) == 1:
        # There is nothing to tell apart: every learner answers with the one class.
        every = np.arange(len(rows.task.classes))
        return Fitted(_widen(Constant().fit(rows, **how).program, every, rows))
    held = None if check_rows is None else _only(check_rows, known)
    fitted = learner.fit(_only(rows, known), check_rows=held or None, **how)
    # Its recipe is that of the smaller task.
    return replace(fitted, program=_widen(fitted.program, known, rows), recipe=None)


def _classes_in(rows: Rows) -> Codes:
    return np.unique(rows.target).astype(np.int64) if rows.task.is_classification else _NONE


def _only(rows: Rows, known: Codes) -> Rows:
    """Return the rows of some classes as rows of a smaller task."""
    inside = rows.take(np.flatnonzero(np.isin(rows.target, known)))
    task = Task(
        kind="binary" if len(known) == 2 else "multiclass",
        classes=tuple(rows.task.classes[code] for code in known),
    )
    return replace(inside, target=np.searchsorted(known, inside.target), task=task)


def _widen(program: Program, columns: Codes, rows: Rows) -> Program:
    """Return a program whose answer has a column for each class of the task of rows.

    Parameters
    ----------
    program
        It answers with the probabilities of some classes.
    columns
        Which they are.
    rows
        What it learned from.
    """
    classes = rows.task.n_outputs
    absent = np.bincount(rows.target, minlength=classes) == 0
    share = 1.0 / (len(rows) + classes)
    weights = np.eye(classes)[columns] * (1.0 - share * absent.sum())
    step = Linear(inputs=("",), output="", weights=weights, bias=absent * share)
    wide = append_step(program, step)
    return msgspec.structs.replace(wide, task=rows.task)
