"""A table in memory against checks: columns are summed up where that decides, and read elsewhere.

Most tables keep most rules. That a number lies between its bounds its least and greatest value
tell, and that a category is known its different values; neither needs each value read as its kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.facts import Facts, Span
from modelwright.data.checks.judging import Known, asked_of, judge
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing, Present
from modelwright.data.checks.readable import readable
from modelwright.data.checks.registry import CHECKS
from modelwright.data.checks.run import run_checks
from modelwright.data.checks.sums import Sums, count_different
from modelwright.data.checks.text_facts import text_facts
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.cells import missing_numbers_of, missing_tokens_of
from modelwright.data.values.several import split_cells

_MANY_ROWS = 100_000


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
    table = split_cells(table, schema)
    known = Known(table.columns, table.height, dict(_facts(table, schema, checks)))

    def look(unsure: Sequence[Check]) -> tuple[CheckResult, ...]:
        names = {name for check in unsure for name in check.columns}
        part = table.select([name for name in table.columns if name in names])
        return run_checks(readable(part, schema), unsure)

    return judge(checks, known, stands=lambda result: not result.failed_rows, look=look)


def _facts(
    table: pl.DataFrame, schema: Schema, checks: Sequence[Check]
) -> Iterator[tuple[str, Facts]]:
    asked = {
        column: its_checks
        for column in schema
        if column.name in table.columns and (its_checks := asked_of(column.name, checks))
    }
    if table.height < _MANY_ROWS:  # a thread takes longer to begin
        yield from text_facts(table, asked)
        yield from _number_facts(table, asked)
        return
    with ThreadPoolExecutor(1) as thread:
        texts = thread.submit(lambda: list(text_facts(table, asked)))
        yield from _number_facts(table, asked)
        yield from texts.result()


def _number_facts(
    table: pl.DataFrame, asked: Mapping[Column, Sequence[Check]]
) -> Iterator[tuple[str, Facts]]:
    for column, its_checks in asked.items():
        series = table[column.name]
        if _is_summed_up(series, column, its_checks):
            yield column.name, _span(series, column, its_checks)


def _is_summed_up(series: pl.Series, column: Column, asked: Sequence[Check]) -> bool:
    if column.value_type == "string":  # codes: how many there are is all that is told
        codes = any(token.removeprefix("-").isdigit() for token in missing_tokens_of(column))
        counts = all(isinstance(check, NotMissing | Unique) for check in asked)
        return series.dtype.is_integer() and counts and not codes
    is_number = column.value_type == "number" and column.kind != Kind.BOOLEAN
    return is_number and series.dtype.is_numeric() and not missing_numbers_of(column)


def _span(series: pl.Series, column: Column, asked: Sequence[Check]) -> Span:
    counted = any(isinstance(check, Unique) for check in asked)
    ended = counted or not all(isinstance(check, NotMissing | Parses) for check in asked)
    sums = Sums.of(series, ended=ended)
    return Span(
        ends=readable(sums.ends.to_frame(), Schema(columns=(column,))),
        rows=len(series),
        there=sums.there,
        different=count_different(series, sums.ends) if counted else None,
    )
