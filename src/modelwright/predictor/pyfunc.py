"""A bundle as what MLflow loads: the module that `MLmodel` names as its loader.

MLflow imports it by its name and calls `_load_pyfunc`; nothing here imports MLflow, or the data
frames that it hands over.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from modelwright.data.schema import Schema
from modelwright.data.values.moments import text_of
from modelwright.errors import InputError, SchemaError
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.predictor.model import Model

ANSWERS = ("plain", "probabilities")
"""What the parameter ``answers`` may say."""

_Record = Mapping[str, Any]


class TableModel:
    """A bundle that answers what MLflow hands over.

    Parameters
    ----------
    model
        What `load` opened.

    Examples
    --------
    >>> from modelwright.testing import example_bundle
    >>> model = TableModel(Model(example_bundle()))
    >>> model.predict([{"city": "Bern", "size": 0.5}]).tolist()
    ['yes']
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    def predict(self, model_input: Any, params: Mapping[str, Any] | None = None) -> Any:
        """Answer rows, as the server of the bundle does.

        Parameters
        ----------
        model_input
            A data frame of pandas, records, lists by column, or an array with the features in
            order. A column that is left out is missing.
        params
            ``{"answers": "probabilities"}`` for the probability of each class, in their order.

        Returns
        -------
        ndarray of shape (rows,) or (rows, classes)

        Raises
        ------
        InputError
            When `answers` is something else, or a number shall have probabilities.
        SchemaError
            When a column is unknown, or a value has the wrong type.
        """
        answers = (params or {}).get("answers", ANSWERS[0])
        if answers not in ANSWERS:
            raise InputError(f"'answers' is {answers!r:.40}.", f"Give one of {', '.join(ANSWERS)}.")
        rows = list(_records(model_input, self._model.bundle.schema))
        if answers == ANSWERS[0]:
            return self._model.predict(rows)
        if not self._model.task.is_classification:
            raise InputError("A number has no probabilities.", "Ask for 'plain' answers.")
        return self._model.predict_proba(rows)


def _load_pyfunc(path: str) -> TableModel:
    """Open the bundle of a folder; MLflow prescribes the name."""
    return TableModel(Model(read_bundle(Path(path))))


def _records(given: Any, schema: Schema) -> Iterator[dict[str, Any]]:
    """Yield rows with values as JSON would have them."""
    formats = {column.name: column.datetime_format for column in schema}
    for row in _rows(given, schema.names):
        yield {name: _plain(value, formats.get(name, "")) for name, value in row.items()}


def _rows(given: Any, names: Sequence[str]) -> Iterator[_Record]:
    if hasattr(given, "columns") and hasattr(given, "to_dict"):
        # Every library's mark for a missing value becomes None, which is one in any column.
        yield from given.astype(object).where(given.notna(), None).to_dict("records")
    elif isinstance(given, Mapping):
        for cells in zip(*(np.ravel(column) for column in given.values()), strict=True):
            yield dict(zip(given, cells, strict=True))
    elif isinstance(given, np.ndarray):
        for cells in given:
            if np.ndim(cells) != 1 or len(cells) != len(names):
                raise SchemaError(
                    f"The array has the shape {given.shape}.",
                    f"Give {len(names)} features in order, or a data frame with named columns.",
                )
            yield dict(zip(names, cells, strict=True))
    else:
        yield from given


def _plain(value: Any, moment_format: str) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, date | time):
        if isinstance(value, datetime) and value != value:
            return None  # no moment, in pandas
        return text_of(value, moment_format) if moment_format else value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
