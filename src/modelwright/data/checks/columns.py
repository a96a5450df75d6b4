"""A table in memory against checks: columns are summed up where that decides, and read elsewhere.

Most tables keep most rules. That a number lies between its bounds its least and greatest value
tell, and that a category is known its different values; neither needs each value read as its kind.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from modelwright.data.cells import missing_numbers_of, missing_tokens_of
from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.facts import Different, Facts, Span
from modelwright.data.checks.judging import Known, asked_of, judge
from modelwright.data.checks.presence import NotMissing, Present
from modelwright.data.checks.readable import readable
from modelwright.data.checks.registry import CHECKS
from modelwright.data.checks.run import run_checks
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.conform import repeats
from modelwright.data.schema import Column, Kind, Schema

_EXACT = 2**53
"""Whole numbers below it are different ones also as floats."""
_DENSE = 8
"""Whole numbers are marked on a board where they lie so close together."""


def check_columns(
    table: pl.DataFrame, schema: Schema, checks: Sequence[Check]
) -> tuple[CheckResult, ...]:
    """Return what each check finds in a table, as `run_checks` does in a readable one.

    Parameters
    ----------
    table
        As a source returned it.
    schema
        What its columns hold.
    checks
        Any checks.

    Examples
    --------
    >>> from modelwright.data.checks.ranges import Range
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> (result,) = check_columns(
    ...     pl.DataFrame({"age": [39, 200]}), schema, [Range(column="age", maximum=110)]
    ... )
    >>> result.passed, result.examples
    (False, ((2, '200.0'),))
    """
    own = [check for check in checks if type(check) in (*CHECKS.values(), Present)]
    if len(own) < len(checks):  # a rule of another package may look at any column
        return run_checks(readable(table, schema), checks)
    known = Known(table.columns, table.height, dict(_facts(table, schema, checks)))

    def look(unsure: Sequence[Check]) -> tuple[CheckResult, ...]:
        names = {name for check in unsure for name in check.columns}
        part = table.select([name for name in table.columns if name in names])
        return run_checks(readable(part, schema), unsure)

    return judge(checks, known, stands=lambda result: not result.failed_rows, look=look)


def _facts(
    table: pl.DataFrame, schema: Schema, checks: Sequence[Check]
) -> Iterator[tuple[str, Facts]]:
    columns = [each for each in schema if each.name in table.columns]
    asked = {each.name: asked_of(each.name, checks) for each in columns}
    columns = [each for each in columns if asked[each.name]]
    levels = [each for each in columns if _has_levels(table[each.name], each)]
    found = table.select(pl.col(each.name).unique().implode() for each in levels)
    for column in levels:
        values = found[column.name][0].alias(column.name).to_frame()
        yield column.name, Different(readable(values, Schema(columns=(column,))))
    summed = [each for each in columns if _is_summed_up(table[each.name], each, asked[each.name])]
    ends = _ends(table, [each.name for each in summed])
    for column in summed:
        unique = any(isinstance(check, Unique) for check in asked[column.name])
        yield column.name, _span(table[column.name], column, ends[column.name], counted=unique)


def _has_levels(series: pl.Series, column: Column) -> bool:
    return series.dtype == pl.String and column.value_type == "string" and repeats(series)


def _is_summed_up(series: pl.Series, column: Column, asked: Sequence[Check]) -> bool:
    if column.value_type == "string":  # codes: how many there are is all that is told
        codes = any(token.removeprefix("-").isdigit() for token in missing_tokens_of(column))
        counts = all(isinstance(check, NotMissing | Unique) for check in asked)
        return series.dtype.is_integer() and counts and not codes
    is_number = column.value_type == "number" and column.kind != Kind.BOOLEAN
    return is_number and series.dtype.is_numeric() and not missing_numbers_of(column)


def _ends(table: pl.DataFrame, names: Sequence[str]) -> dict[str, tuple[pl.Series, int]]:
    """Return the least and the greatest value of columns, in one pass, and how many are there."""
    floats = [name for name in names if table[name].dtype.is_float()]
    with_nan = table.select(pl.col(name).is_nan().any() for name in floats).row(0) if floats else ()
    odd = {name for name, has in zip(floats, with_nan, strict=True) if has}
    values = {name: pl.col(name).fill_nan(None) if name in odd else pl.col(name) for name in names}
    found = table.select(
        each.alias(f"{at}{word}")
        for at, value in enumerate(values.values())
        for word, each in (("low", value.min()), ("high", value.max()), ("there", value.count()))
    )
    return {
        name: (pl.concat([found[f"{at}low"], found[f"{at}high"]]), found[f"{at}there"][0])
        for at, name in enumerate(names)
    }


def _span(series: pl.Series, column: Column, ends: tuple[pl.Series, int], *, counted: bool) -> Span:
    both, there = ends
    return Span(
        ends=readable(both.alias(column.name).to_frame(), Schema(columns=(column,))),
        rows=len(series),
        there=there,
        different=_different(series, *both) if counted else None,
    )


def _different(series: pl.Series, low: object, high: object) -> int | None:
    """Count the different values; None where floats would take some as the same."""
    known = series.drop_nulls()
    if not isinstance(low, int) or not isinstance(high, int):
        return known.fill_nan(None).drop_nulls().n_unique()
    if max(-low, high) >= _EXACT:
        return None
    if high - low > _DENSE * len(known):
        return known.n_unique()
    board = np.zeros(high - low + 1, dtype=np.bool_)
    board[known.to_numpy() - low] = True
    return int(np.count_nonzero(board))
