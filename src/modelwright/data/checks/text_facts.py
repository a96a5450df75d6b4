"""What is known of columns of texts without reading each: the longest one, or the different ones.

Each is asked for what costs least: the longest text (of bytes, which no text has fewer of than
characters) before the few categories that a rule lists, and those before all different texts.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from modelwright.data.checks.base import Check
from modelwright.data.checks.facts import Different, Facts
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.readable import readable
from modelwright.data.checks.sums import parts_of
from modelwright.data.checks.texts import TextLength
from modelwright.data.conform import repeats
from modelwright.data.schema import Column, Schema

_FEW = 5
"""So many categories are compared one by one sooner than all different texts are found."""


@dataclass(frozen=True)
class Longest:
    """The longest text of a column; reading it as a category makes none longer.

    Parameters
    ----------
    size
        In bytes of UTF-8.
    """

    size: int

    def failed(self, check: Check) -> int | None:
        """Return 0 where no text can be too long; None for all else."""
        match check:
            case TextLength(min_length=None | 0, max_length=int(most)) if self.size <= most:
                return 0
        return None


def text_facts(
    table: pl.DataFrame, asked: Mapping[Column, Collection[Check]]
) -> Iterator[tuple[str, Facts]]:
    """Yield what is known of columns of texts, by name.

    Parameters
    ----------
    table
        As a source returned it.
    asked
        The checks of each column that has any; columns of other kinds are passed over.
    """
    rest = []
    for column, checks in asked.items():
        series = table[column.name]
        if series.dtype != pl.String or column.value_type != "string":
            continue
        facts = _longest(series, checks) or _listed(series, column, checks)
        if facts is not None:
            yield column.name, facts
        elif repeats(series):
            rest.append(column)
    found = table.select(pl.col(column.name).unique().implode() for column in rest)
    for column in rest:
        yield column.name, _different(column, found[column.name][0])


def _longest(series: pl.Series, checks: Collection[Check]) -> Facts | None:
    """Return the longest text where that decides everything that is asked."""
    if not all(isinstance(check, TextLength) for check in checks):
        return None
    longest = Longest(series.str.len_bytes().max() or 0)  # type: ignore[arg-type]
    return longest if all(longest.failed(check) == 0 for check in checks) else None


def _listed(series: pl.Series, column: Column, checks: Collection[Check]) -> Facts | None:
    """Return the categories that a rule lists, where they are few and no others are there."""
    levels = next((set(check.levels) for check in checks if isinstance(check, Levels)), set())
    if not 0 < len(levels) <= _FEW:
        return None
    for part in parts_of(series):
        known = sum((part == level).sum() for level in levels)
        if known < part.count():
            return None
    missing = (None,) if series.null_count() else ()
    return _different(column, pl.Series((*levels, *missing), dtype=pl.String))


def _different(column: Column, values: pl.Series) -> Different:
    frame = values.alias(column.name).to_frame()
    return Different(readable(frame, Schema(columns=(column,))))
