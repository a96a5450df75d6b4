"""A model: a bundle that answers tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from modelwright._notebook import html_of
from modelwright.compute.parallel import cores, map_threads
from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.errors import SchemaError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.compiled import compiled_where_sooner
from modelwright.predictor.coverage import USUAL_LEVEL
from modelwright.predictor.operations.base import Floats, Value
from modelwright.tasks.task import Label, Task

if TYPE_CHECKING:
    import polars as pl

_ROWS_EACH = 8_192
"""Fewer rows are not worth a thread."""


@dataclass(frozen=True)
class Model:
    """A bundle that answers tables; `load` opens one.

    Parameters
    ----------
    bundle
        The program, the schema that it reads and all that belongs to it.
    """

    bundle: Bundle

    def compiled(self, folder: Path | None = None) -> "Model":
        """Return the same model, compiled by a C++ compiler where that answers sooner.

        That is where modelwright was installed without its own compiled kernel, which answers
        sooner still; there, the same model is returned. To compile takes seconds the first time,
        and answers may then differ in the last bit; batches are answered on all cores.

        Parameters
        ----------
        folder
            Where compiled programs are kept; None for the user's cache.

        Raises
        ------
        ServiceError
            When there is no C++ compiler here.
        """
        return Model(compiled_where_sooner(self.bundle, folder))

    def _repr_html_(self) -> str:
        """Return its program as a notebook shows it."""
        return html_of(self)

    @property
    def task(self) -> Task:
        """What is answered."""
        return self.bundle.program.task

    @property
    def classes_(self) -> Value:
        """The classes in the order of the columns of `predict_proba`, as an array.

        Raises
        ------
        AttributeError
            In a regression.
        """
        if not self.task.is_classification:
            raise AttributeError("A regression has no classes.")
        return np.array(self.task.classes)

    def predict(self, table: Any) -> Value:
        """Answer rows.

        Parameters
        ----------
        table
            A data frame (polars, pandas, pyarrow, DuckDB or any other that narwhals knows), a list
            of records, or an array with the features in order. Further columns are ignored.

        Returns
        -------
        ndarray of shape (rows,)
            Classes or numbers.

        Raises
        ------
        SchemaError
            When a feature is missing, or a record has a value of the wrong type.
        """
        answers = self._run(table)
        if not self.task.is_classification:
            return answers[:, 0]
        return np.asarray(self.classes_[self.bundle.program.choose(answers)])

    def predict_proba(self, table: Any) -> Floats:
        """Return the probability of each class.

        Parameters
        ----------
        table
            As for `predict`.

        Returns
        -------
        ndarray of shape (rows, classes)

        Raises
        ------
        AttributeError
            In a regression.
        SchemaError
            As for `predict`.
        """
        if not self.task.is_classification:
            raise AttributeError("A regression has no probabilities; call predict.")
        return self._run(table)

    def predict_interval(self, table: Any, level: float = USUAL_LEVEL) -> Floats:
        """Return for each answer the range that holds the truth as often as stated.

        Parameters
        ----------
        table
            As for `predict`.
        level
            How often the truth is held: 0.8, 0.9 or 0.95.

        Returns
        -------
        ndarray of shape (rows, 2)
            The lower and the upper end.

        Raises
        ------
        AttributeError
            In a classification.
        BundleError
            When the bundle states no ranges.
        InputError
            When the level is not offered.
        SchemaError
            As for `predict`.
        """
        if self.task.is_classification:
            raise AttributeError("A classification has no ranges; call predict_set.")
        return self.bundle.program.ranges(self._run(table), level)

    def predict_set(self, table: Any, level: float = USUAL_LEVEL) -> list[tuple[Label, ...]]:
        """Return for each row the classes among which the true one is as often as stated.

        Parameters
        ----------
        table
            As for `predict`.
        level
            How often the truth is among them: 0.8, 0.9 or 0.95.

        Returns
        -------
        list of tuple
            Classes in the order of `classes_`; at least the one that `predict` answers.

        Raises
        ------
        AttributeError
            In a regression.
        BundleError
            When the bundle states no sets.
        InputError
            When the level is not offered.
        SchemaError
            As for `predict`.
        """
        if not self.task.is_classification:
            raise AttributeError("A regression has no classes; call predict_interval.")
        return self.bundle.program.sets(self._run(table), level)

    def _run(self, table: Any) -> Floats:
        if isinstance(table, list | tuple) and all(isinstance(row, Mapping) for row in table):
            return self.bundle.run_records(table)
        # Here, because a model of records needs no data-frame library.
        from modelwright.data.conform import columns_of, conform

        schema = self.bundle.schema
        return self._run_columns(columns_of(conform(_as_polars(table, schema), schema), schema))

    def _run_columns(self, columns: Columns) -> Floats:
        rows = len(columns[self.bundle.schema.names[0]])
        # Other runners have threads of their own.
        threads = 1 if self.bundle.runner else min(cores(), rows // _ROWS_EACH)
        if threads <= 1:
            return self.bundle.run(columns)
        edges = [rows * part // threads for part in range(threads + 1)]
        parts = [
            {name: each[begin:end] for name, each in columns.items()}
            for begin, end in pairwise(edges)
        ]
        return np.concatenate(map_threads(self.bundle.run, parts, workers=threads))


def load(folder: Path | str) -> Model:
    """Open a bundle.

    Parameters
    ----------
    folder
        Where `build`, `deploy` or an estimator's `save` wrote it.

    Raises
    ------
    BundleError
        When it is no bundle, damaged, forged, or of another version.
    """
    return Model(read_bundle(Path(folder)))


def _as_polars(table: Any, schema: Schema) -> "pl.DataFrame":
    import narwhals as nw

    if isinstance(table, np.ndarray):
        return _array_as_polars(table, schema)
    try:
        frame = nw.from_native(table)
    except TypeError as error:
        raise SchemaError(
            f"A {type(table).__name__} is no table.",
            "Give a data frame, a list of records or a two-dimensional array.",
        ) from error
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return eager.to_polars()


def _array_as_polars(array: Value, schema: Schema) -> "pl.DataFrame":
    import polars as pl

    if array.ndim != 2 or array.shape[1] != len(schema.names):
        raise SchemaError(
            f"The array has the shape {array.shape}; "
            f"the model reads {len(schema.names)} features in order.",
            "Give an array of shape (rows, features), or a data frame with named columns.",
        )
    # By a list, because an array of objects may hold numbers and texts side by side.
    columns = {name: array[:, i].tolist() for i, name in enumerate(schema.names)}
    return pl.DataFrame(columns, strict=False)
