"""Which columns of another system's log hold what."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.conform import conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.series import as_text, series_of
from modelwright.errors import SchemaError, nearest
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task

_UNITS_OF_A_SECOND = ((1e11, 1), (1e14, 1_000), (np.inf, 1_000_000))
"""Numbers below the first are seconds since 1970, below the second milliseconds, else micro."""


_ROUNDED = 1e-6
"""How far beyond 0 and 1 a probability may be written."""


@dataclass(frozen=True, kw_only=True)
class LogColumns:
    """Names of columns of a log.

    Parameters
    ----------
    id, time
        What names an answer, and when it was given: a moment, or a number of seconds,
        milliseconds or microseconds since 1970 in UTC.
    prediction
        What was answered; empty where the log does not say.
    probabilities
        By class, as text; of two classes the second one's is enough, and needs no name.
    label
        What turned out to be true; empty where the log does not say.
    label_time
        When that became known; empty where the log does not say.
    inputs
        By feature, where the log calls it otherwise.

    Examples
    --------
    >>> LogColumns(time="scored", inputs={"age": "customer_age"}).of_feature("age")
    'customer_age'
    """

    id: str = "id"
    time: str = "time"
    prediction: str = ""
    probabilities: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    label_time: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)

    def of_feature(self, name: str) -> str:
        """Return the column that holds a feature."""
        return self.inputs.get(name, name)

    def checked(self, schema: Schema, task: Task) -> "LogColumns":
        """Return them with each class named, when features and classes are those of a model.

        Raises
        ------
        SchemaError
            When one is not.
        """
        for name in self.inputs:
            if name not in schema and all(name != each.cell for each in schema):
                raise SchemaError(f"The model reads no {name!r}.", nearest(name, schema.names))
        if self.probabilities and not task.is_classification:
            raise SchemaError("A number has no probability.", "Name the column of predictions.")
        classes = [label_text(label) for label in task.classes]
        named = {name or classes[-1]: column for name, column in self.probabilities.items()}
        for name in named:
            if name not in classes:
                raise SchemaError(
                    f"The model has no class {name!r} that could have a probability.",
                    nearest(name, classes),
                )
        least = set(classes[1:] if task.kind == "binary" else classes)
        if named and not least <= named.keys():
            missing = ", ".join(sorted(least - named.keys()))
            raise SchemaError(
                f"The log names no probability of {missing}.", "Name one for each class, or none."
            )
        return replace(self, probabilities=named)


def texts_of(table: pl.DataFrame, name: str, what: str) -> list[str]:
    """Return a column as texts, none of which is missing.

    Raises
    ------
    SchemaError
        When there is no such column, or a row has none.
    """
    values = as_text(series_of(table, name))
    if missing := values.is_null().sum() + int((values == "").sum()):
        raise SchemaError(
            f"{missing:,} of {len(values):,} rows have no {what} in the column {name!r}.",
            "Leave such rows out, or name another column.",
        )
    return values.to_list()


def moments_of(table: pl.DataFrame, name: str, what: str) -> list[int | None]:
    """Return a column as microseconds since 1970 in UTC; None where a row has no moment.

    Raises
    ------
    SchemaError
        When there is no such column, or it holds what is no moment.

    Examples
    --------
    >>> moments_of(pl.DataFrame({"at": ["1970-01-02", None]}), "at", "time")
    [86400000000, None]
    >>> moments_of(pl.DataFrame({"at": [1_700_000_000]}), "at", "time")
    [1700000000000000]
    >>> moments_of(pl.DataFrame({"at": ["1700000000", None]}), "at", "time")
    [1700000000000000, None]
    """
    given = series_of(table, name)
    if given.dtype.is_numeric():
        return _counted(given)
    column = Schema(columns=(Column(name=name, kind=Kind.DATETIME),))
    read = conform(table.select(given), column)[name]
    if unread := read.null_count() - given.null_count():
        numbers = given.cast(pl.Float64, strict=False)
        # CSV has texts alone, also for seconds since 1970.
        if numbers.null_count() == given.null_count() and _count_since_1970(numbers):
            return _counted(numbers)
        shown = given.filter(read.is_null() & given.is_not_null())[0]
        raise SchemaError(
            f"{unread:,} values of {name!r} are no {what}, such as {shown!r:.40}.",
            "Write moments in ISO 8601, or as seconds since 1970.",
        )
    return read.cast(pl.Int64).to_list()


def _count_since_1970(numbers: pl.Series) -> bool:
    """Return whether all lie from 2001 to 2033 in one unit: 20230101 is a day."""
    lowest = (10.0**power for power in (9, 12, 15, 18))
    return any(numbers.is_between(low, 2 * low, closed="left").all() for low in lowest)


def _counted(given: pl.Series) -> list[int | None]:
    numbers = given.cast(pl.Float64).fill_nan(None)
    largest = abs(float(numbers.abs().max() or 0.0))  # type: ignore[arg-type]
    per_second = next(units for below, units in _UNITS_OF_A_SECOND if largest < below)
    exact = given if given.dtype.is_integer() else numbers
    return (exact * (1_000_000 // per_second)).cast(pl.Int64).to_list()


def answers_of(table: pl.DataFrame, columns: LogColumns, task: Task) -> Floats | None:
    """Return the probabilities or numbers that a log holds, (rows, outputs), NaN where it has none.

    None where the log names no such column.

    Raises
    ------
    SchemaError
        When a probability is below 0 or above 1.
    """
    if not task.is_classification:
        if not columns.prediction:
            return None
        numbers = series_of(table, columns.prediction).cast(pl.Float64, strict=False)
        return np.asarray(numbers.fill_null(np.nan).to_numpy().reshape(-1, 1))
    if not columns.probabilities:
        return None
    names = [label_text(label) for label in task.classes]
    known = {name: _probabilities(table, column) for name, column in columns.probabilities.items()}
    if task.kind == "binary":
        known.setdefault(names[0], 1.0 - known[names[1]])
    return np.column_stack([known[name] for name in names])


def _probabilities(table: pl.DataFrame, name: str) -> Floats:
    values = series_of(table, name).cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    wrong = values[(values < -_ROUNDED) | (values > 1 + _ROUNDED)]
    if len(wrong):
        raise SchemaError(
            f"{len(wrong):,} values of {name!r} are no probability, such as {wrong[0]:g}.",
            "Divide percentages by 100; leave the column out where it is a score.",
        )
    return np.asarray(np.clip(values, 0.0, 1.0))


def classes_of(table: pl.DataFrame, columns: LogColumns, task: Task) -> NDArray[Any] | None:
    """Return the classes that a log answered as indices, -1 where a row has none.

    None where the log names no such column, or answers are numbers.
    """
    if not columns.prediction or not task.is_classification:
        return None
    return encode_target(series_of(table, columns.prediction), task)


def said_by(table: pl.DataFrame, columns: LogColumns, task: Task) -> Floats:
    """Return what a log alone says was answered, (rows, outputs), NaN where it does not.

    Raises
    ------
    SchemaError
        When it names no column of answers.

    Examples
    --------
    >>> task = Task(kind="binary", classes=("no", "yes"))
    >>> said_by(pl.DataFrame({"said": ["yes", None]}), LogColumns(prediction="said"), task)
    array([[ 0.,  1.],
           [nan, nan]])
    """
    logged, classes = answers_of(table, columns, task), classes_of(table, columns, task)
    if logged is not None:
        return logged
    if classes is None:
        raise SchemaError(
            "The log does not say what was answered, and the model is not here.",
            "Name the column: --prediction or --probability.",
        )
    return np.where(classes[:, None] < 0, np.nan, np.eye(task.n_outputs)[classes])
