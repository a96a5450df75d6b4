"""All checks of a table in one pass."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from modelwright.data.checks.base import Check, CheckResult, RowCheck
from modelwright.errors import nearest

EXAMPLES = 5
"""Of rows that fail a check, shown to people."""
_EXAMPLE_LENGTH = 80
Examples = tuple[tuple[int, str], ...]
"""Numbers of rows, counted from 1, and their values."""


def run_checks(table: pl.DataFrame, checks: Sequence[Check]) -> tuple[CheckResult, ...]:
    """Return what each check finds in a table.

    Parameters
    ----------
    table
        As `readable` returns it.
    checks
        Any checks; one whose column is missing has failed.

    Returns
    -------
    tuple of CheckResult
        One per check, in the same order.

    Examples
    --------
    >>> from modelwright.data.checks.ranges import Range
    >>> table = pl.DataFrame({"age": [39.0, 200.0]})
    >>> (result,) = run_checks(table, [Range(column="age", minimum=0, maximum=110)])
    >>> result.passed, result.failed_rows, result.examples
    (False, 1, ((2, '200.0'),))
    >>> print(result.sentence)
    Column 'age' is at least 0 and at most 110: not so in 1 of 2 rows (50 %), such as row 2
    ('200.0'); no row may differ.
    """
    failing = _failing(table, checks)
    failed = _count(table, {at: checks[at] for at in failing})
    examples = _examples(table, checks, {at: failing[at] for at, rows in failed.items() if rows})
    return tuple(
        result_of(check, table.height, failed[at], examples.get(at, ()))
        if at in failed
        else result_without_column(check, table.columns, rows=table.height)
        for at, check in enumerate(checks)
    )


def failing_rows(
    table: pl.DataFrame, checks: Sequence[Check], *, most: int
) -> tuple[tuple[RowCheck, pl.Series], ...]:
    """Return the rows that fail each check of rows: the check and their places, from 0.

    Parameters
    ----------
    table
        As `readable` returns it.
    checks
        Any checks; those whose column is missing have no failing rows of their own.
    most
        How many rows of each check, the first ones.

    Examples
    --------
    >>> from modelwright.data.checks.ranges import Range
    >>> table = pl.DataFrame({"age": [39.0, 200.0]})
    >>> ((check, rows),) = failing_rows(table, [Range(column="age", maximum=110)], most=10)
    >>> rows.to_list()
    [1]
    """
    found = []
    for at, expression in _failing(table, checks).items():
        check = checks[at]
        if isinstance(check, RowCheck):
            rows = table.select(expression.arg_true().head(most)).to_series()
            found += [(check, rows)] if len(rows) else []
    return tuple(found)


def _failing(table: pl.DataFrame, checks: Sequence[Check]) -> dict[int, pl.Expr]:
    """Return the expression of every check whose columns are there, by its position."""
    schema = table.schema
    return {
        at: check.failing(schema).fill_null(False)
        for at, check in enumerate(checks)
        if all(name in schema for name in check.columns)
    }


def _count(table: pl.DataFrame, checks: Mapping[int, Check]) -> dict[int, int]:
    """Count the rows that fail, in one pass; 0 or 1 for a check of the whole table."""
    schema = table.schema
    counts = [
        (
            check.failures(schema)
            if isinstance(check, RowCheck)
            else check.failing(schema).fill_null(False).sum()
        ).alias(str(at))
        for at, check in checks.items()
    ]
    return _row_of(table, counts) if counts else {}


def _examples(
    table: pl.DataFrame, checks: Sequence[Check], failing: Mapping[int, pl.Expr]
) -> dict[int, Examples]:
    """Find the first rows that fail, in one more pass."""
    first = [
        expression.arg_true().head(EXAMPLES).implode().alias(str(at))
        for at, expression in failing.items()
        if isinstance(checks[at], RowCheck)
    ]
    found = _row_of(table, first) if first else {}
    return {at: _shown(table, checks[at], rows) for at, rows in found.items()}


def _shown(table: pl.DataFrame, check: Check, rows: list[int]) -> Examples:
    if not isinstance(check, RowCheck):
        return ()
    value = check.shown(table.schema).str.slice(0, _EXAMPLE_LENGTH).fill_null("missing")
    values = table[rows].select(value).to_series()
    return tuple((row + 1, text) for row, text in zip(rows, values, strict=True))


def _row_of(table: pl.DataFrame, expressions: Sequence[pl.Expr]) -> dict[int, Any]:
    # Not lazily: optimising a query of ten thousand checks takes longer than running it.
    row = table.select(expressions).row(0, named=True)
    return {int(at): value for at, value in row.items()}


def result_of(check: Check, rows: int, failed: int, examples: Examples = ()) -> CheckResult:
    """Say what a check found.

    Parameters
    ----------
    check, rows
        The check, and the rows of the table.
    failed
        The rows that failed; for a check of the whole table not 0 when it failed.
    examples
        The first of them.
    """
    if isinstance(check, RowCheck):
        return _result_by_row(check, rows, failed, examples)
    found = f"not so, in this table of {rows:,} rows." if failed else "so it is."
    return CheckResult(
        check=check.rule,
        column=", ".join(check.columns),
        dimension=check.dimension,
        severity=check.severity,
        passed=not failed,
        failed_rows=0,
        checked_rows=rows,
        sentence=f"{check.rule}: {found}",
    )


def _result_by_row(check: RowCheck, rows: int, failed: int, examples: Examples) -> CheckResult:
    allowed = check.allowed_of(rows)
    found = f"so in all {rows:,} rows."
    if failed:
        found = f"not so in {failed:,} of {rows:,} rows ({_percent(failed / rows)})"
        found += f"{_such_as(examples)}; {_may_differ(allowed)}."
    return CheckResult(
        check=check.rule,
        column=", ".join(check.columns),
        dimension=check.dimension,
        severity=check.severity,
        passed=failed <= allowed,
        failed_rows=failed,
        checked_rows=rows,
        allowed_fraction=check.allowed_fraction,
        examples=examples,
        sentence=f"{check.rule}: {found}",
    )


def result_without_column(check: Check, names: Sequence[str], *, rows: int) -> CheckResult:
    """Say that a check failed because the table lacks one of its columns."""
    name = next(name for name in check.columns if name not in names)
    hint = nearest(name, names) if names else "It has no columns."
    return CheckResult(
        check=check.rule,
        column=", ".join(check.columns),
        dimension=check.dimension,
        severity=check.severity,
        passed=False,
        failed_rows=rows if isinstance(check, RowCheck) else 0,
        checked_rows=rows,
        allowed_fraction=check.allowed_fraction if isinstance(check, RowCheck) else 0.0,
        sentence=f"{check.rule}: not so, because the table has no column {name!r}. {hint}",
    )


def _such_as(examples: Examples) -> str:
    if not examples:
        return ""
    row, value = examples[0]
    return f", such as row {row:,} ({value!r})"


def _may_differ(allowed: int) -> str:
    if allowed == 0:
        return "no row may differ"
    return "1 row may differ" if allowed == 1 else f"{allowed:,} rows may differ"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.3g} %"
