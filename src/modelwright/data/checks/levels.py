"""Categories are known ones."""

import polars as pl

from modelwright.data.checks.base import RowCheck

_SHOWN = 6


class Levels(RowCheck, frozen=True, kw_only=True, tag="levels"):
    """Every category is one of those listed.

    Parameters
    ----------
    levels
        As text; codes without a decimal point.

    Examples
    --------
    >>> Levels(column="colour", levels=("blue", "red")).rule
    "Column 'colour' is one of 'blue', 'red'"
    """

    dimension = "conformity"

    levels: tuple[str, ...]

    @property
    def rule(self) -> str:
        """What must be true."""
        shown = ", ".join(repr(level) for level in self.levels[:_SHOWN])
        more = f" or {len(self.levels) - _SHOWN} others" if len(self.levels) > _SHOWN else ""
        return f"Column {self.column!r} is one of {shown or 'no levels'}{more}"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the rows with a category that is not listed."""
        known = pl.Series(self.levels, dtype=pl.String)
        return ~pl.col(self.column).cast(pl.String).is_in(known.implode())
