"""Columns that only grow with time: later rows hold values that were never learned from."""

import msgspec
import polars as pl

from modelwright.data.schema import Role, Schema
from modelwright.data.splits import Split

_FEWEST_VALUES = 3


def find_growing(frame: pl.DataFrame, schema: Schema, split: Split) -> tuple[str, ...]:
    """Return the numbers that never turn back from one moment to the next.

    A year, a row number, a running total. What a model learns about their early values says
    nothing about later ones, which always lie beyond.

    Parameters
    ----------
    frame, schema
        The prepared table.
    split
        Only a split by time has growing columns.
    """
    names = [column.name for column in schema.features if column.value_type == "number"]
    if split.kind != "time" or not names:
        return ()
    ranges = (
        frame.lazy()
        .select(pl.col(split.column).alias("__moment__"), *names)
        .drop_nulls("__moment__")
        .group_by("__moment__")
        .agg(*(pl.col(name).min().name.suffix("__low__") for name in names),
             *(pl.col(name).max().name.suffix("__high__") for name in names))
        .sort("__moment__")
        .collect()
    )  # fmt: skip
    return tuple(
        name
        for name in names
        if _grows(ranges[f"{name}__low__"], ranges[f"{name}__high__"])
        and frame[name].n_unique() >= _FEWEST_VALUES
    )


def leave_out(schema: Schema, names: tuple[str, ...], *, time: str) -> Schema:
    """Return a schema in which columns are no features, with the reason."""
    reason = f"It only grows with {time!r}: later rows hold values that were never learned from."
    return msgspec.structs.replace(
        schema,
        columns=tuple(
            msgspec.structs.replace(column, role=Role.IGNORED, reason=reason)
            if column.name in names
            else column
            for column in schema
        ),
    )


def _grows(low: pl.Series, high: pl.Series) -> bool:
    """Return whether the range at each moment lies wholly at one side of the range before."""
    known = low.is_not_null()
    low, high = low.filter(known), high.filter(known)
    if len(low) < _FEWEST_VALUES:
        return False
    rises = (low.slice(1) >= high.slice(0, len(high) - 1)).all()
    falls = (high.slice(1) <= low.slice(0, len(low) - 1)).all()
    return bool(rises or falls)
