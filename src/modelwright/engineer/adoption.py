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
from modelwright.learners.foreign.base import Foreign, Risky, Wavering, first_line
from modelwright.predictor.operations.base import Flags, Floats
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
    first = table.head(_COMPARED)
    schema = Schema(columns=_read_of(model, table))
    rows = conform(first, schema)
    _require_numbers(model, first, rows)
    own = _own_answers(model, rows, task)
    if own is None:
        report(f"{model.title}: {len(program.steps)} steps, as its file says")
        return Adopted(program, model.title)
    told = _Comparison(model, task)
    time = clock.share(_COMPARING_SHARE)
    while told.rows < len(own) and (told.rows < _PIECE or time.remaining_s):
        piece = slice(told.rows, told.rows + _PIECE)
        told.compare(rows[piece], program.run(columns_of(rows[piece], schema)), own[piece])
    report(told.sentence(of=len(own)))
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
    if isinstance(model, Risky):
        model.try_out(rows)
    try:
        return model.answers(rows, task)
    except (ValueError, TypeError, KeyError, RuntimeError) as error:
        raise LearnerError(
            f"{model.title} itself cannot answer these rows: {first_line(error)}",
            "Let it ignore unknown levels and fill missing cells, or give rows that it knows.",
        ) from error


class _Comparison:
    """How far a program's answers are from a model's, piece by piece.

    Attributes
    ----------
    rows
        That were compared.
    """

    def __init__(self, model: Foreign, task: Task) -> None:
        self.rows = 0
        self._model, self._task = model, task
        self._furthest, self._undecided = 0.0, 0

    def compare(self, rows: pl.DataFrame, answers: Floats, own: Floats) -> None:
        """Take in the next rows.

        Raises
        ------
        LearnerError
            When the answers to one are too far apart, and the model itself decides it.
        """
        apart = (np.abs(answers - own) / np.maximum(1.0, np.abs(own))).max(axis=1, initial=0.0)
        beyond = np.flatnonzero(~(apart <= _TOLERANCE))
        open_ = self._are_undecided(rows[beyond], answers[beyond])
        if not open_.all():
            raise self._refusal(int(beyond[~open_][0]), answers, own)
        self._furthest = max(self._furthest, float(np.delete(apart, beyond).max(initial=0.0)))
        self._undecided += len(beyond)
        self.rows += len(rows)

    def sentence(self, *, of: int) -> str:
        """Return what people read, where there are so many rows.

        Raises
        ------
        LearnerError
            When no row says anything, as all have neighbours that are equally far.
        """
        if self.rows and self._undecided == self.rows:
            raise LearnerError(
                f"{self._model.title} takes any of several neighbours that are equally far in all "
                f"{self.rows:,} rows, so that nothing says whether the program answers alike.",
                "Give rows that differ more from those that it has learned.",
            )
        told = f"{self.rows:,}" if self.rows == of else f"{self.rows:,} of {of:,}"
        alike = f"{self._model.title} and the program answer {told} rows alike"
        but = (
            f", but for {self._undecided:,} with neighbours that are equally far, of which the "
            "model takes any"
        )
        return f"{alike}{but if self._undecided else ''}: {self._furthest:.1e} apart"

    def _are_undecided(self, rows: pl.DataFrame, answers: Floats) -> Flags:
        if len(rows) and isinstance(self._model, Wavering):
            return self._model.undecided(rows, self._task, answers=answers, tolerance=_TOLERANCE)
        return np.zeros(len(rows), dtype=np.bool_)

    def _refusal(self, place: int, answers: Floats, own: Floats) -> LearnerError:
        title = self._model.title
        return LearnerError(
            f"The program answers row {self.rows + place + 1} with {answers[place].tolist()}, "
            f"{title} with {own[place].tolist()}.",
            "Let the model answer every row, missing cells too. It may read a column otherwise "
            "than it was learned from; or its trees ask of computed numbers, such as products, "
            "what these meet to the last bit.",
        )
