"""Columns that clients do not send yet, joined to what they have sent, for a challenger."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from modelwright.data.sources.open import open_source
from modelwright.data.values.cells import text_of_key
from modelwright.errors import SchemaError, nearest
from modelwright.workspace.ledger.pairs import AloneRow

_ID = "id"


def read_backfill(table: object, *, on: str) -> pl.DataFrame:
    """Return a table whose rows can be joined by a key.

    Parameters
    ----------
    table, on
        As for `backfill_from`.

    Raises
    ------
    SchemaError
        When the table lacks the key.
    """
    frame = open_source(table).read()
    if on in frame.columns:
        return frame
    known = nearest(on, frame.columns)
    if on == _ID:
        raise SchemaError(
            f"The table has no column {_ID!r} with the ids of answers. {known}",
            "Name a column of the table and of requests by --on, or rename the column of ids.",
        )
    raise SchemaError(f"The table has no column {on!r}.", known)


def backfill_from(table: object, *, on: str) -> Callable[[AloneRow], Mapping[str, Any] | None]:
    """Return what knows further columns of a logged row.

    Parameters
    ----------
    table
        A data frame or an address, with one row for each key; of two, the last one counts.
    on
        The key: a column of the table and of requests, or ``id`` for the id of an answer.

    Raises
    ------
    SchemaError
        When the table lacks the key.
    """
    frame = read_backfill(table, on=on)
    times = [name for name, kind in frame.schema.items() if kind.is_temporal()]
    plain = frame.with_columns(pl.col(times).cast(pl.String)) if times else frame
    known = {text_of_key(row[on]): _without(row, on) for row in plain.iter_rows(named=True)}

    def fill(row: AloneRow) -> Mapping[str, Any] | None:
        value = row.inputs.get(on, row.id if on == _ID else None)
        return None if value is None else known.get(text_of_key(value))

    return fill


def _without(row: Mapping[str, Any], on: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != on and value is not None}
