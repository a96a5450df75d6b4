"""The rows that show a cause."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import ProvingRow
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.figures import figure

_SHOWN = 5
_LONGEST = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def proving_rows(
    rows: LiveRows,
    chosen: NDArray[np.bool_],
    *,
    columns: Sequence[str],
    losses: Floats,
    usual: Floats,
    first: int,
) -> tuple[ProvingRow, ...]:
    """Return the rows chosen that lost most beyond what is usual.

    Parameters
    ----------
    rows
        Since something changed, in order.
    chosen : ndarray of shape (rows,)
        Those that a cause concerns.
    columns
        Whose values are shown.
    losses, usual : ndarray of shape (rows,)
        What they lost, and what rows like them lost before; NaN without a label.
    first
        The place of the first of them among all rows.
    """
    beyond = np.where(chosen, np.nan_to_num(losses - usual, nan=-1e300), -np.inf)
    order = np.argsort(-beyond, kind="stable")[: min(_SHOWN, int(chosen.sum()))]
    return tuple(
        ProvingRow(
            place=first + int(place),
            at=_moment(rows, int(place)),
            values={name: _text(rows.columns[name][place]) for name in columns},
            loss=float(np.nan_to_num(losses[place])),
            usual=float(np.nan_to_num(usual[place])),
            id="" if rows.ids is None else rows.ids[place],
        )
        for place in order
    )


def moment_of(rows: LiveRows, place: int) -> str:
    """Return the moment of a row, ISO 8601 in UTC; empty where that is not known."""
    return _moment(rows, place) if 0 <= place < len(rows) else ""


def _moment(rows: LiveRows, place: int) -> str:
    if rows.times is None:
        return ""
    return (_EPOCH + timedelta(microseconds=int(rows.times[place]))).isoformat()


def _text(value: Any) -> str:
    if value is None or value != value:
        return "(missing)"
    return figure(float(value)) if isinstance(value, float) else str(value)[:_LONGEST]
