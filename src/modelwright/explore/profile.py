"""What each column holds in the training rows."""

from collections.abc import Mapping

import polars as pl

from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.documents import ColumnProfile
from modelwright.explore.association import Strength

_MOST_LEVELS = 10
_WITHOUT_LEVELS = frozenset({Kind.TEXT, Kind.ID, Kind.NUMERIC, Kind.DATETIME})


def make_profile(
    training: pl.DataFrame, schema: Schema, strengths: Mapping[str, Strength]
) -> tuple[ColumnProfile, ...]:
    """Describe every column.

    Parameters
    ----------
    training
        The prepared training rows.
    schema
        All columns.
    strengths
        What features tell of the target alone.

    Examples
    --------
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> profile = make_profile(pl.DataFrame({"age": [30.0, None, 50.0, 40.0]}), schema, {})
    >>> profile[0].missing, profile[0].distinct, profile[0].middle
    (0.25, 3, 40.0)
    """
    return tuple(
        _describe(training[column.name], column, strengths.get(column.name)) for column in schema
    )


def _describe(series: pl.Series, column: Column, strength: Strength | None) -> ColumnProfile:
    present = series.drop_nulls()
    low, middle, high = _percentiles(present, column)
    return ColumnProfile(
        name=column.name,
        kind=column.kind.value,
        missing=series.null_count() / max(len(series), 1),
        distinct=present.n_unique(),
        low=low,
        middle=middle,
        high=high,
        levels=_levels(series, present, column),
        association=None if strength is None else strength.association,
    )


def _percentiles(
    present: pl.Series, column: Column
) -> tuple[float | None, float | None, float | None]:
    finite = present.filter(present.is_finite()) if present.dtype.is_float() else present
    if column.kind != Kind.NUMERIC or not present.dtype.is_numeric() or finite.is_empty():
        return None, None, None
    low, middle, high = (finite.quantile(at, "nearest") for at in (0.01, 0.5, 0.99))
    return low, middle, high


def _levels(series: pl.Series, present: pl.Series, column: Column) -> tuple[tuple[str, float], ...]:
    is_class = column.role == Role.TARGET and present.n_unique() <= _MOST_LEVELS
    if column.kind in _WITHOUT_LEVELS and not is_class:
        return ()
    counts = present.alias("level").value_counts(name="rows")
    commonest = counts.sort(["rows", "level"], descending=[True, False]).head(_MOST_LEVELS)
    return tuple((_in_words(level, column), rows / len(series)) for level, rows in commonest.rows())


def _in_words(level: object, column: Column) -> str:
    if column.kind == Kind.BOOLEAN and isinstance(level, float):
        return "yes" if level else "no"
    return f"{level:g}" if isinstance(level, float) else str(level)
