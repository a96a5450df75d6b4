"""A model that somebody else trained, taken in: its columns, and that it answers the same."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
from msgspec.structs import replace

from modelwright.compute.budget import Budget
from modelwright.data.conform import columns_of, conform
from modelwright.data.inference.tally import Tally
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.series import as_text
from modelwright.documents import Brief
from modelwright.errors import LearnerError, SchemaError, nearest
from modelwright.learners.foreign.adopted import Adopted
from modelwright.learners.foreign.base import Foreign, first_line
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.task import Task

_COMPARED = 10_000
_TOLERANCE = 1e-5
"""XGBoost adds up in single precision, the program in double."""
_COMPARING_SHARE = 0.2
"""Of the time that is left: a graph is asked row by row, and one of neighbours measures each."""
_PIECE = 500
"""Rows that are compared at once, and at least."""


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
    model: Foreign, task: Task, table: pl.DataFrame, *, clock: Budget, report: Callable[[str], None]
) -> Adopted:
    """Return a model as a learner that has nothing left to learn, compared with the model itself.

    Parameters
    ----------
    model
        What is adopted.
    task
        What it answers.
    table
        Rows, of which the first ten thousand are answered by both, as far as the time allows.
    clock
        The time that is left for all.
    report
        Told what was compared.

    Raises
    ------
    LearnerError
        When a part of the model has no place in a program, or the program answers otherwise.
    """
    program = model.program(task)
    told = table.head(_COMPARED)
    schema = Schema(columns=_read_of(model, table))
    rows = conform(told, schema)
    _require_numbers(model, told, rows)
    own = _own_answers(model, rows, task)
    if own is None:
        report(f"{model.title}: {len(program.steps)} steps, as its file says")
        return Adopted(program, model.title)
    compared, furthest, time = 0, 0.0, clock.share(_COMPARING_SHARE)
    while compared < len(own) and (compared < _PIECE or time.remaining_s):
        piece = slice(compared, compared + _PIECE)
        answers = program.run(columns_of(rows[piece], schema))
        furthest = max(furthest, _apart(model, answers, own[piece], before=compared))
        compared += len(answers)
    of_all = "" if compared == len(own) else f" of {len(own):,}"
    report(
        f"{model.title} and the program answer {compared:,}{of_all} rows alike: "
        f"{furthest:.1e} apart"
    )
    return Adopted(program, model.title)


def _require_numbers(model: Foreign, told: pl.DataFrame, rows: pl.DataFrame) -> None:
    """Refuse texts in the place of numbers, of which nothing is left when they are read."""
    for need in model.needs:
        empty = rows[need.name].is_null().all() > told[need.name].is_null().all()
        if need.kind == Kind.NUMERIC and empty:
            raise LearnerError(
                f"The model reads numbers of {need.name!r}, which holds none.",
                "A file of LightGBM does not say which columns had levels: train it with all "
                "categories of the frame as such, and with no others.",
            )


def _own_answers(model: Foreign, rows: pl.DataFrame, task: Task) -> Floats | None:
    try:
        return model.answers(rows, task)
    except (ValueError, TypeError, KeyError, RuntimeError) as error:
        raise LearnerError(
            f"{model.title} itself cannot answer these rows: {first_line(error)}",
            "Let it ignore unknown levels and fill missing cells, or give rows that it knows.",
        ) from error


def _apart(model: Foreign, answers: Floats, own: Floats, *, before: int) -> float:
    """Return how far the program's answers to a piece of the rows are from the model's.

    Raises
    ------
    LearnerError
        When that is too far.
    """
    apart = np.abs(answers - own) / np.maximum(1.0, np.abs(own))
    furthest = float(apart.max(initial=0.0))
    if furthest <= _TOLERANCE:
        return furthest
    place = int(np.argmax(apart.max(axis=1)))
    raise LearnerError(
        f"The program answers row {before + place + 1} with {answers[place].tolist()}, "
        f"{model.title} with {own[place].tolist()}.",
        "Let the model answer every row, missing cells too. It may read a column otherwise than it "
        "was learned from; or its trees ask of computed numbers, such as products, what these meet "
        "to the last bit.",
    )
