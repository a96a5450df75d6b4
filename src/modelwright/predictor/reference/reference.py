"""The reference: how the training rows were distributed, to compare new rows with."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.beyond import Beyond
from modelwright.predictor.reference.counting import Measure
from modelwright.predictor.reference.distribution import (
    Distribution,
    Levels,
    bins_of,
    distribution_of,
    rare_levels,
)
from modelwright.predictor.reference.seasons import Season, seasons_of
from modelwright.tasks.task import Task

_FRACTIONS = 0.005
"""The part of whole numbers that may have been typed with a fraction."""

_MOST_DECIMALS = 6
_NEARLY = 0.01
"""How far from a step a number may lie, as a part of it."""

_MEASURES: dict[Kind, Measure] = {
    Kind.NUMERIC: "value",
    Kind.BOOLEAN: "value",
    Kind.DATETIME: "moment",
    Kind.TEXT: "length",
}


class Seasons(msgspec.Struct, frozen=True, kw_only=True):
    """Training rows by month, and by time of the week.

    Parameters
    ----------
    moment
        The column that tells the season.
    columns
        One distribution per feature, by name, of all training rows.
    known
        The seasons that training saw.
    """

    moment: str
    columns: dict[str, Distribution]
    known: tuple[Season, ...]


class Roughness(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By how much windows of training rows differed.

    Parameters
    ----------
    columns
        The logarithm of the mean e-value of each feature's windows, where it is above 0.
    losses
        The standard deviation of the logarithm of the mean loss of windows; None where there are
        too few.
    levels
        How far each roughness of `surprise.log_rise` is believed; empty where nobody knows.
    moves
        How far each roughness of `moves.log_moved` is believed; empty where nobody knows.
    further
        How windows lay beyond all that earlier rows had had, of each feature of which several did.
    runs
        How many rows in a row had one value in several windows, of each feature with many.
    """

    columns: dict[str, float] = {}
    losses: float | None = None
    levels: tuple[float, ...] = ()
    moves: tuple[float, ...] = ()
    further: dict[str, Beyond] = {}
    runs: dict[str, int] = {}


class Reference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What new rows are compared with.

    Answers are only told of rows out of fold, which of a table in time are its later part, and
    what comes next is likest to these; what training never had is told by all of its rows.

    Parameters
    ----------
    rows
        Training rows counted.
    columns
        One distribution per feature, by name, of the rows that were answered.
    answers
        The distribution of `answer_values`.
    seasons
        How they were distributed by month and time of the week; None where nobody knows.
    training
        One distribution per feature of all training rows; empty where these were all answered.
    rare
        Of features with more levels than a distribution names, the next commonest of all training
        rows, in the order of their names.
    whole
        The features of numbers of which nearly all training rows had whole ones; None where nobody
        knows.
    decimals
        The features of numbers that came with so many decimals at most in nearly all training
        rows; whole ones are not among them.
    roughness
        By how much windows of training rows differed; of nothing where they have no order in time.
    """

    rows: int
    columns: dict[str, Distribution]
    answers: Distribution
    seasons: Seasons | None = None
    training: dict[str, Distribution] = {}
    rare: dict[str, tuple[str, ...]] = {}
    whole: tuple[str, ...] | None = None
    decimals: dict[str, int] = {}
    roughness: Roughness = Roughness()

    def in_training(self, name: str) -> Distribution:
        """Return how a feature was distributed in all training rows."""
        return self.training.get(name) or self.columns[name]

    def unknown(self, name: str, values: Iterable[Any]) -> frozenset[str]:
        """Return the levels among values of a feature that no training row is known to have had.

        Examples
        --------
        >>> trained = Levels(levels=("a", "b"), counts=(5, 2, 1, 1))
        >>> reference = Reference(
        ...     rows=9, columns={"size": trained}, answers=trained, rare={"size": ("m",)}
        ... )
        >>> reference.unknown("size", ["a", "m", "z", None])
        frozenset({'z'})
        """
        trained, rare = self.in_training(name), self.rare.get(name, ())
        known = trained.levels if isinstance(trained, Levels) else ()
        new = set(values).difference(known, (None,))
        return frozenset(level for level in new if not _is_among(level, rare))


def reference_of(columns: Columns, schema: Schema, answers: Floats, task: Task) -> Reference:
    """Count training rows.

    Parameters
    ----------
    columns
        One array of shape (rows,) per feature.
    schema
        Its features are counted.
    answers : ndarray of shape (any number of rows, outputs)
        What the program answers to rows that it did not learn from.
    task
        How answers are coded.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> ages = np.array([30.0, 30.0, 41.0, np.nan])
    >>> reference = reference_of({"age": ages}, schema, ages[:3, None], Task(kind="regression"))
    >>> reference.columns["age"].edges, reference.columns["age"].counts
    ((30.0,), (2, 1, 1))
    """
    return Reference(
        rows=len(answers) if not columns else len(next(iter(columns.values()))),
        columns={
            column.name: _distribution(columns[column.name], column) for column in schema.features
        },
        answers=distribution_of_answers(task, answers),
        whole=_whole(columns, schema),
        decimals=_decimals(columns, schema),
    )


def distribution_of_answers(task: Task, answers: Floats) -> Distribution:
    """Count answers.

    Parameters
    ----------
    task
        How they are coded.
    answers : ndarray of shape (rows, outputs)
        What a program's `run` returned.

    Examples
    --------
    >>> distribution_of_answers(Task(kind="regression"), np.array([[1.0], [2.0]])).counts
    (1, 1, 0)
    """
    values = answer_values(task, answers)
    return distribution_of(values, None if task.kind == "multiclass" else "value")


def with_training(reference: Reference, columns: Columns, schema: Schema) -> Reference:
    """Return a reference that also knows what all training rows had.

    Parameters
    ----------
    reference
        Of the rows that were answered.
    columns
        One array of shape (rows,) per feature, of all that the model has learned from.
    schema
        Its features are counted.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> ages = np.array([30.0, 30.0, 41.0])
    >>> answered = reference_of({"age": ages[1:]}, schema, ages[1:, None], Task(kind="regression"))
    >>> with_training(answered, {"age": ages}, schema).in_training("age").counts
    (2, 1, 0)
    """
    rows = len(next(iter(columns.values()), ()))
    rare = {
        column.name: rare_levels(columns[column.name])
        for column in schema.features
        if column.kind not in _MEASURES
    }
    return msgspec.structs.replace(
        reference,
        training={
            column.name: _distribution(columns[column.name], column)
            for column in schema.features
            if rows > reference.rows
        },
        rare={name: levels for name, levels in rare.items() if levels},
        whole=_whole(columns, schema),
        decimals=_decimals(columns, schema),
    )


def count_seasons(columns: Columns, schema: Schema, moment: str) -> Seasons | None:
    """Count training rows by season; None where training was too short to know one.

    Parameters
    ----------
    columns
        One array of shape (rows,) per feature, of all that the model has learned from.
    schema
        Its features are counted.
    moment
        The column that says when each row was.
    """
    found = {
        column.name: _distribution(columns[column.name], column)
        for column in schema.features
        if column.name != moment
    }
    codes = {name: bins_of(each, columns[name]) for name, each in found.items()}
    bins = {name: len(each.counts) for name, each in found.items()}
    known = seasons_of(codes, columns[moment], bins=bins)
    return Seasons(moment=moment, columns=found, known=known) if known else None


def answer_values(task: Task, answers: Floats) -> Value:
    """Return the one value per answer whose distribution is watched.

    Parameters
    ----------
    answers : ndarray of shape (rows, outputs)
        What a program's `run` returned.

    Returns
    -------
    ndarray of shape (rows,)
        The probability of the positive class, the likeliest class as text, or the number.
    """
    if task.kind == "multiclass":
        texts = [label_text(label) for label in task.classes]
        return np.array([texts[index] for index in answers.argmax(axis=1)], dtype=object)
    return answers[:, -1]


def _whole(columns: Columns, schema: Schema) -> tuple[str, ...]:
    numbers = (each.name for each in schema.features if each.kind == Kind.NUMERIC)
    return tuple(name for name in numbers if _are_whole(columns[name]))


def _decimals(columns: Columns, schema: Schema) -> dict[str, int]:
    numbers = (each.name for each in schema.features if each.kind == Kind.NUMERIC)
    found = {name: _most_decimals(columns[name]) for name in numbers}
    return {name: decimals for name, decimals in found.items() if decimals}


def _most_decimals(values: Value) -> int:
    """Return how many decimals nearly all numbers have at most; 0 for whole ones and for many."""
    known = values[np.isfinite(values)]
    if not len(known) or _are_whole(known):
        return 0
    for decimals in range(1, _MOST_DECIMALS + 1):
        if float(between_steps(known, decimals).mean()) <= _FRACTIONS:
            return decimals
    return 0


def between_steps(values: Value, decimals: int) -> NDArray[np.bool_]:
    """Say which numbers have more decimals than so many.

    Parameters
    ----------
    values : ndarray of shape (rows,)
        None missing.
    decimals
        A number may be off by a hundredth of the last one, as those of single precision are.

    Examples
    --------
    >>> between_steps(np.array([0.1, 2.3, 0.25]), 1).tolist()
    [False, False, True]
    """
    steps = values * 10.0**decimals
    return np.asarray(np.abs(steps - np.rint(steps)) > _NEARLY)


def _are_whole(values: Value) -> bool:
    known = values[np.isfinite(values)]
    return bool(len(known)) and float((known != np.rint(known)).mean()) <= _FRACTIONS


def _distribution(values: Value, column: Column) -> Distribution:
    return distribution_of(values, _MEASURES.get(column.kind))


def _is_among(level: str, ordered: tuple[str, ...]) -> bool:
    place = bisect_left(ordered, level)
    return place < len(ordered) and ordered[place] == level
