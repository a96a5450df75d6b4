"""Numbers and moments lie between two bounds."""

import math
from datetime import datetime

import polars as pl

from modelwright.data.checks.base import RowCheck
from modelwright.data.values.cells import text_of_number
from modelwright.errors import InputError


class Range(RowCheck, frozen=True, kw_only=True, tag="range"):
    """Every number lies between two bounds, the bounds included.

    Parameters
    ----------
    minimum, maximum
        In the column's own unit; None where there is no bound.

    Examples
    --------
    >>> Range(column="age", minimum=0, maximum=110).rule
    "Column 'age' is at least 0 and at most 110"
    """

    dimension = "accuracy"

    minimum: float | None = None
    maximum: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        bounds = [bound for bound in (self.minimum, self.maximum) if bound is not None]
        if not all(map(math.isfinite, bounds)) or bounds != sorted(bounds):
            raise _refusal(self.column, self.minimum, self.maximum)

    @property
    def rule(self) -> str:
        """What must be true."""
        bounds = (
            None if bound is None else text_of_number(bound)
            for bound in (self.minimum, self.maximum)
        )
        return f"Column {self.column!r} is {_between(*bounds)}"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the rows whose number is outside."""
        number = pl.col(self.column).cast(pl.Float64, strict=False)
        return _outside(number, self.minimum, self.maximum)


class Period(RowCheck, frozen=True, kw_only=True, tag="period"):
    """Every moment lies between two others, these included.

    Parameters
    ----------
    minimum, maximum
        In UTC, without a zone; None where there is no bound.

    Examples
    --------
    >>> Period(column="sold", minimum=datetime(2013, 1, 1)).rule
    "Column 'sold' is at least 2013-01-01 00:00:00"
    """

    dimension = "timeliness"

    minimum: datetime | None = None
    maximum: datetime | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        bounds = [bound for bound in (self.minimum, self.maximum) if bound is not None]
        if any(bound.tzinfo for bound in bounds) or bounds != sorted(bounds):
            raise _refusal(self.column, self.minimum, self.maximum)

    @property
    def rule(self) -> str:
        """What must be true."""
        bounds = (None if bound is None else str(bound) for bound in (self.minimum, self.maximum))
        return f"Column {self.column!r} is {_between(*bounds)}"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the rows whose moment is outside."""
        moment = pl.col(self.column).cast(pl.Datetime("us"), strict=False)
        return _outside(moment, self.minimum, self.maximum)


def _refusal(column: str, minimum: object, maximum: object) -> InputError:
    return InputError(
        f"The bounds of {column!r} are {minimum} and {maximum}.",
        "Give two finite bounds, the smaller one first, or leave one out.",
    )


def _outside(
    value: pl.Expr, minimum: float | datetime | None, maximum: float | datetime | None
) -> pl.Expr:
    below = pl.lit(False) if minimum is None else value < minimum
    above = pl.lit(False) if maximum is None else value > maximum
    return below | above


def _between(minimum: str | None, maximum: str | None) -> str:
    bounds = [
        f"at {word} {bound}"
        for word, bound in (("least", minimum), ("most", maximum))
        if bound is not None
    ]
    return " and ".join(bounds) or "anything"
