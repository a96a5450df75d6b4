"""The contract of a bundle, kept by every piece before its answers are written."""

from dataclasses import dataclass
from typing import Literal, Self

import polars as pl

from modelwright.data.checks.base import Check, RowCheck
from modelwright.data.checks.presence import Present
from modelwright.data.checks.readable import readable
from modelwright.data.checks.run import failing_rows, run_checks
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract
from modelwright.data.odcs.reader import read_contract
from modelwright.data.schema import Schema
from modelwright.errors import InputError
from modelwright.predictor.bundle import Bundle

Policy = Literal["refuse", "quarantine", "warn", "ignore"]
"""What becomes of rows that break the contract: nothing is answered; they are set aside with the
rule that they break; they are answered, and it is said; nobody looks."""

RULE = "broken rule"
"""The column that says why a row was set aside."""


@dataclass(frozen=True)
class Judged:
    """Rows that were looked at.

    Parameters
    ----------
    sound
        To answer.
    aside
        Set aside, with the rules that they break in the column `RULE`.
    broken
        The rules that are broken, a sentence each.
    refused
        Whether nothing may be written.
    """

    sound: pl.DataFrame
    aside: pl.DataFrame | None = None
    broken: tuple[str, ...] = ()
    refused: bool = False


@dataclass(frozen=True)
class Rules:
    """What every piece is held to.

    Parameters
    ----------
    schema
        The columns that are read to check them.
    checks
        Of the contract: those that rows keep or break.
    key
        The column that tells a row from all others; empty for none.
    policy
        What becomes of rows that break a rule.
    unread
        Why the contract cannot be read; empty where it can.
    """

    schema: Schema
    checks: tuple[Check, ...]
    key: str
    policy: Policy
    unread: str = ""

    @classmethod
    def of(cls, bundle: Bundle, *, key: str, policy: Policy) -> Self:
        """Return the rules of a bundle about the columns that it reads.

        Raises
        ------
        InputError
            When its contract cannot be read, and is more than told.
        """
        try:
            contract = read_contract(bundle.contract_text)
        except InputError as error:
            if policy in ("refuse", "quarantine"):
                raise
            return cls(Schema(columns=()), (), key, policy, str(error))
        kept = _about(contract, bundle.schema)
        checks = () if policy == "ignore" else tuple(filter(_is_of_rows, kept.every_check))
        return cls(kept.schema, checks, key, policy)

    def judge(self, rows: pl.DataFrame) -> Judged:
        """Look at rows as a table of their own.

        Raises
        ------
        SchemaError
            When there is no column of the key's name.
        """
        checks = (*self.checks, *self._of_key())
        if not checks:
            return Judged(rows, broken=self._unread())
        table = readable(rows, self.schema)
        found = zip(checks, run_checks(table, checks), strict=True)
        broken = [(check, seen) for check, seen in found if not seen.passed]
        told = (*self._unread(), *(seen.sentence for _, seen in broken))
        wrong = [check for check, seen in broken if seen.severity == "error"]
        if self.policy == "quarantine" and all(isinstance(check, RowCheck) for check in wrong):
            return self._parted(rows, table, wrong, told)
        is_key = any(check in self._of_key() for check in wrong)
        refused = bool(wrong) and (self.policy in ("refuse", "quarantine") or is_key)
        return Judged(rows, broken=told, refused=refused)

    def _parted(
        self, rows: pl.DataFrame, table: pl.DataFrame, wrong: list[Check], told: tuple[str, ...]
    ) -> Judged:
        why = pl.Series([""], dtype=pl.String).new_from_index(0, len(rows))
        for check, places in failing_rows(table, wrong, most=len(rows)):
            before = why.gather(places)
            said = [f"{each}; {check.rule}" if each else check.rule for each in before]
            why = why.scatter(places, pl.Series(said, dtype=pl.String))
        is_sound = why == ""
        if is_sound.all():
            return Judged(rows, broken=told)
        aside = rows.filter(~is_sound).with_columns(why.filter(~is_sound).alias(RULE))
        return Judged(rows.filter(is_sound), aside, told)

    def _of_key(self) -> tuple[Check, ...]:
        if not self.key:
            return ()
        return (Present(column=self.key), Keyed(column=self.key), Unique(column=self.key))

    def _unread(self) -> tuple[str, ...]:
        return (self.unread,) if self.unread and self.policy == "warn" else ()


class Keyed(RowCheck, frozen=True, kw_only=True, tag="keyed"):
    """Every row has a key."""

    dimension = "completeness"

    @property
    def rule(self) -> str:
        """What must be true."""
        return f"Every row has a key in {self.column!r}"

    def failing(self, table_schema: pl.Schema) -> pl.Expr:
        """Return the rows without one."""
        return pl.col(self.column).is_null()


def _about(contract: Contract, schema: Schema) -> Contract:
    """Return what a contract says about some columns; rows to be answered lack the target."""
    others = [name for name in contract.schema.names if name not in schema]
    return contract.without(*others)


def _is_of_rows(check: Check) -> bool:
    """Whether a part of a table can be held to a rule: not how many rows the whole has."""
    return isinstance(check, RowCheck | Present)
