"""Columns that only grow with time: later rows hold values that were never learned from."""

from collections.abc import Sequence

import msgspec
import polars as pl

from modelwright.data.schema import Role, Schema
from modelwright.data.splitting.splits import Split

_FEWEST_VALUES = 3
_LOOKED_AT = 2_000
"""Rows, far apart, in which nearly every number turns back that does so at all."""


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
    some = frame.gather_every(max(1, len(frame) // _LOOKED_AT))
    # What turns back between some of the rows does so between all of them.
    able = _growing(some, names, split.column, fewest=0)
    found = _growing(frame, able, split.column, fewest=_FEWEST_VALUES) if able else ()
    return tuple(name for name in found if frame[name].n_unique() >= _FEWEST_VALUES)


def _growing(frame: pl.DataFrame, names: Sequence[str], moment: str, *, fewest: int) -> list[str]:
    ranges = (
        frame.lazy()
        .select(pl.col(moment).alias("__moment__"), *names)
        .drop_nulls("__moment__")
        .group_by("__moment__")
        .agg(*(pl.col(name).min().name.suffix("__low__") for name in names),
             *(pl.col(name).max().name.suffix("__high__") for name in names))
        .sort("__moment__")
        .collect()
    )  # fmt: skip
    found = {name: _known(ranges[f"{name}__low__"], ranges[f"{name}__high__"]) for name in names}
    return [n for n, (low, high) in found.items() if len(low) >= fewest and not _turns(low, high)]


def _known(low: pl.Series, high: pl.Series) -> tuple[pl.Series, pl.Series]:
    there = low.is_not_null()
    return low.filter(there), high.filter(there)


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


def _turns(low: pl.Series, high: pl.Series) -> bool:
    """Return whether the range at a moment lies at neither one side of the range before."""
    if len(low) < 2:
        return False
    rises = (low.slice(1) >= high.slice(0, len(high) - 1)).all()
    falls = (high.slice(1) <= low.slice(0, len(low) - 1)).all()
    return not (rises or falls)
