"""Values can be read as their column's kind."""

from typing import Literal

import polars as pl

from modelwright.data.checks.base import RowCheck, unread

ReadAs = Literal["number", "truth value", "datetime"]


class Parses(RowCheck, frozen=True, kw_only=True, tag="parses"):
    """Every value that is not missing can be read.

    Parameters
    ----------
    kind
        What it is read as.

    Examples
    --------
    >>> Parses(column="age", kind="number").rule
    "Column 'age' can be read as a number"
    """

    dimension = "conformity"

    kind: ReadAs

    @property
    def rule(self) -> str:
        """What must be true."""
        return f"Column {self.column!r} can be read as a {self.kind}"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the rows whose text could not be read."""
        return unread(self.column, table_schema).is_not_null()

    def shown(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the text that could not be read."""
        return unread(self.column, table_schema)
