"""Changes that look like a fault of the input rather than a change of the world."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Column, Kind
from modelwright.documents import CauseKind
from modelwright.maintain.inputs.description import shares_of
from modelwright.maintain.inputs.units import find_slip
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.distribution import Binned, Distribution

_JUMP = 0.3
"""By how much the share of missing values, or of new levels, must grow to be a fault."""


@dataclass(frozen=True)
class Fault:
    """What looks broken in a column.

    Parameters
    ----------
    kind
        Of the cause.
    sentence
        The end of a sentence that begins with the column's name.
    """

    kind: CauseKind
    sentence: str


def find_fault(
    column: Column,
    trained: Distribution,
    *,
    values: Value,
    counts: NDArray[Any],
    unheard: float = 0.0,
) -> Fault | None:
    """Say what looks broken in a column that changed.

    Parameters
    ----------
    column
        The column.
    trained
        Its training rows that were answered.
    values : ndarray of shape (rows,)
        Its live rows.
    counts : ndarray of shape (len(trained.counts),)
        The same, in the bins of `trained`.
    unheard
        The part of the live rows whose level no training row had.

    Returns
    -------
    Fault
        None when nothing does.
    """
    grown = shares_of(counts) - shares_of(np.array(trained.counts))
    if grown[-1] >= _JUMP:
        often = "mostly" if counts[-1] > counts.sum() / 2 else "often"
        return Fault("missing values", f"is {often} missing")
    if isinstance(trained, Binned):
        slip = find_slip(trained, values) if column.kind == Kind.NUMERIC else ""
        return Fault("unit change", f"looks {slip}") if slip else None
    # A code that is new, such as the next month or the next customer, is in the way of the world.
    if column.kind == Kind.CATEGORICAL and min(grown[-2], unheard) >= _JUMP:
        return Fault("new categories", "is full of levels that training did not have")
    return None
