"""How a program behaves when its rows change: on purpose, column by column."""

from typing import Literal

import msgspec

from modelwright.tasks.interval import Interval
from modelwright.tasks.task import Label

DisturbanceKind = Literal["missing column", "unseen category", "unit change", "noise"]
"""How rows may come otherwise than they did."""


class Disturbance(msgspec.Struct, frozen=True, kw_only=True):
    """What the holdout's score becomes when one column comes otherwise than it did.

    Parameters
    ----------
    column
        Its name.
    amount
        Of a unit change the factor, of noise the share: of its spread for a number, of the rows for
        a category.
    rows
        On how many it was measured.
    score
        In the plan's metric.
    loss
        By how much that is worse than on the same rows as they came.
    """

    kind: DisturbanceKind
    column: str
    amount: float = 1.0
    rows: int
    score: float
    loss: Interval


class Dependence(msgspec.Struct, frozen=True, kw_only=True):
    """What the program answers on average when a column has one value in all rows.

    Parameters
    ----------
    column
        Its name.
    of
        The class whose probability it is; None where a number is predicted.
    values
        Numbers that rise, moments in ISO 8601, or levels, the commonest first.
    answers
        The mean of the answers for each value.
    low, high
        Between them lie the answers of eight of ten rows.
    rows
        Whose other columns stay as they are.
    """

    column: str
    of: Label | None
    values: tuple[float | str, ...]
    answers: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    rows: int
