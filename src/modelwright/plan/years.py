"""A column of years by which rows are split becomes moments: the first day of each.

As a number it would be no feature: a model that splits on years has nothing to say about later
ones. As a moment it has no parts that come again either, but a trend can be told by it.
"""

from dataclasses import replace

import msgspec
import polars as pl

from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.splitting.splits import Split
from modelwright.data.values.moments import YEAR
from modelwright.plan.clocks import are_years, as_numbers
from modelwright.plan.splitting import Table


def read_years(table: Table, split: Split) -> tuple[Table, Split]:
    """Return the table and the split by moments, where rows are split by a number that is a year.

    Parameters
    ----------
    table
        The prepared table.
    split
        As it was chosen.

    Returns
    -------
    tuple of Table and Split
        As they were where rows are split otherwise.
    """
    if split.kind != "time" or table.schema[split.column].kind == Kind.DATETIME:
        return table, split
    years = as_numbers(table.frame[split.column])
    if not are_years(years):
        return table, split
    first_days = pl.select(pl.datetime(years.cast(pl.Int32), 1, 1, time_unit="us")).to_series()
    columns = tuple(
        _as_moment(column) if column.name == split.column else column for column in table.schema
    )
    moved = replace(
        table,
        frame=table.frame.with_columns(first_days.alias(split.column)),
        schema=Schema(columns=columns),
    )
    return moved, msgspec.structs.replace(split, boundary=_first_day(split.boundary))


def _as_moment(column: Column) -> Column:
    reason = f"{column.reason} They are years, by which rows are split, read as their first days."
    return msgspec.structs.replace(
        column, kind=Kind.DATETIME, datetime_format=YEAR, unit="", reason=reason.strip()
    )


def _first_day(boundary: str) -> str:
    """Return the boundary between years as a moment; between two of them, the later one's."""
    return f"{-int(-float(boundary) // 1):04d}-01-01T00:00:00"
