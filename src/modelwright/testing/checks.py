"""The contract of checks."""

from typing import get_args

import msgspec
import polars as pl

from modelwright.data.checks.base import Check, CheckResult, Dimension, RowCheck
from modelwright.data.checks.registry import family_of
from modelwright.data.checks.run import run_checks


def check_check(check: Check, kept: pl.DataFrame, broken: pl.DataFrame) -> None:
    """Check that a data test keeps its contract.

    It must tell its rule, travel as JSON, pass one table and fail the other, the same each time,
    and end in a result, not in an exception, where the table has no rows, no values or not all of
    its columns.

    Parameters
    ----------
    check
        The check to check.
    kept, broken
        A table that keeps the rule and one that breaks it, as `readable` returns them: numbers are
        Float64, words String, moments Datetime.

    Raises
    ------
    AssertionError
        With what is broken.

    Examples
    --------
    >>> from modelwright.data.checks.shape import RowCount
    >>> check_check(RowCount(minimum=2), pl.DataFrame({"a": [1.0, 2.0]}), pl.DataFrame({"a": []}))
    """
    _require(check.rule.strip("."), check, "tells no rule")
    _require(check.rule == check.rule.rstrip(". "), check, "ends its rule with a full stop")
    _require(check.dimension in get_args(Dimension), check, f"is of no {check.dimension!r}")
    for each in (check, msgspec.structs.replace(check, severity="warning")):
        stored = msgspec.json.decode(msgspec.json.encode(each), type=type(check))
        _require(stored == each, check, "is another one after it was stored")
    result = _result(check, kept)
    _require(result.passed and not result.failed_rows, check, f"fails what keeps it: {result}")
    result = _result(check, broken)
    _require(not result.passed, check, "passes what breaks it")
    _require(_result(check, broken) == result, check, "finds something else the second time")
    _check_rows(check, broken, result)
    _check_poor_tables(check, kept)


def _check_rows(check: Check, broken: pl.DataFrame, result: CheckResult) -> None:
    """Check that the rows that fail are as many as are counted."""
    failing = broken.select(check.failing(broken.schema).fill_null(False).alias("failing"))
    _require(failing.schema["failing"] == pl.Boolean, check, "tells what fails by no boolean")
    if isinstance(check, RowCheck):
        marked = broken.select(check.failing(broken.schema).fill_null(False).sum()).item()
        _require(result.failed_rows == marked > 0, check, "counts other rows than it marks")
    else:
        _require(len(failing) == 1, check, "says of each row what is so of the table")


def _check_poor_tables(check: Check, kept: pl.DataFrame) -> None:
    _result(check, kept.clear())
    _result(check, kept.clear(len(kept)))
    for name in kept.columns:
        passed = _result(check, kept.drop(name)).passed
        _require(not passed or name not in check.columns, check, f"passes without {name!r}")


def _result(check: Check, table: pl.DataFrame) -> CheckResult:
    try:
        (result,) = run_checks(table, [check])
    except pl.exceptions.PolarsError as error:
        raise AssertionError(
            f"The check {family_of(check)!r} cannot judge {len(table)} rows of"
            f" {dict(table.schema)}: {error}"
        ) from error
    return result


def _require(condition: object, check: Check, fault: str) -> None:
    if not condition:
        raise AssertionError(f"The check {family_of(check)!r} {fault}.")
