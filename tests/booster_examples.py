"""What both boosting libraries are asked."""

from dataclasses import replace

from modelwright.learners.base import Rows
from modelwright.learners.loss import Loss
from modelwright.testing import example_rows

QUESTIONS = [
    ("binary", Loss()),
    ("multiclass", Loss()),
    *(("regression", Loss(kind)) for kind in ("squared", "absolute", "quantile", "poisson")),
]
"""Kinds of task, with what is learned to be small."""


def booster_rows(kind: str, loss: Loss, *, count: int, seed: int) -> Rows:
    """Return made-up rows without words."""
    rows = example_rows(kind, count=count, seed=seed)
    schema = rows.schema.select(tuple(name for name in rows.schema.names if name != "note"))
    return replace(rows, schema=schema, loss=loss)
