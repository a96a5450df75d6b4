"""Keys, verified by exact counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from modelwright.data.conform import conform
from modelwright.data.free_name import free_name
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.moments import DIGITS

_OTHER_KINDS = (Kind.TEXT, Kind.CONSTANT, Kind.DATETIME, Kind.BOOLEAN)
_MEASURE = r"^-?\d+\.\d*[1-9]$"


@dataclass(frozen=True)
class KeyFacts:
    """What columns are as a key, counted over all rows.

    Parameters
    ----------
    rows, nulls, distinct
        Rows; those without a value in some column; different values of the others.
    most
        The most rows of one value.
    """

    rows: int
    nulls: int
    distinct: int
    most: int

    @property
    def is_unique(self) -> bool:
        """Whether no value occurs twice; rows without one count for nothing."""
        return self.most <= 1

    @property
    def is_key(self) -> bool:
        """Whether it is unique and every row has one."""
        return self.is_unique and not self.nulls and self.rows > 0


def key_column(column: Column) -> Column:
    """Return a column as keys are compared: as text, so that 12, 12.0 and "12" are equal."""
    return Column(
        name=column.name,
        kind=Kind.CODED,
        missing_tokens=column.missing_tokens,
        source_type=column.source_type,
    )


def key_frame(frame: pl.DataFrame, schema: Schema, names: Sequence[str]) -> pl.DataFrame:
    """Return columns of a raw table as keys are compared."""
    columns = tuple(key_column(schema[name]) for name in dict.fromkeys(names))
    return conform(frame, Schema(columns=columns))


def count_key(frame: pl.DataFrame, names: Sequence[str]) -> KeyFacts:
    """Count what columns are as a key.

    Examples
    --------
    >>> count_key(pl.DataFrame({"id": ["a", "b", "b", None]}), ["id"])
    KeyFacts(rows=4, nulls=1, distinct=2, most=2)
    """
    there = frame.select(names).drop_nulls()
    sizes = there.group_by(names).len(free_name(names)).to_series(-1)
    most = sizes.max()
    return KeyFacts(
        rows=frame.height,
        nulls=frame.height - there.height,
        distinct=len(sizes),
        most=int(most) if isinstance(most, int) else 0,
    )


def may_be_key(column: Column) -> bool:
    """Say whether a column holds what a key could be: moments only where they are numbers."""
    in_digits = column.kind == Kind.DATETIME and column.datetime_format in DIGITS
    return in_digits or column.kind not in _OTHER_KINDS


def holds_measures(frame: pl.DataFrame, column: Column) -> bool:
    """Say whether a column of a raw table has numbers with a fraction: 12.7 names nothing."""
    if column.kind != Kind.NUMERIC:
        return False
    values = key_frame(frame, Schema(columns=(column,)), [column.name])[column.name]
    return bool(values.str.contains(_MEASURE).any())
