"""Records (the rows of a JSON request) become typed columns.

The server needs no data-frame library: what `conform` and `columns_of` do to a table, this module
does to a list of records, value by value, to the same bits. It is strict where a table is lenient:
a value of the wrong type is refused with its name, because behind a server somebody can mend it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.cells import (
    CODE_PATTERN,
    WHITESPACE,
    missing_numbers_of,
    missing_tokens_of,
    number_of,
    text_of_number,
    truth_of,
)
from modelwright.data.values.forms import FORMS
from modelwright.data.values.measures import measure_of, said
from modelwright.data.values.moments import moment_of, said_format
from modelwright.errors import SchemaError, nearest

Columns = Mapping[str, np.ndarray]
"""Arrays of shape (rows,) by column name: float64 with NaN for missing; objects (str or None);
or int64 microseconds since 1970 in UTC with `MISSING_DATETIME`."""

Row = list[Any]
"""The values of a row in the order of its schema: float with NaN for missing; str or None; or int
microseconds since 1970 in UTC with `MISSING_DATETIME`."""

MISSING_DATETIME = int(np.iinfo(np.int64).min)
"""The missing value of a datetime column."""

Reader = Callable[[object], Any]
"""Reads one value of a column, or refuses it with a `SchemaError`."""

_NAN = float("nan")
_SHOWN = 40
_TRUTH_WANTED = "Give true, false, 0, 1 or null."
DTYPES = {"number": np.float64, "string": object, "datetime": np.int64}
"""The types of arrays, by what a column's values are."""


class RecordReader:
    """Reads records of one schema; made once, called for every request.

    Parameters
    ----------
    schema
        The columns to make; a record may have these fields and no others, or the cell that holds
        several of them.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> RecordReader(schema)([{"age": 39}, {"age": "40"}, {}])
    {'age': array([39., 40., nan])}
    """

    def __init__(self, schema: Schema) -> None:
        self._shared: dict[str, list[str]] = {}
        for column in schema:
            if column.cell not in schema:
                self._shared.setdefault(column.cell, []).append(column.name)
        self._names = frozenset((*schema.names, *self._shared))
        self._columns = [
            (column.name, value_reader(column), DTYPES[column.value_type]) for column in schema
        ]

    def __call__(self, records: Sequence[Mapping[str, object]]) -> Columns:
        """Return the typed columns of some records.

        Raises
        ------
        SchemaError
            If a record has an unknown field or a value of the wrong type.
        """
        for record in records:
            self._require_known(record)
        if self._shared:
            records = [self._divided(record) for record in records]
        return {
            name: np.array([read(record.get(name)) for record in records], dtype=dtype)
            for name, read, dtype in self._columns
        }

    def row(self, record: Mapping[str, object]) -> Row:
        """Return the values of one record, without the arrays that take longer than a row.

        Raises
        ------
        SchemaError
            As for many.

        Examples
        --------
        >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
        >>> RecordReader(schema).row({"age": "40"})
        [40.0]
        """
        self._require_known(record)
        if self._shared:
            record = self._divided(record)
        get = record.get
        return [read(get(name)) for name, read, _ in self._columns]

    def columns(self, rows: Sequence[Row]) -> Columns:
        """Return the typed columns of rows that `row` has read."""
        read = zip(*rows, strict=True) if rows else ((),) * len(self._columns)
        return {
            name: np.array(values, dtype=dtype)
            for (name, _, dtype), values in zip(self._columns, read, strict=True)
        }

    def _divided(self, record: Mapping[str, object]) -> Mapping[str, object]:
        """Return a record in which each number of a cell that holds several has its field."""
        cells = self._shared.keys() & record.keys()
        return {name: record[cell] for cell in cells for name in self._shared[cell]} | dict(record)

    def _require_known(self, record: Mapping[str, object]) -> None:
        if not record.keys() <= self._names:
            self._refuse_unknown(record)

    def _refuse_unknown(self, record: Mapping[str, object]) -> None:
        name = next(field for field in record if field not in self._names)
        known = [column[0] for column in self._columns]
        raise SchemaError(f"There is no field {name!r:.80}.", nearest(str(name), known))


def columns_from_records(records: Sequence[Mapping[str, object]], schema: Schema) -> Columns:
    """Turn records into typed columns, to the same bits as `conform` and `columns_of`.

    A missing field, null and the column's missing tokens are missing values. A number may be
    written as text, a truth value as 0 or 1.

    Raises
    ------
    SchemaError
        If a record has an unknown field or a value of the wrong type.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> columns_from_records([{"age": "old"}], schema)
    Traceback (most recent call last):
    ...
    modelwright.errors.SchemaError: The field 'age' is 'old'. Give a number or null.
    """
    return RecordReader(schema)(records)


def value_reader(column: Column) -> Reader:
    """Return what reads a value of a column.

    Examples
    --------
    >>> value_reader(Column(name="age", kind=Kind.NUMERIC))("40")
    40.0
    """
    if column.kind == Kind.BOOLEAN:
        return _truth_reader(column)
    if column.value_type == "number":
        return _number_reader(column)
    if column.value_type == "datetime":
        return _datetime_reader(column)
    return _string_reader(column)


def _number_reader(column: Column) -> Callable[[object], float]:
    tokens = missing_tokens_of(column)
    missing, unit = missing_numbers_of(column), column.unit

    def read(value: object) -> float:
        if type(value) is float:
            return _NAN if value != value or value in missing else value
        if value is None:
            return _NAN
        if isinstance(value, str):
            text = value.strip(WHITESPACE)
            number = _NAN if text in tokens else measure_of(text, unit)
        else:
            number = _float_of(value)
        if number is None:
            raise _refusal(column, value, _wanted(column))
        # A NaN may carry any sign and payload; only one of them leaves this function.
        return _NAN if number != number or number in missing else number

    return read


def _wanted(column: Column) -> str:
    if column.cell != column.name:
        return f"Give a number, or the whole cell as {column.cell!r}, or null."
    if column.unit in FORMS:
        return f"Give a number, or a text such as {column.unit!r}, or null."
    in_unit = f" of {said(column.unit)}" if column.unit else ""
    return f"Give a number{in_unit} or null."


def _truth_reader(column: Column) -> Callable[[object], float]:
    tokens = missing_tokens_of(column)
    missing = missing_numbers_of(column)

    def read(value: object) -> float:
        text = "" if value is None else _text_of(value)
        if text is None:
            raise _refusal(column, value, _TRUTH_WANTED)
        if text in tokens or (missing and number_of(text) in missing):
            return _NAN
        truth = truth_of(text)
        if truth is None:
            raise _refusal(column, value, _TRUTH_WANTED)
        return truth

    return read


def _float_of(value: object) -> float | None:
    # To Python true is the number one; who sends it for an amount has mixed up two fields.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _string_reader(column: Column) -> Callable[[object], str | None]:
    tokens = missing_tokens_of(column)
    is_coded = column.kind == Kind.CODED

    def read(value: object) -> str | None:
        if value is None:
            return None
        text = _text_of_list(value) if isinstance(value, list) else _text_of(value)
        if text is None:
            raise _refusal(column, value, "Give a text or null.")
        if is_coded and (code := CODE_PATTERN.fullmatch(text)):
            text = code[1]
        return None if text in tokens else text

    return read


def _text_of(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip(WHITESPACE)
    if isinstance(value, int | float):
        return text_of_number(value) if value == value else ""
    return None


def _text_of_list(values: Sequence[object]) -> str | None:
    """Write a list as a table's lists are written: its values beside bars."""
    texts = [
        value if isinstance(value, str) else _text_of(value)
        for value in values
        if value is not None
    ]
    if None in texts:
        return None
    return "|".join(text for text in texts if text is not None).strip(WHITESPACE)


def _datetime_reader(column: Column) -> Callable[[object], int]:
    tokens = missing_tokens_of(column)
    written = said_format(column.datetime_format)

    def read(value: object) -> int:
        if value is None:
            return MISSING_DATETIME
        text = _text_of(value)
        if text is not None and text in tokens:
            return MISSING_DATETIME
        moment = None if text is None else moment_of(text, column.datetime_format)
        if moment is None:
            raise _refusal(column, value, f"Give a datetime {written}, or null.")
        return moment

    return read


def _refusal(column: Column, value: object, remedy: str) -> SchemaError:
    shown = str(value).lower() if isinstance(value, bool) else repr(value)
    if len(shown) > _SHOWN:
        shown = f"{shown[:_SHOWN]}…"
    return SchemaError(f"The field {column.name!r} is {shown}.", remedy)
