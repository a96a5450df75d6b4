"""Past rows in their order."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.maintain.log.live_rows import LiveRows


def part_of(rows: LiveRows, start: int, stop: int) -> LiveRows:
    """Return the rows from `start` on, before `stop`."""
    return rows_at(rows, np.arange(start, min(stop, len(rows))))


def rows_at(rows: LiveRows, places: NDArray[np.intp]) -> LiveRows:
    """Return the rows at some places, in that order."""
    return replace(
        rows,
        table=rows.table[places],
        columns={name: values[places] for name, values in rows.columns.items()},
        answers=rows.answers[places],
        truth=rows.truth[places],
        times=None if rows.times is None else rows.times[places],
        ids=None if rows.ids is None else tuple(rows.ids[place] for place in places),
        arrived=None if rows.arrived is None else rows.arrived[places],
    )


def joined(before: LiveRows | None, rows: LiveRows) -> LiveRows:
    """Return rows to learn from: those before, and then these; without moments and ids."""
    if before is None or not len(before):
        return rows
    return LiveRows(
        table=pl.concat([before.table, rows.table], how="vertical_relaxed"),
        columns={
            name: np.concatenate([before.columns[name], values])
            for name, values in rows.columns.items()
        },
        answers=np.concatenate([before.answers, rows.answers]),
        truth=np.concatenate([before.truth, rows.truth]),
        times=None,
    )


def labelled_part(rows: LiveRows) -> LiveRows:
    """Return the rows whose label is known."""
    return rows if rows.labelled.all() else rows_at(rows, np.flatnonzero(rows.labelled))


def in_order(rows: LiveRows) -> LiveRows:
    """Return rows in the order of their moments, or as they are where none are known."""
    if rows.times is None or (np.diff(rows.times) >= 0).all():
        return rows
    return rows_at(rows, np.argsort(rows.times, kind="stable"))
