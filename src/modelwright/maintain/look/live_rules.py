"""The rules of the contract that live rows may break, how often they do, and how much each matters.

Live rows are a sample of a stream: what a contract says of a whole table (how many rows, no value
twice) does not apply to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import polars as pl
from scipy import stats

from modelwright.data.checks.base import Check, CheckResult, RowCheck
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import Present
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.odcs.reader import read_contract
from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.maintain.look.past import Tally
from modelwright.predictor.bundle import Bundle

RULE = "rule"
"""Before the sentence of a rule in the name of its tally."""
HARM = 0.01
"""The part of what all columns contribute to the score that must be lost for an alarm."""
_UNMEASURED = 0.2
"""The weight of a column that nobody measured."""


@dataclass(frozen=True)
class LiveRule:
    """A rule about rows, with what it is worth.

    Parameters
    ----------
    check
        The rule.
    weight
        The part of what all columns contribute to the score that its columns contribute; 0 where
        the model does not read them.
    """

    check: RowCheck
    weight: float

    @cached_property
    def tally(self) -> str:
        """The name under which its breaks are counted."""
        return f"{RULE} {self.check.rule}"

    def left_of(self, share: float, bundle: Bundle, columns: Columns) -> float:
        """Return what is left of rows that break the rule without those that go on as training did.

        Parameters
        ----------
        share
            The part of rows that break the rule, beside what is usual.
        bundle
            Knows how much of a window of training lay beyond all rows before it, on which side
            and how far.
        columns
            The rows.
        """
        return _left(share, self.check, bundle, columns)


@dataclass(frozen=True)
class LiveRules:
    """What a contract says about the features, row by row.

    Parameters
    ----------
    schema
        The columns that it describes.
    checks
        All that apply to live rows.
    rows
        Those about rows that are errors, with their weights. That values can be read is not among
        them: what cannot be read counts as missing.
    idle
        Columns on which the model does not depend.
    """

    schema: Schema
    checks: tuple[Check, ...]
    rows: tuple[LiveRule, ...]
    idle: frozenset[str]

    @cached_property
    def weighed(self) -> tuple[LiveRule, ...]:
        """Those about columns that the model reads."""
        return tuple(rule for rule in self.rows if rule.weight)

    def counting(self, schema: pl.Schema) -> tuple[pl.Expr, ...]:
        """Return what counts the breaks of each rule; to make it takes as long as to count."""
        columns = tuple(schema.items())
        if columns not in self._counting:
            self._counting[columns] = tuple(
                rule.check.failures(schema).alias(str(number))
                for number, rule in enumerate(self.weighed)
            )
        return self._counting[columns]

    @cached_property
    def _counting(self) -> dict[tuple[tuple[str, pl.DataType], ...], tuple[pl.Expr, ...]]:
        return {}


def rules_of(bundle: Bundle) -> LiveRules:
    """Return the rules of a bundle's contract that apply to live rows.

    Raises
    ------
    InputError
        When the contract cannot be read.
    """
    read = frozenset(each.name for each in bundle.program.inputs)
    return _rules(bundle.contract_text, frozenset(bundle.schema.names), read)


@lru_cache(maxsize=8)
def _rules(contract_text: str, features: frozenset[str], read: frozenset[str]) -> LiveRules:
    """Read a contract once: windows are many."""
    contract = read_contract(contract_text)
    contract = contract.without(*(name for name in contract.schema.names if name not in features))
    weights = _weights({each.column.name: each.importance for each in contract.columns})
    checks = tuple(check for check in contract.every_check if _applies(check))

    def weight(check: Check) -> float:
        return max((weights.get(name, 0.0) for name in check.columns if name in read), default=0.0)

    rows = tuple(
        LiveRule(check, weight(check))
        for check in checks
        if isinstance(check, RowCheck)
        and check.severity == "error"
        and not isinstance(check, Parses)
    )
    idle = frozenset(name for name in features if name not in read or weights.get(name) == 0.0)
    return LiveRules(contract.schema, checks, rows, idle)


def _applies(check: Check) -> bool:
    return isinstance(check, Present | RowCheck) and not isinstance(check, Unique)


def _weights(importances: Mapping[str, float | None]) -> dict[str, float]:
    total = sum(each or 0.0 for each in importances.values())
    return {
        name: _UNMEASURED if importance is None or not total else importance / total
        for name, importance in importances.items()
    }


def tally_rules(bundle: Bundle, table: pl.DataFrame) -> dict[str, Tally]:
    """Count the rows that break each rule about a column that the model reads, and the others.

    Parameters
    ----------
    bundle
        Holds the contract.
    table
        The features, in the types in which the program reads them.
    """
    rules = rules_of(bundle)
    if not rules.weighed:
        return {}
    # One after another: of a few hundred rows each takes less than to hand it to a thread.
    counts = table.select_seq(rules.counting(table.schema)).row(0)
    return {
        rule.tally: (int(count), len(table) - int(count))
        for rule, count in zip(rules.weighed, counts, strict=True)
    }


def is_news(
    bundle: Bundle,
    broken: tuple[Check, CheckResult],
    columns: Columns,
    *,
    usual: Mapping[str, Tally] | None,
    rate: float,
) -> bool:
    """Say whether a rule that live rows break is a reason for an alarm outside the watch.

    It is none where the model does not depend on the column, where the column goes on beyond
    training as it did within, nor beside an accepted past that keeps the rule: the watch sees to
    that. Where the past itself breaks it more often than the contract allows, what was alarmed
    lasts.

    Parameters
    ----------
    bundle
        Holds the contract.
    broken
        The rule, and what broke it.
    columns
        The rows.
    usual
        The rows of the accepted past that broke each rule, by the names of tallies; None where
        there is no such past.
    rate
        How often a past that breaks a rule as often as allowed may be taken for one that does so
        more often.
    """
    check, result = broken
    if result.column in rules_of(bundle).idle:
        return False
    rows = max(1, result.checked_rows)
    share = result.failed_rows / rows
    left = _left(share, check, bundle, columns)
    if left < share and round(left * rows) <= result.allowed_fraction * rows:
        return False
    if usual is None:
        return True
    broke, kept = usual.get(f"{RULE} {result.check}", (0, 0))
    if not broke:
        return False
    return bool(stats.binom.sf(broke - 1, broke + kept, result.allowed_fraction) <= rate)


def _left(share: float, check: Check, bundle: Bundle, columns: Columns) -> float:
    if not isinstance(check, Range | Levels):
        return share
    beyond = bundle.reference.roughness.further.get(check.column)
    if beyond is None:
        return share
    if isinstance(check, Levels):
        return max(0.0, share - beyond.levels)
    numbers = columns[check.column]
    return max(0.0, share - beyond.going_on(numbers, minimum=check.minimum, maximum=check.maximum))
