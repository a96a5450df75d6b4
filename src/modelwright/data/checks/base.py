"""What a check is.

`run.run_checks` asks a check for its `columns`; if one is missing, the check has failed and is
asked nothing more. Else it evaluates `failing`, together with that of all other checks, in one
pass. A check may assume a table made by `readable`: numbers are Float64, words String, moments
Datetime in UTC, and null is a missing or unreadable value; `unread` tells the two apart. A check
looks at nothing but the table, and a null in `failing` counts as not failing.
"""

import math
from typing import ClassVar, Literal

import msgspec
import polars as pl

from modelwright.errors import InputError

Severity = Literal["error", "warning"]
"""A failed error breaks the contract; a failed warning is only told."""

Dimension = Literal[
    "accuracy",
    "completeness",
    "conformity",
    "consistency",
    "coverage",
    "timeliness",
    "uniqueness",
]
"""The dimensions of data quality of the Open Data Contract Standard 3.1."""

UNREAD = "\x1funread"
"""Ends the name of the column that holds what could not be read of another; it is in a table only
if there is something."""

_ROUNDING = 1e-9


class Check(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="check",
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """One data test of a table.

    Parameters
    ----------
    severity
        ``"error"`` or ``"warning"``.
    """

    dimension: ClassVar[Dimension]

    severity: Severity = "error"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns without which the check has failed."""
        return ()

    @property
    def rule(self) -> str:
        """What must be true, as a sentence without its full stop."""
        raise NotImplementedError

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return what is wrong: a boolean, for the whole table or, in a `RowCheck`, by row.

        Parameters
        ----------
        table_schema
            Names and types of the table's columns.
        """
        raise NotImplementedError


class RowCheck(Check, frozen=True, kw_only=True):
    """A check that each row passes or fails.

    Parameters
    ----------
    column
        The column it looks at.
    allowed_fraction
        Of all rows, how many may fail.
    allowed_rows
        How many rows may fail, whatever their number; not together with a fraction.
    """

    column: str
    allowed_fraction: float = 0.0
    allowed_rows: int = 0

    def __post_init__(self) -> None:
        if not 0.0 <= self.allowed_fraction <= 1.0 or self.allowed_rows < 0:
            raise InputError(
                f"A check of {self.column!r} allows {self.allowed_fraction} of the rows, or"
                f" {self.allowed_rows} rows.",
                "Allow a fraction from 0 to 1, or a number of rows from 0.",
            )
        if self.allowed_fraction and self.allowed_rows:
            raise InputError(
                f"A check of {self.column!r} allows both a fraction and a number of rows.",
                "Leave one of them out.",
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns without which the check has failed."""
        return (self.column,)

    def allowed_of(self, rows: int) -> int:
        """Return how many of a number of rows may fail.

        Examples
        --------
        >>> RowCheck(column="age", allowed_fraction=0.01).allowed_of(250)
        2
        """
        return self.allowed_rows or math.floor(self.allowed_fraction * rows + _ROUNDING)

    def failures(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the number of rows that fail, for a check that can count sooner than tell which.

        Parameters
        ----------
        table_schema
            Names and types of the table's columns.
        """
        return self.failing(table_schema).fill_null(False).sum()

    def shown(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the value of each row as the text that a person is shown."""
        return pl.col(self.column).cast(pl.String)


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found in a table.

    Parameters
    ----------
    check
        The rule, as a sentence.
    column
        The column it is about; empty for the whole table.
    failed_rows
        Rows that broke the rule; 0 for a rule about the whole table.
    checked_rows
        Rows of the table.
    allowed_fraction
        The fraction of rows that may break the rule.
    examples
        Up to five rows that broke it: the number of the row, counted from 1, and its value.
    sentence
        The outcome for a person.
    """

    check: str
    column: str
    dimension: Dimension
    severity: Severity
    passed: bool
    failed_rows: int
    checked_rows: int
    allowed_fraction: float = 0.0
    examples: tuple[tuple[int, str], ...] = ()
    sentence: str


def unread(name: str, table_schema: pl.Schema) -> pl.Expr:
    """Return the texts of a column that are there but could not be read; null elsewhere."""
    strays = name + UNREAD
    return pl.col(strays) if strays in table_schema else pl.lit(None, dtype=pl.String)
