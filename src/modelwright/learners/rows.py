"""Prepared tables as learners read them."""

import polars as pl

from modelwright.data.conform import columns_of
from modelwright.data.schema import Role, Schema
from modelwright.learners.base import Rows
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task


def rows_of(frame: pl.DataFrame, schema: Schema, *, target: str, task: Task) -> Rows:
    """Return the rows of a prepared table whose answer is known.

    Parameters
    ----------
    frame
        A prepared table.
    schema
        The roles of its columns: features are read, a weight is if there is one.
    target, task
        The column to predict and how its answers are coded.
    """
    truth = encode_target(frame[target], task)
    known = truth >= 0 if task.is_classification else truth == truth  # NaN differs from itself
    features = schema.select(tuple(column.name for column in schema.features))
    weight = schema.the(Role.WEIGHT)
    # Most tables have all answers, and a filter copies.
    answered = frame if known.all() else frame.filter(pl.Series(known, dtype=pl.Boolean))
    return Rows(
        schema=features,
        columns=columns_of(answered, features),
        target=truth[known],
        task=task,
        weight=None if weight is None else answered[weight.name].fill_null(0.0).to_numpy(),
    )
