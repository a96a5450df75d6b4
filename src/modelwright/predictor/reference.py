"""The reference: how the training rows were distributed, to compare new rows with."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME, Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.seasons import Season, seasons_of
from modelwright.tasks.task import Task

MAX_BINS = 20
MAX_LEVELS = 100

Measure = Literal["value", "moment", "length"]
"""What of a column is binned: numbers, microseconds since 1970, or the characters of a text."""

_MEASURES: dict[Kind, Measure] = {
    Kind.NUMERIC: "value",
    Kind.BOOLEAN: "value",
    Kind.DATETIME: "moment",
    Kind.TEXT: "length",
}


class Binned(msgspec.Struct, frozen=True, kw_only=True, tag="binned"):
    """Numbers in bins that hold about as many training rows each.

    Parameters
    ----------
    measure
        What is binned.
    edges
        Rising upper ends, inclusive, of all bins but the last, which has no end. None of the bins
        is empty in training, unless there was no value at all.
    counts
        Training rows per bin, then the missing ones.
    """

    measure: Measure
    edges: tuple[float, ...]
    counts: tuple[int, ...]


class Levels(msgspec.Struct, frozen=True, kw_only=True, tag="levels"):
    """Categories.

    Parameters
    ----------
    levels
        The commonest levels, at most a hundred, the commonest first.
    counts
        Training rows per level, then those of all other levels, then the missing ones.
    """

    levels: tuple[str, ...]
    counts: tuple[int, ...]


Distribution: TypeAlias = Binned | Levels


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


class Reference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What new rows are compared with.

    Parameters
    ----------
    rows
        Training rows counted.
    columns
        One distribution per feature, by name.
    answers
        The distribution of `answer_values`.
    seasons
        How they were distributed by month and time of the week; None where nobody knows.
    """

    rows: int
    columns: dict[str, Distribution]
    answers: Distribution
    seasons: Seasons | None = None


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
        answers=_distribution_of_answers(answer_values(task, answers), task),
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


def counts_of(distribution: Distribution, values: Value) -> NDArray[np.int64]:
    """Count new rows as the training rows were counted.

    Parameters
    ----------
    distribution
        Of one column, or of the answers.
    values : ndarray of shape (rows,)
        The column as `columns_from_records` gives it, or what `answer_values` returned.

    Returns
    -------
    ndarray of shape (len(distribution.counts),)
        In the order of ``distribution.counts``; a level never seen counts among the others.

    Examples
    --------
    >>> trained = Levels(levels=("a", "b"), counts=(5, 2, 0, 1))
    >>> counts_of(trained, np.array(["b", "z", None, "b"], dtype=object))
    array([0, 2, 1, 1])
    """
    if isinstance(distribution, Levels):
        return _count_levels(distribution.levels, values)
    return _count_bins(distribution.edges, _measured(values, distribution.measure))


def bins_of(distribution: Distribution, values: Value) -> NDArray[np.int64]:
    """Return the bin of each row, (rows,), in the order of ``distribution.counts``.

    Examples
    --------
    >>> trained = Levels(levels=("a", "b"), counts=(5, 2, 0, 1))
    >>> bins_of(trained, np.array(["b", "z", None], dtype=object))
    array([1, 2, 3])
    """
    if isinstance(distribution, Binned):
        return _bins(distribution.edges, _measured(values, distribution.measure))
    places: dict[str | None, int] = {level: at for at, level in enumerate(distribution.levels)}
    others = len(places)
    places[None] = others + 1
    return np.array([places.get(value, others) for value in values.tolist()], dtype=np.int64)


def _distribution(values: Value, column: Column) -> Distribution:
    measure = _MEASURES.get(column.kind)
    return _levels(values) if measure is None else _binned(values, measure)


def _distribution_of_answers(values: Value, task: Task) -> Distribution:
    return _levels(values) if task.kind == "multiclass" else _binned(values, "value")


def _binned(values: Value, measure: Measure) -> Binned:
    numbers = _measured(values, measure)
    edges = _edges(numbers[np.isfinite(numbers)])
    counts = _count_bins(edges, numbers)
    return Binned(measure=measure, edges=edges, counts=_ints(counts))


def _levels(values: Value) -> Levels:
    counter = Counter(value for value in values if value is not None)
    common = sorted(counter, key=lambda level: (-counter[level], level))[:MAX_LEVELS]
    return Levels(levels=tuple(common), counts=_ints(_count_levels(tuple(common), values)))


def _edges(known: Floats) -> tuple[float, ...]:
    if not len(known):
        return ()
    shares = np.arange(1, MAX_BINS) / MAX_BINS
    # Values that occur, so that no bin is empty; the largest one would leave the last bin empty.
    quantiles = np.unique(np.quantile(known, shares, method="inverted_cdf"))
    return tuple(float(edge) for edge in quantiles if edge < known.max())


def _count_bins(edges: tuple[float, ...], numbers: Floats) -> NDArray[np.int64]:
    return np.bincount(_bins(edges, numbers), minlength=len(edges) + 2).astype(np.int64)


def _bins(edges: tuple[float, ...], numbers: Floats) -> NDArray[np.int64]:
    inside = np.searchsorted(np.array(edges), numbers, "left")
    return np.where(np.isnan(numbers), len(edges) + 1, inside).astype(np.int64)


def _count_levels(levels: tuple[str, ...], values: Value) -> NDArray[np.int64]:
    counter = Counter(values)
    missing = counter.pop(None, 0)
    known = [counter.pop(level, 0) for level in levels]
    return np.array([*known, counter.total(), missing], dtype=np.int64)


def _measured(values: Value, measure: Measure) -> Floats:
    match measure:
        case "value":
            return np.asarray(values, dtype=np.float64)
        case "moment":
            numbers = values.astype(np.float64)
            numbers[values == MISSING_DATETIME] = np.nan
            return np.asarray(numbers)
        case "length":
            return np.array([_length(text) for text in values], dtype=np.float64)


def _length(text: Any) -> float:
    return np.nan if text is None else float(len(text))


def _ints(counts: Iterable[Any]) -> tuple[int, ...]:
    return tuple(int(count) for count in counts)
