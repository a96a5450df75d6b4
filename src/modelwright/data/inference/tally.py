"""The different values of one column, each with how often it occurs."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

import polars as pl

from modelwright.data.values.cells import ALWAYS_MISSING, MISSING_AMONG_NUMBERS

_SHOWN = 5


@dataclass(frozen=True)
class Tally:
    """What was counted in one column.

    Parameters
    ----------
    values, counts
        The different values that are present, and the rows of each.
    missing
        Texts that stand for a missing value, with the rows of each; "" is an empty cell.
    rows
        Rows of the column.
    """

    values: pl.Series
    counts: pl.Series
    missing: dict[str, int]
    rows: int

    @classmethod
    def of(cls, series: pl.Series) -> Self:
        """Count a column of stripped texts or of numbers; null and NaN are empty cells.

        Examples
        --------
        >>> tally = Tally.of(pl.Series(["a", "a", "?", None]))
        >>> tally.values.to_list(), tally.counts.to_list(), tally.missing
        (['a'], [2], {'': 1, '?': 1})
        """
        series = series.fill_nan(None) if series.dtype.is_float() else series
        present, missing = series.drop_nulls(), series.null_count()
        empty = {"": missing} if missing else {}
        if series.dtype.is_numeric():
            # Sorted numbers are counted in a third of the time of a table of them.
            runs = present.sort().rle().struct
            return cls(runs.field("value"), runs.field("len"), empty, len(series))
        counted = present.alias("value").value_counts(name="rows").sort("value")
        whole = cls(counted["value"], counted["rows"], empty, len(series))
        return whole.without(ALWAYS_MISSING) if series.dtype == pl.String else whole

    @property
    def distinct(self) -> int:
        """Different values."""
        return len(self.values)

    @property
    def present(self) -> int:
        """Rows with a value."""
        return int(self.counts.sum())

    @property
    def unique_share(self) -> float:
        """Different values by rows with a value."""
        return self.distinct / max(self.present, 1)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The texts that stand for a missing value, beside the empty one."""
        return tuple(token for token in self.missing if token)

    def without(self, tokens: Collection[str]) -> Self:
        """Return the tally in which some texts count as missing."""
        return self.split(self.values.is_in(list(tokens)))

    def without_number_tokens(self) -> Self:
        """Return the tally in which the tokens of number columns count as missing."""
        return self.without(MISSING_AMONG_NUMBERS)

    def split(self, are_missing: pl.Series) -> Self:
        """Return the tally in which the values marked count as missing."""
        if not are_missing.any():
            return self
        gone = zip(self.values.filter(are_missing), self.counts.filter(are_missing), strict=True)
        missing = dict(self.missing)
        for token, rows in gone:
            missing[str(token)] = missing.get(str(token), 0) + rows
        kept = ~are_missing
        return type(self)(self.values.filter(kept), self.counts.filter(kept), missing, self.rows)

    def missing_sentence(self) -> str:
        """Say how many rows are missing and how they are written; empty when none is.

        Examples
        --------
        >>> Tally.of(pl.Series(["a", "?", None])).missing_sentence()
        " 2 of 3 rows are missing: 1 empty, 1 '?'."
        """
        total = sum(self.missing.values())
        if not total:
            return ""
        most = sorted(self.missing.items(), key=lambda item: -item[1])
        written = [f"{rows:,} {token!r}" if token else f"{rows:,} empty" for token, rows in most]
        more = f" and {len(most) - _SHOWN} more" if len(most) > _SHOWN else ""
        return f" {total:,} of {self.rows:,} rows are missing: {', '.join(written[:_SHOWN])}{more}."
