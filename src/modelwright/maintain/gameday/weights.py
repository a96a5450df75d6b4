"""Which columns move the answers most."""

import numpy as np
import polars as pl

from modelwright.data.conform import columns_of
from modelwright.data.schema import Column
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats

_ROWS = 2000


def columns_by_weight(bundle: Bundle, table: pl.DataFrame, *, seed: int) -> tuple[Column, ...]:
    """Return the features that the model reads, those first whose values move its answers most.

    A column's weight is how far the answers move on average when its values are shuffled among
    rows (Breiman, Machine Learning 45 (2001) 5-32, with answers in the place of errors).

    Parameters
    ----------
    bundle
        The model.
    table
        Rows in the types in which the program reads them.
    seed
        Of the shuffling.
    """
    columns = columns_of(table.tail(_ROWS), bundle.schema)
    answers = bundle.program.run(columns)
    order = np.random.default_rng(seed).permutation(len(answers))
    read = {each.name for each in bundle.program.inputs}
    used = [column for column in bundle.schema if column.name in read]

    def weight(column: Column) -> float:
        shuffled = {**columns, column.name: columns[column.name][order]}
        return _distance(bundle.program.run(shuffled), answers)

    return tuple(sorted(used, key=weight, reverse=True))


def _distance(one: Floats, other: Floats) -> float:
    return float(np.abs(one - other).mean()) if len(one) else 0.0
