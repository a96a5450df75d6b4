"""The table has rows; a column is not stuck at one value."""

import polars as pl

from modelwright.data.checks.base import Check
from modelwright.errors import InputError


class RowCount(Check, frozen=True, kw_only=True, tag="rowCount"):
    """The number of rows lies between two bounds, the bounds included.

    Parameters
    ----------
    minimum
        1 for a table that is not empty.
    maximum
        None where there is no bound.

    Examples
    --------
    >>> RowCount(minimum=1).rule
    'The table has at least 1 row'
    """

    dimension = "completeness"

    minimum: int = 0
    maximum: int | None = None

    def __post_init__(self) -> None:
        if self.minimum < 0 or (self.maximum is not None and self.maximum < self.minimum):
            raise InputError(
                f"The table should have {self.minimum} to {self.maximum} rows.",
                "Give two numbers from 0, the smaller one first.",
            )

    @property
    def rule(self) -> str:
        """What must be true."""
        most = "" if self.maximum is None else f" and at most {self.maximum:,}"
        rows = "row" if self.maximum is None and self.minimum == 1 else "rows"
        return f"The table has at least {self.minimum:,}{most} {rows}"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return whether there are too few or too many."""
        too_many = pl.lit(False) if self.maximum is None else pl.len() > self.maximum
        return (pl.len() < self.minimum) | too_many


class NotConstant(Check, frozen=True, kw_only=True, tag="notConstant"):
    """A column has at least two different values, if it has any.

    Examples
    --------
    >>> NotConstant(column="sensor").rule
    "Column 'sensor' has more than one value"
    """

    dimension = "coverage"

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    @property
    def rule(self) -> str:
        """What must be true."""
        return f"Column {self.column!r} has more than one value"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return whether all values are the same."""
        value = pl.col(self.column)
        return (value.count() > 1) & (value.min() == value.max())
