"""The data contract on live rows."""

from scipy import stats

from modelwright.data.checks.base import Check, CheckResult, RowCheck
from modelwright.data.checks.presence import Present
from modelwright.data.checks.readable import readable
from modelwright.data.checks.run import run_checks
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.odcs.reader import read_contract
from modelwright.data.schema import Schema
from modelwright.documents import BrokenRule
from modelwright.maintain.live_rows import LiveRows
from modelwright.predictor.bundle import Bundle


def find_broken_rules(
    bundle: Bundle, rows: LiveRows, *, false_alarm_rate: float
) -> tuple[BrokenRule, ...]:
    """Return the rules of the contract about the features that live rows break.

    Live rows are a sample of a stream. So a rule that a fraction of rows may break is broken only
    where more rows do than chance explains, and what a contract says of a whole table (how many
    rows, no value twice, more than one value) does not apply.

    Parameters
    ----------
    bundle
        Holds the contract.
    rows
        The live rows.
    false_alarm_rate
        How often rows that break each rule as often as it allows may be reported, over all rules
        together (Bonferroni).

    Raises
    ------
    InputError
        When the bundle's contract cannot be read.
    """
    broken, _ = broken_checks(bundle, rows, false_alarm_rate=false_alarm_rate)
    return tuple(
        BrokenRule(rule=result.check, column=result.column, sentence=result.sentence)
        for _, result in broken
    )


def broken_checks(
    bundle: Bundle, rows: LiveRows, *, false_alarm_rate: float
) -> tuple[tuple[tuple[Check, CheckResult], ...], Schema]:
    """Return the checks that live rows break, with what each found, and the columns they read.

    Parameters
    ----------
    bundle, rows, false_alarm_rate
        As for `find_broken_rules`.
    """
    if not len(rows):
        return (), bundle.schema
    contract = read_contract(bundle.contract_text)
    others = [name for name in contract.schema.names if name not in bundle.schema]
    features = contract.without(*others)
    checks = [check for check in features.every_check if _applies(check)]
    results = run_checks(readable(rows.table, features.schema), checks)
    limit = false_alarm_rate / max(1, len(checks))
    broken = tuple(
        (check, result)
        for check, result in zip(checks, results, strict=True)
        if result.severity == "error" and not result.passed and _is_certain(result, limit)
    )
    return broken, features.schema


def _applies(check: Check) -> bool:
    return isinstance(check, Present | RowCheck) and not isinstance(check, Unique)


def _is_certain(result: CheckResult, limit: float) -> bool:
    """Say whether more rows fail than chance explains where the allowed fraction does."""
    if not result.allowed_fraction or not result.failed_rows:
        return True
    chance = stats.binom.sf(result.failed_rows - 1, result.checked_rows, result.allowed_fraction)
    return bool(chance <= limit)
