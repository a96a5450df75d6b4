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


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """How much one column moves single answers.

    Parameters
    ----------
    column
        Its name.
    mean
        The mean size of what it adds, up or down: in the target's unit, or of probability.
    rises
        The rank correlation of its values with what they add, from -1 to 1; None where its values
        have no order, or do not vary.
    parts
        What it adds to the answers to some of the rows; empty but for the main columns.
    places
        Where its value stands among those of these rows, from 0 for the lowest to 1; None for one
        without an order and for a missing one.
    """

    column: str
    mean: float
    rises: float | None
    parts: tuple[float, ...]
    places: tuple[float | None, ...]


class Movements(msgspec.Struct, frozen=True, kw_only=True):
    """How much each column moves single answers: Shapley values, read from the program.

    Parameters
    ----------
    rows
        Whose answers are looked at.
    others
        Rows that each is compared with.
    exact
        Whether these are the Shapley values of the answers; else of the scores inside the program,
        led on to the answers in proportion.
    of
        The class whose probability it is; None for a number, and where it is the class that each
        row is answered.
    columns
        The largest mean first.
    """

    rows: int
    others: int
    exact: bool
    of: Label | None
    columns: tuple[Movement, ...]
