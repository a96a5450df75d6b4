"""A column is there; its values are there."""

import polars as pl

from modelwright.data.checks.base import Check, RowCheck, unread


class Present(Check, frozen=True, kw_only=True, tag="present"):
    """The table has a column.

    Examples
    --------
    >>> Present(column="age").rule
    "Column 'age' is there"
    """

    dimension = "completeness"

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    @property
    def rule(self) -> str:
        """What must be true."""
        return f"Column {self.column!r} is there"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return false: a check without its column never comes as far."""
        return pl.lit(False)


class NotMissing(RowCheck, frozen=True, kw_only=True, tag="notMissing"):
    """No value is missing; what cannot be read is not missing.

    Examples
    --------
    >>> NotMissing(column="age", allowed_fraction=0.05).rule
    "Column 'age' has a value"
    """

    dimension = "completeness"

    @property
    def rule(self) -> str:
        """What must be true."""
        return f"Column {self.column!r} has a value"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the rows without a value."""
        return pl.col(self.column).is_null() & unread(self.column, table_schema).is_null()
