"""Columns of records read at once, to the same bits as value by value in `records`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import DTYPES, value_reader
from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import missing_numbers_of

_PLAIN_NUMBERS = frozenset({float, int, type(None)})
_PLAIN_TEXTS = frozenset({str, type(None)})


class ColumnReader:
    """Reads the values of one column, many at once.

    Parameters
    ----------
    column
        As the schema has it.

    Examples
    --------
    >>> ages = ColumnReader(Column(name="age", kind=Kind.NUMERIC))
    >>> ages.of_values([39, None, "40"])
    array([39., nan, 40.])
    >>> jobs = ColumnReader(Column(name="job", kind=Kind.CATEGORICAL))
    >>> jobs.of_levels([" cook", "?"], np.array([0, 0, 1]))
    array(['cook', 'cook', None], dtype=object)
    """

    def __init__(self, column: Column) -> None:
        self.read = value_reader(column)
        self.takes_numbers = column.value_type == "number" and column.kind != Kind.BOOLEAN
        self._missing = sorted(missing_numbers_of(column))
        self._dtype = DTYPES[column.value_type]

    def of_values(self, values: Sequence[object]) -> NDArray[Any]:
        """Return what values mean, as `RecordReader` reads them.

        Raises
        ------
        SchemaError
            When one of them has the wrong type.
        """
        kinds = set(map(type, values))
        if self.takes_numbers and kinds <= _PLAIN_NUMBERS:
            try:
                return self.of_numbers(np.array(values, dtype=np.float64))
            except OverflowError:
                pass
        if kinds <= _PLAIN_TEXTS:
            # Texts come again and again, and each is read once.
            known = {value: self.read(value) for value in set(values)}
            return np.array([known[value] for value in values], dtype=self._dtype)
        return np.array([self.read(value) for value in values], dtype=self._dtype)

    def of_numbers(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return numbers with one NaN for what is missing; only where `takes_numbers`."""
        missing = np.isnan(numbers)
        for number in self._missing:
            missing |= numbers == number
        return np.where(missing, np.nan, numbers)

    def of_levels(self, levels: Sequence[object], codes: NDArray[Any]) -> NDArray[Any]:
        """Return what values mean that are given as places in a list of different ones.

        Raises
        ------
        SchemaError
            When one of them has the wrong type.
        """
        read: NDArray[Any] = np.empty(len(levels), dtype=self._dtype)
        read[:] = [self.read(level) for level in levels]
        return np.asarray(read[codes])

    def missing(self, rows: int) -> NDArray[Any]:
        """Return what a column is that nobody sent."""
        return np.full(rows, self.read(None), dtype=self._dtype)
