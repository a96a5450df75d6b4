"""How long values stayed in training: a dry spell and the children of guests are no stuck feeds."""

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.data.schema import Kind, Schema
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.grids import missing_in
from modelwright.predictor.reference.roughness import WINDOW_ROWS, several

_FEWEST_WINDOWS = 5
_SHORT = 20
"""Rows that a value may stay anyway."""


def rough_runs(columns: Columns, schema: Schema, order: NDArray[np.int64]) -> dict[str, int]:
    """Return how long a value stayed in windows of training, as several of them reached it.

    Parameters
    ----------
    columns
        One array of shape (rows,) per feature, of all training rows.
    schema
        Its features are measured.
    order : ndarray of shape (rows,)
        The rows in the order of time.

    Returns
    -------
    dict
        By feature, without those in which no value stays for long.

    Examples
    --------
    >>> from modelwright.data.schema import Column
    >>> schema = Schema(columns=tuple(Column(name=x, kind=Kind.NUMERIC) for x in ("rain", "warm")))
    >>> found = {"rain": np.arange(5000) // 100 % 2 / 2, "warm": np.arange(5000) % 9.0}
    >>> rough_runs(found, schema, np.arange(5000))
    {'rain': 100}
    """
    windows = len(order) // WINDOW_ROWS
    if windows < _FEWEST_WINDOWS:
        return {}
    parts = np.split(order[: windows * WINDOW_ROWS], windows)
    found = dict[str, int]()
    for column in schema.features:
        if column.kind not in (Kind.DATETIME, Kind.TEXT):
            values = columns[column.name]
            runs = [longest_run(values[part][~missing_in(values[part])]) for part in parts]
            found[column.name] = int(several(np.array(runs)))
    return {name: run for name, run in found.items() if run > _SHORT}


def longest_run(known: Value) -> int:
    """Return how many rows in a row have one value.

    Examples
    --------
    >>> longest_run(np.array([1.0, 2.0, 2.0, 2.0, 1.0])), longest_run(np.array([]))
    (3, 0)
    """
    if not len(known):
        return 0
    ends = np.concatenate([[0], np.flatnonzero(known[1:] != known[:-1]) + 1, [len(known)]])
    return int((ends[1:] - ends[:-1]).max())
