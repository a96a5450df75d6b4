"""A model that somebody else trained, taken in: its columns, and that it answers the same."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
from msgspec.structs import replace

from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.series import as_text
from modelwright.data.tally import Tally
from modelwright.documents import Brief
from modelwright.errors import LearnerError, SchemaError, nearest
from modelwright.learners.foreign.adopted import Adopted
from modelwright.learners.foreign.base import Foreign, first_line
from modelwright.tasks.task import Task

_COMPARED = 10_000
_TOLERANCE = 1e-5
"""XGBoost adds up in single precision, the program in double."""


def keys_for(model: Foreign, brief: Brief, table: pl.DataFrame) -> Mapping[str, Any]:
    """Return what a brief says so that the model gets its columns as it reads them, and no others.

    Parameters
    ----------
    model
        What is adopted.
    brief
        May name columns that say when a row happened, and the like.
    table
        Whose columns it reads.

    Raises
    ------
    SchemaError
        When the table lacks a column, or the target is one that the model reads.
    """
    columns = table.columns
    absent = [need.name for need in model.needs if need.name not in columns]
    if absent:
        raise SchemaError(
            f"The model reads {absent[0]!r}, which the table lacks.", nearest(absent[0], columns)
        )
    needs = {column.name: column.kind for column in _read_of(model, table)}
    if brief.target in needs:
        raise SchemaError(f"The model reads {brief.target!r}, which it is to predict.")
    roles = {brief.target, brief.time, brief.group, brief.weight, brief.moment, *brief.roles}
    return {
        "kinds": {**brief.kinds, **{name: kind.value for name, kind in needs.items()}},
        "keep": [*needs],
        "exclude": [name for name in columns if name not in needs and name not in roles],
    }


def _read_of(model: Foreign, table: pl.DataFrame) -> tuple[Column, ...]:
    """Return the columns that a model reads: numbers that are written as truths are truths."""
    columns = (Column(name=need.name, kind=need.kind) for need in model.needs)
    return tuple(
        replace(each, kind=Kind.BOOLEAN)
        if each.kind == Kind.NUMERIC and _are_truths(table[each.name])
        else each
        for each in columns
    )


def _are_truths(series: pl.Series) -> bool:
    if series.dtype != pl.String:
        return False
    words = {*Tally.of(as_text(series)).without_number_tokens().values.str.to_lowercase()}
    return bool(words) and words <= {"true", "false"}


def adopted(
    model: Foreign, task: Task, table: pl.DataFrame, *, report: Callable[[str], None]
) -> Adopted:
    """Return a model as a learner that has nothing left to learn, compared with the model itself.

    Parameters
    ----------
    model
        What is adopted.
    task
        What it answers.
    table
        Rows, of which the first ten thousand are answered by both.
    report
        Told what was compared.

    Raises
    ------
    LearnerError
        When a part of the model has no place in a program, or the program answers otherwise.
    """
    program = model.program(task)
    needs = _read_of(model, table)
    rows = conform(table.head(_COMPARED), Schema(columns=needs))
    for need in model.needs:
        told = table[need.name].head(_COMPARED)
        if need.kind == Kind.NUMERIC and rows[need.name].is_null().all() > told.is_null().all():
            raise LearnerError(
                f"The model reads numbers of {need.name!r}, which holds none.",
                "A file of LightGBM does not say which columns had levels: train it with all "
                "categories of the frame as such, and with no others.",
            )
    try:
        own = model.answers(rows, task)
    except (ValueError, TypeError, KeyError, RuntimeError) as error:
        raise LearnerError(
            f"{model.title} itself cannot answer these rows: {first_line(error)}",
            "Let it ignore unknown levels and fill missing cells, or give rows that it knows.",
        ) from error
    if own is None:
        report(f"{model.title}: {len(program.steps)} steps, as its file says")
        return Adopted(program, model.title)
    answers = program.run(columns_of(rows, Schema(columns=needs)))
    apart = np.abs(answers - own) / np.maximum(1.0, np.abs(own))
    furthest = float(apart.max(initial=0.0))
    if not furthest <= _TOLERANCE:
        place = int(np.argmax(apart.max(axis=1)))
        raise LearnerError(
            f"The program answers row {place + 1} with {answers[place].tolist()}, "
            f"{model.title} with {own[place].tolist()}.",
            "It may read a column otherwise than it was learned from; or its trees ask of computed "
            "numbers, such as products, what these meet to the last bit.",
        )
    report(f"{model.title} and the program answer {len(own):,} rows alike: {furthest:.1e} apart")
    return Adopted(program, model.title)
