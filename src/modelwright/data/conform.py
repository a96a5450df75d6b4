"""A raw table becomes a typed one: exactly the schema's columns, each with one type.

Whatever a source delivers (words, numbers kept as text, dates in five notations) is read here by
the rules of `cells` and `moments`. The server reads single records by the same rules in `records`.
"""

from typing import cast

import numpy as np
import polars as pl

from modelwright.data.records import MISSING_DATETIME, Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.cells import missing_numbers_of, missing_tokens_of
from modelwright.data.values.moment_series import read_moments
from modelwright.data.values.series import (
    as_text,
    hours_of,
    only_truths,
    read_from,
    read_measures,
    read_numbers,
    read_truths,
    seconds_of,
    series_of,
    without_point,
)

_EXAMPLES = 5
_FIRST_ROWS, _FEW = 2_000, 0.5
"""A text is looked at as a category when so few of its first rows differ."""


def conform(table: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return the schema's columns, in its order, each in the one type of its kind.

    Numbers become Float64, strings String, datetimes Datetime in microseconds of UTC without a
    zone. What is missing or cannot be read becomes null; infinities stay. Columns that the schema
    does not have are left out.

    Raises
    ------
    SchemaError
        If the table lacks a column of the schema.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> conform(pl.DataFrame({"age": ["39", "?", "1,000"], "x": [0, 0, 0]}), schema).rows()
    [(39.0,), (None,), (1000.0,)]
    """
    values = [_read(read_from(table, column), column).alias(column.name) for column in schema]
    return pl.DataFrame(values)


def count_unparsed(table: pl.DataFrame, schema: Schema) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Count the values that are there but cannot be read as their column's kind.

    Returns
    -------
    dict
        By column with any such value: how many there are, and up to five different examples in
        the order of the rows.

    Raises
    ------
    SchemaError
        If the table lacks a column of the schema.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> count_unparsed(pl.DataFrame({"age": ["39", "?", "old", "old"]}), schema)
    {'age': (2, ('old',))}
    """
    strays = {column.name: _strays(read_from(table, column), column) for column in schema}
    return {
        name: (len(texts), tuple(texts.unique(maintain_order=True).head(_EXAMPLES)))
        for name, texts in strays.items()
        if len(texts)
    }


def columns_of(frame: pl.DataFrame, schema: Schema) -> Columns:
    """Turn a conformed frame into NumPy columns, as `columns_from_records` makes them.

    Returns
    -------
    Columns
        One array of shape (rows,) per column of the schema.

    Raises
    ------
    SchemaError
        If the frame lacks a column of the schema.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> columns_of(pl.DataFrame({"age": [39.0, None]}), schema)
    {'age': array([39., nan])}
    """
    return {column.name: _array(series_of(frame, column.name), column) for column in schema}


def repeats(series: pl.Series) -> bool:
    """Say whether so few texts stand in so many rows that each is read once sooner than all."""
    first = series.head(_FIRST_ROWS)
    return len(series) > _FIRST_ROWS and first.n_unique() < _FEW * _FIRST_ROWS


def _read(series: pl.Series, column: Column) -> pl.Series:
    if column.value_type == "string":
        return _present_text(series, column)
    if column.value_type == "datetime":
        return _read_datetimes(series, column)
    return _without(_read_any_number(series, column), missing_numbers_of(column))


def _strays(series: pl.Series, column: Column) -> pl.Series:
    """Return the texts of the values that are there but could not be read."""
    values = _read(series, column)
    if column.value_type == "string" or values.null_count() == series.null_count():
        return pl.Series([], dtype=pl.String)
    text = _present_text(series, column)
    numbers = missing_numbers_of(column)
    unread = values.is_null() & text.is_not_null()
    if numbers and unread.any():
        unread = unread & ~read_numbers(text).is_in(list(numbers)).fill_null(False)
    return text.filter(unread)


def _present_text(series: pl.Series, column: Column) -> pl.Series:
    if series.dtype == pl.String and repeats(series):
        levels = series.unique()
        if _read_text(levels, column).equals(levels):
            return series  # Nothing to read: most tables are clean, and their texts stay one copy.
    return _read_text(series, column)


def _read_text(series: pl.Series, column: Column) -> pl.Series:
    text = as_text(series)
    if column.kind == Kind.CODED:
        text = without_point(text)
    return text.set(text.is_in(list(missing_tokens_of(column))), None)


def _read_any_number(series: pl.Series, column: Column) -> pl.Series:
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        numbers = series.cast(pl.Float64).fill_nan(None)
    elif series.dtype == pl.Duration:
        numbers = seconds_of(series)
    elif series.dtype == pl.Time:
        numbers = hours_of(series)
    elif column.kind == Kind.BOOLEAN:
        numbers = read_truths(_present_text(series, column))
    else:
        numbers = read_measures(_present_text(series, column), column.unit)
    return only_truths(numbers) if column.kind == Kind.BOOLEAN else numbers


def _read_datetimes(series: pl.Series, column: Column) -> pl.Series:
    if isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone is not None:
        series = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if isinstance(series.dtype, pl.Datetime | pl.Date):
        return series.cast(pl.Datetime("us"))
    return read_moments(_present_text(series, column), column.datetime_format)


def _without(numbers: pl.Series, missing: frozenset[float]) -> pl.Series:
    return numbers.set(numbers.is_in(list(missing)), None) if missing else numbers


def _array(series: pl.Series, column: Column) -> np.ndarray:
    if column.value_type == "number":
        return cast(np.ndarray, series.cast(pl.Float64).to_numpy())  # null is NaN
    if column.value_type == "datetime":
        moments = series.cast(pl.Datetime("us")).cast(pl.Int64)
        return cast(np.ndarray, moments.fill_null(MISSING_DATETIME).to_numpy())
    return _texts(series)


def _texts(series: pl.Series) -> np.ndarray:
    if series.dtype == pl.String and repeats(series):
        levels = series.drop_nulls().unique()
        codes = series.cast(pl.Enum(levels)).to_physical().cast(pl.Int64)
        texts = np.array([*levels, None], dtype=object)
        return cast(np.ndarray, texts[codes.fill_null(len(levels)).to_numpy()])
    # Equal texts are one object: those of a category would take more memory than all else.
    shared: dict[str | None, str | None] = {}
    return np.array([shared.setdefault(text, text) for text in series], dtype=object)
