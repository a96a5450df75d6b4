"""Which rows have an answer, and which depend on each other."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.documents import Findings
from modelwright.learners.base import Rows
from modelwright.learners.rows import rows_of
from modelwright.tasks.targets import encode_target

_DAYS_TO_GROUP = 20
"""Fewer days than this are too few to resample as wholes."""


def answered(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Return the rows whose answer is known."""
    truth = encode_target(frame[findings.plan.target], findings.plan.task)
    known = truth >= 0 if findings.plan.task.is_classification else np.isfinite(truth)
    return frame.filter(pl.Series(known, dtype=pl.Boolean))


def learning_rows(frame: pl.DataFrame, findings: Findings) -> Rows:
    """Return answered rows as a learner reads them."""
    plan = findings.plan
    rows = rows_of(frame, findings.schema, target=plan.target, task=plan.task)
    return replace(rows, forward=plan.split.kind == "time")


def dependent_groups(frame: pl.DataFrame, findings: Findings) -> NDArray[Any] | None:
    """Return what rows that are not independent share: their entity, or their day; else None."""
    split = findings.plan.split
    if split.kind == "group":
        return frame[split.column].cast(pl.String).fill_null("").to_numpy()
    if split.kind != "time":
        return None
    moments = frame[split.column]
    days = moments.dt.date() if moments.dtype.is_temporal() else moments
    groups = days.cast(pl.String).fill_null("").to_numpy()
    return groups if len(np.unique(groups)) >= _DAYS_TO_GROUP else None
