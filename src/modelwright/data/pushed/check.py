"""A table of a database against a contract, judged where the rows are.

Counts are asked for instead of rows: one query for the ends of all numbers and moments, one for the
different values of each other column. Only the columns of rules that are broken, for their
examples, and of those that this cannot decide, are read. All of it is one read-only transaction, so
that all rules are about the same rows; nothing is sampled.
"""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.columns import check_columns
from modelwright.data.checks.facts import Facts
from modelwright.data.checks.judging import Known, asked_of, judge
from modelwright.data.checks.presence import NotMissing, Present
from modelwright.data.checks.registry import CHECKS
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import CheckReport, Contract, check_table
from modelwright.data.pushed.queries import are_codes, find_spans, find_tally, has_span, types_of
from modelwright.data.schema import Column
from modelwright.data.sources.asking import Asking, asking
from modelwright.data.sources.columns import settle
from modelwright.data.sources.selection import Selection
from modelwright.data.values.several import shared_cells


def check_database(
    address: str, contract: Contract, *, table: str | None = None, query: str | None = None
) -> CheckReport:
    """Check a table of a database against a contract, as `check_table` does.

    Rules that are kept although some rows break them, as they may, have no examples.

    Parameters
    ----------
    address
        Of a PostgreSQL, MySQL, MariaDB, SQLite or DuckDB database.
    contract
        The rules.
    table, query
        Which rows.

    Raises
    ------
    SourceError
        When the database does not answer or refuses a question, or the table does not exist.
    """
    with asking(address, Selection(table, query)) as open_:
        types = types_of(open_)
        if not _is_plain(types) or not _are_own(contract.every_check):
            return check_table(settle(open_.of_rows("*"))[0], contract)
        known = _know(open_, contract, types)
        cells_of = shared_cells(contract.schema, types)
        return CheckReport(
            rows=known.rows,
            results=judge(
                contract.every_check,
                known,
                stands=lambda result: result.passed,
                look=lambda checks: _look(open_, contract, checks, cells_of),
            ),
            unchecked=contract.unchecked,
        )


def _know(open_: Asking, contract: Contract, types: Mapping[str, pl.DataType]) -> Known:
    checks = contract.every_check
    there = [each for each in contract.schema if each.name in types]
    spans = [each for each in there if _has_span(each, types[each.name], checks)]
    unique = {check.column for check in checks if isinstance(check, Unique)}
    rows, found = find_spans(open_, spans, types, unique=unique)
    facts: dict[str, Facts] = dict(found)
    for column in there:
        if column.name not in facts and asked_of(column.name, checks):
            tally = find_tally(open_, column, types[column.name])
            facts |= {} if tally is None else {column.name: tally}
    return Known([*types, *shared_cells(contract.schema, types)], rows, facts)


def _has_span(column: Column, dtype: pl.DataType, checks: Sequence[Check]) -> bool:
    if are_codes(column, dtype):  # how many there are is all that is told
        asked = asked_of(column.name, checks)
        return all(isinstance(check, NotMissing | Unique) for check in asked)
    return has_span(column, dtype)


def _look(
    open_: Asking, contract: Contract, checks: Sequence[Check], cells_of: Mapping[str, str]
) -> tuple[CheckResult, ...]:
    asked = (name for check in checks for name in check.columns)
    names = dict.fromkeys(cells_of.get(name, name) for name in asked)
    return check_columns(open_.columns(list(names)), contract.schema, checks)


def _is_plain(types: Mapping[str, pl.DataType]) -> bool:
    """Return whether no column becomes several, or is refused, when it is read."""
    return bool(types) and not any(
        dtype.is_nested() or isinstance(dtype, pl.Binary | pl.Object) for dtype in types.values()
    )


def _are_own(checks: Iterable[Check]) -> bool:
    """Return whether all checks are known to look at their own column alone."""
    return all(type(check) in (*CHECKS.values(), Present) for check in checks)
