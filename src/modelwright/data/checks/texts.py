"""Texts are not too short or too long."""

import polars as pl

from modelwright.data.checks.base import RowCheck
from modelwright.errors import InputError


class TextLength(RowCheck, frozen=True, kw_only=True, tag="textLength"):
    """Every text has a number of characters between two bounds, the bounds included.

    Parameters
    ----------
    min_length, max_length
        In Unicode code points; None where there is no bound.

    Examples
    --------
    >>> TextLength(column="title", max_length=80).rule
    "Column 'title' has at most 80 characters"
    """

    dimension = "conformity"

    min_length: int | None = None
    max_length: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        bounds = [bound for bound in (self.min_length, self.max_length) if bound is not None]
        if bounds != sorted(bounds) or any(bound < 0 for bound in bounds):
            raise InputError(
                f"The lengths of {self.column!r} are {self.min_length} and {self.max_length}.",
                "Give two numbers from 0, the smaller one first, or leave one out.",
            )

    @property
    def rule(self) -> str:
        """What must be true."""
        least = () if self.min_length is None else (f"at least {self.min_length}",)
        most = () if self.max_length is None else (f"at most {self.max_length}",)
        bounds = " and ".join((*least, *most)) or "any number of"
        return f"Column {self.column!r} has {bounds} characters"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the rows whose text is too short or too long."""
        length = pl.col(self.column).cast(pl.String).str.len_chars()
        short = pl.lit(False) if self.min_length is None else length < self.min_length
        long = pl.lit(False) if self.max_length is None else length > self.max_length
        return short | long
