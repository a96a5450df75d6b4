"""What is known of a column without its rows, and which rules that decides.

The checks themselves judge a few values, typed as the rows would be, so that no rule is written
twice: a `Span` is the least and the greatest value, a `Tally` each different value with its rows,
and `Different` each different value alone.
What neither can tell is None, and the column is read.
"""

from dataclasses import dataclass
from typing import Protocol

import polars as pl

from modelwright.data.checks.base import Check, RowCheck
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing, Present
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.readable import readable
from modelwright.data.checks.shape import NotConstant
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.schema import Column, Schema


class Facts(Protocol):
    """What is known of one column."""

    def failed(self, check: Check) -> int | None:
        """Return how many rows fail a check of this column; None where it is not known.

        For a check of the whole table, not 0 when it fails.
        """
        ...


@dataclass(frozen=True)
class Span:
    """The ends of a column of numbers or moments.

    Parameters
    ----------
    ends
        The least and the greatest value that is there, as the checks see them; none where only
        their number was asked for.
    rows, there
        All rows, and those that have a value.
    different
        Different values; None where nobody asked.
    """

    ends: pl.DataFrame
    rows: int
    there: int
    different: int | None = None

    def failed(self, check: Check) -> int | None:
        """Return how many rows fail a check of this column; None where it is not known."""
        match check:
            case Present() | Parses():
                return 0
            case NotMissing():
                return self.rows - self.there
            case Range() | Period() | NotConstant() if self.ends.is_empty():
                return None
            case Range() | Period():
                outside = self.ends.select(check.failing(self.ends.schema)).to_series()
                return None if outside.fill_null(False).any() else 0
            case Unique(together_with=()):
                return None if self.different is None else self.there - self.different
            case NotConstant():
                return int(self.there > 1 and self.ends.n_unique() == 1)
        return None


@dataclass(frozen=True)
class Tally:
    """Every different value of a column.

    Parameters
    ----------
    values
        One row for each, as the checks see it; two may read alike.
    counts
        How many rows have it.
    """

    values: pl.DataFrame
    counts: pl.Series

    @classmethod
    def of(cls, column: Column, values: pl.Series, counts: pl.Series) -> "Tally":
        """Read the values as those of a column."""
        frame = values.alias(column.name).to_frame()
        return cls(readable(frame, Schema(columns=(column,))), counts)

    def failed(self, check: Check) -> int | None:
        """Return how many rows fail a check of this column; None where it is not known."""
        match check:
            case Present():
                return 0
            case Unique(together_with=()):
                value = self.values[check.column].drop_nulls()
                return self._there(check.column) - value.n_unique()
            case NotConstant():
                value = self.values[check.column].drop_nulls()
                return int(self._there(check.column) > 1 and value.min() == value.max())
            case RowCheck() if len(check.columns) == 1:
                failing = check.failing(self.values.schema).fill_null(False)
                # An expression may be of no column, and then has one value.
                return self._rows(self.values.with_columns(failed=failing)["failed"])
        return None

    def _there(self, name: str) -> int:
        return self._rows(self.values[name].is_not_null())

    def _rows(self, which: pl.Series) -> int:
        return int(self.counts.filter(which).sum())


@dataclass(frozen=True)
class Different:
    """Every different value of a column, without how often it is there.

    Parameters
    ----------
    values
        One row for each, as the checks see it.
    """

    values: pl.DataFrame

    def failed(self, check: Check) -> int | None:
        """Return 0 where no value fails a check of this column; None where one does."""
        match check:
            case Unique() | NotConstant():
                return None
            case RowCheck() if len(check.columns) == 1:
                failing = check.failing(self.values.schema).fill_null(False)
                return None if self.values.select(failing.any()).item() else 0
        return None
