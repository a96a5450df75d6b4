"""The data contract on live rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from scipy import stats

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.readable import readable
from modelwright.data.checks.run import result_of, run_checks
from modelwright.data.schema import Schema
from modelwright.documents import BrokenRule
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.look.live_rules import is_news, rules_of
from modelwright.maintain.look.past import Tally
from modelwright.predictor.bundle import Bundle

_PROMISED = 1 / (2 * 8760)
"""Half of one false alarm in a year of hourly checks."""


@dataclass(frozen=True)
class Breach:
    """A rule that live rows break.

    Parameters
    ----------
    rule
        For the document.
    check
        The rule itself.
    is_news
        Whether it is a reason for an alarm; else it is a note.
    """

    rule: BrokenRule
    check: Check
    is_news: bool


def find_broken_rules(
    bundle: Bundle,
    rows: LiveRows,
    *,
    false_alarm_rate: float,
    usual: Mapping[str, Tally] | None = None,
) -> tuple[Breach, ...]:
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
    usual
        How many rows of the accepted past broke each rule; None where there is no such past.

    Raises
    ------
    InputError
        When the bundle's contract cannot be read.
    """
    broken, _ = broken_checks(bundle, rows, false_alarm_rate=false_alarm_rate)
    rate = _PROMISED / max(1, len(rules_of(bundle).checks))
    return tuple(
        Breach(
            BrokenRule(rule=result.check, column=result.column, sentence=_told(check, result)),
            check,
            is_news(bundle, (check, result), rows.columns, usual=usual, rate=rate),
        )
        for check, result in broken
    )


def _told(check: Check, result: CheckResult) -> str:
    """Return the sentence without the row that it shows: it is kept when that row is erased."""
    if not result.examples:
        return result.sentence
    return result_of(check, result.checked_rows, result.failed_rows).sentence


def broken_checks(
    bundle: Bundle, rows: LiveRows, *, false_alarm_rate: float
) -> tuple[tuple[tuple[Check, CheckResult], ...], Schema]:
    """Return the checks that live rows break, with what each found, and the columns they read.

    Parameters
    ----------
    bundle, rows, false_alarm_rate
        As for `find_broken_rules`.
    """
    rules = rules_of(bundle)
    if not len(rows):
        return (), bundle.schema
    results = run_checks(readable(rows.table, rules.schema), rules.checks)
    limit = false_alarm_rate / max(1, len(rules.checks))
    broken = tuple(
        (check, result)
        for check, result in zip(rules.checks, results, strict=True)
        if result.severity == "error" and not result.passed and _is_certain(result, limit)
    )
    return broken, rules.schema


def _is_certain(result: CheckResult, limit: float) -> bool:
    """Say whether more rows fail than chance explains where the allowed fraction does."""
    if not result.allowed_fraction or not result.failed_rows:
        return True
    chance = stats.binom.sf(result.failed_rows - 1, result.checked_rows, result.allowed_fraction)
    return bool(chance <= limit)
