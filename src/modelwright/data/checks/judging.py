"""Checks judged by what is known of their columns; only what that leaves open is looked at."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from modelwright.data.checks.base import Check, CheckResult, RowCheck
from modelwright.data.checks.facts import Facts
from modelwright.data.checks.presence import Present
from modelwright.data.checks.run import result_of, result_without_column
from modelwright.data.checks.shape import RowCount

Looking = Callable[[Sequence[Check]], tuple[CheckResult, ...]]
"""Judges checks by the rows."""


@dataclass(frozen=True)
class Known:
    """What is known of a table.

    Parameters
    ----------
    names, rows
        Its columns, and how many rows it has.
    facts
        Of some of its columns.
    """

    names: Sequence[str]
    rows: int
    facts: Mapping[str, Facts]

    def failed(self, check: Check) -> int | None:
        """Return how many rows fail a check whose columns are there; None where it is not known."""
        match check:
            case Present():
                return 0
            case RowCount():
                most = self.rows if check.maximum is None else check.maximum
                return int(not check.minimum <= self.rows <= most)
        facts = self.facts.get(check.columns[0]) if len(check.columns) == 1 else None
        return None if facts is None else facts.failed(check)


def judge(
    checks: Sequence[Check],
    known: Known,
    *,
    stands: Callable[[CheckResult], bool],
    look: Looking,
) -> tuple[CheckResult, ...]:
    """Return what each check finds.

    Parameters
    ----------
    checks
        Any that look at their own columns alone.
    known
        What is known of the table.
    stands
        Says whether a result of rows is good without examples.
    look
        Judges the others by the rows.
    """
    decided = [_decided(check, known, stands) for check in checks]
    unsure = [check for check, result in zip(checks, decided, strict=True) if result is None]
    seen = iter(look(unsure) if unsure else ())
    return tuple(next(seen) if result is None else result for result in decided)


def asked_of(name: str, checks: Collection[Check]) -> list[Check]:
    """Return the checks of one column that ask for more than that it is there."""
    return [
        check for check in checks if check.columns == (name,) and not isinstance(check, Present)
    ]


def _decided(
    check: Check, known: Known, stands: Callable[[CheckResult], bool]
) -> CheckResult | None:
    if not set(check.columns) <= set(known.names):
        return result_without_column(check, known.names, rows=known.rows)
    failed = known.failed(check)
    if failed is None:
        return None
    result = result_of(check, known.rows, failed)
    return result if stands(result) or not isinstance(check, RowCheck) else None
