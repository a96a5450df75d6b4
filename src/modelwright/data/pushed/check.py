"""A table of a database against a contract, judged where the rows are.

Counts are asked for instead of rows: one query for the ends of all numbers and moments, one for the
different values of each other column. Only the columns of rules that are broken, for their
examples, and of those that this cannot decide, are read. All of it is one read-only transaction, so
that all rules are about the same rows; nothing is sampled.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from modelwright.data.checks.base import Check, CheckResult, RowCheck
from modelwright.data.checks.presence import NotMissing, Present
from modelwright.data.checks.readable import readable
from modelwright.data.checks.registry import CHECKS
from modelwright.data.checks.run import result_of, result_without_column, run_checks
from modelwright.data.checks.shape import RowCount
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contract import CheckReport, Contract, check_table
from modelwright.data.pushed.facts import Facts
from modelwright.data.pushed.queries import are_codes, find_spans, find_tally, has_span, types_of
from modelwright.data.schema import Column
from modelwright.data.sources.asking import Asking, asking
from modelwright.data.sources.columns import settle
from modelwright.data.sources.selection import Selection

_OF_SPANS = (Present, NotMissing, Unique)
"""All that a count can tell of codes."""


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
            return check_table(settle(open_.ask(open_.statement))[0], contract)
        return _Judge(open_, contract, types).report()


class _Judge:
    """What is known of the rows of one transaction."""

    def __init__(self, open_: Asking, contract: Contract, types: Mapping[str, pl.DataType]) -> None:
        self._asking = open_
        self._contract = contract
        self._types = types
        self._checks = contract.every_check
        self._rows, self._facts = self._know()

    def report(self) -> CheckReport:
        """Return what all checks find."""
        decided = {at: self._decided(check) for at, check in enumerate(self._checks)}
        unsure = [at for at, result in decided.items() if result is None]
        read = self._read([self._checks[at] for at in unsure])
        known = {**decided, **dict(zip(unsure, read, strict=True))}
        results = (known[at] for at in range(len(self._checks)))
        return CheckReport(
            rows=self._rows,
            results=tuple(result for result in results if result is not None),
            unchecked=self._contract.unchecked,
        )

    def _know(self) -> tuple[int, dict[str, Facts]]:
        there = [each for each in self._contract.schema if each.name in self._types]
        spans = [each for each in there if self._has_span(each)]
        unique = {check.column for check in self._checks if isinstance(check, Unique)}
        rows, found = find_spans(self._asking, spans, self._types, unique=unique)
        facts: dict[str, Facts] = dict(found)
        for column in there:
            if column.name not in facts and self._is_asked(column):
                tally = find_tally(self._asking, column, self._types[column.name])
                facts |= {} if tally is None else {column.name: tally}
        return rows, facts

    def _has_span(self, column: Column) -> bool:
        dtype = self._types[column.name]
        if are_codes(column, dtype):
            return all(isinstance(check, _OF_SPANS) for check in self._of(column))
        return has_span(column, dtype)

    def _of(self, column: Column) -> list[Check]:
        return [check for check in self._checks if check.columns == (column.name,)]

    def _is_asked(self, column: Column) -> bool:
        return any(not isinstance(check, Present) for check in self._of(column))

    def _decided(self, check: Check) -> CheckResult | None:
        """Return what a check finds; None where its columns must be read."""
        if not set(check.columns) <= set(self._types):
            return result_without_column(check, list(self._types), rows=self._rows)
        failed = self._failed(check)
        if failed is None:
            return None
        result = result_of(check, self._rows, failed)
        return None if isinstance(check, RowCheck) and not result.passed else result

    def _failed(self, check: Check) -> int | None:
        match check:
            case Present():
                return 0
            case RowCount():
                most = self._rows if check.maximum is None else check.maximum
                return int(not check.minimum <= self._rows <= most)
        facts = self._facts.get(check.columns[0]) if len(check.columns) == 1 else None
        return None if facts is None else facts.failed(check)

    def _read(self, checks: list[Check]) -> tuple[CheckResult, ...]:
        names = dict.fromkeys(name for check in checks for name in check.columns)
        if not names:
            return ()
        return run_checks(
            readable(self._asking.columns(list(names)), self._contract.schema), checks
        )


def _is_plain(types: Mapping[str, pl.DataType]) -> bool:
    """Return whether no column becomes several, or is refused, when it is read."""
    return bool(types) and not any(
        dtype.is_nested() or isinstance(dtype, pl.Binary | pl.Object) for dtype in types.values()
    )


def _are_own(checks: Iterable[Check]) -> bool:
    """Return whether all checks are known to look at their own column alone."""
    return all(type(check) in (*CHECKS.values(), Present) for check in checks)
