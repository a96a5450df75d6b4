"""Which rows have an answer."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.documents import Findings
from modelwright.learners.base import Rows
from modelwright.learners.rows import rows_of
from modelwright.tasks.targets import encode_target


def answered(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Return the rows whose answer is known."""
    known = has_answer(frame, findings)
    # Most tables have all answers, and a filter copies.
    return frame if known.all() else frame.filter(pl.Series(known, dtype=pl.Boolean))


def has_answer(frame: pl.DataFrame, findings: Findings) -> NDArray[np.bool_]:
    """Mark the rows whose answer is known, of shape (rows,)."""
    truth = encode_target(frame[findings.plan.target], findings.plan.task)
    known = truth >= 0 if findings.plan.task.is_classification else np.isfinite(truth)
    return np.asarray(known)


def learning_rows(frame: pl.DataFrame, findings: Findings) -> Rows:
    """Return answered rows as a learner reads them."""
    plan = findings.plan
    rows = rows_of(frame, findings.schema, target=plan.target, task=plan.task)
    return replace(rows, forward=plan.split.kind == "time")
