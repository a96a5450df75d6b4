"""Ids and keys occur once."""

import polars as pl

from modelwright.data.checks.base import RowCheck


class Unique(RowCheck, frozen=True, kw_only=True, tag="unique"):
    """No value occurs twice; a row that repeats an earlier one fails, a missing value does not.

    Parameters
    ----------
    together_with
        The other columns of a key of several.

    Examples
    --------
    >>> Unique(column="shop", together_with=("day",)).rule
    "No two rows agree in 'shop', 'day'"
    """

    dimension = "uniqueness"

    together_with: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the key."""
        return (self.column, *self.together_with)

    @property
    def rule(self) -> str:
        """What must be true."""
        return f"No two rows agree in {', '.join(repr(name) for name in self.columns)}"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the rows that repeat an earlier one."""
        key = pl.struct(self.columns) if self.together_with else pl.col(self.column)
        there = pl.all_horizontal(pl.col(self.columns).is_not_null())
        return there & ~key.is_first_distinct()

    def failures(self, table_schema: pl.Schema) -> pl.Expr:
        """Return how many rows repeat an earlier one: all but as many as there are keys."""
        if self.together_with:
            return super().failures(table_schema)
        there = pl.col(self.column).drop_nulls()
        return there.len() - there.n_unique()

    def shown(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the values of the key."""
        return pl.concat_str(pl.col(self.columns).cast(pl.String), separator=", ")
