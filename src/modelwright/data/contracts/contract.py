"""The data contract: the columns and rules that a producer of tables keeps."""

from collections import Counter
from collections.abc import Mapping
from typing import Self

import msgspec
import polars as pl

from modelwright.data.checks.base import Check, CheckResult
from modelwright.data.checks.columns import check_columns
from modelwright.data.checks.parsing import Parses, ReadAs
from modelwright.data.checks.presence import Present
from modelwright.data.checks.registry import all_checks, family_of
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import InputError

_READ_AS: dict[Kind, ReadAs] = {Kind.BOOLEAN: "truth value", Kind.DATETIME: "datetime"}


class ContractColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column and its rules.

    That the column is there, and that its values can be read as its kind, goes without saying; a
    `Parses` among the checks says how many may not.

    Parameters
    ----------
    column
        Its name, kind and role, and which texts stand for a missing value.
    description
        What it means, for a person.
    checks
        About this column alone, at most one of a family; kept in the order of the registry.
    importance
        By how much the model's score is worse when the column's values are shuffled, in the
        contract's metric; None where no model has been measured.

    Examples
    --------
    >>> age = ContractColumn(column=Column(name="age", kind=Kind.NUMERIC))
    >>> [check.rule for check in age.every_check]
    ["Column 'age' is there", "Column 'age' can be read as a number"]
    """

    column: Column
    description: str = ""
    checks: tuple[Check, ...] = ()
    importance: float | None = None

    def __post_init__(self) -> None:
        families = [family_of(check) for check in self.checks]
        for check, family in zip(self.checks, families, strict=True):
            if check.columns != (self.column.name,):
                raise InputError(
                    f"The rule {check.rule!r} stands under column {self.column.name!r}.",
                    "Put it under its own column, or under the table.",
                )
            if families.count(family) > 1:
                raise InputError(
                    f"Column {self.column.name!r} has {families.count(family)} rules of the family"
                    f" {family!r}.",
                    "Leave one.",
                )
        msgspec.structs.force_setattr(self, "checks", tuple(sorted(self.checks, key=_rank)))

    @property
    def every_check(self) -> tuple[Check, ...]:
        """The checks, and those that go without saying."""
        present = Present(column=self.column.name)
        if any(isinstance(check, Parses) for check in self.checks):
            return (present, *self.checks)
        return (present, *parses(self.column), *self.checks)


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """What a table must be.

    Parameters
    ----------
    id
        Tells this contract from all others.
    title
        The name of the table.
    version
        Of this contract, not of the standard.
    purpose, limitations
        What it is for, and what it does not promise; texts for a person.
    columns
        In the order of the table they were learned from; a table may have others beside them.
    checks
        About the whole table.
    unchecked
        Rules of the file that nothing here can check, a sentence each; they are not written back.
    metric
        In which the importance of columns is told; empty where none is.
    """

    id: str
    title: str
    version: str = "1.0.0"
    purpose: str = ""
    limitations: str = ""
    columns: tuple[ContractColumn, ...] = ()
    checks: tuple[Check, ...] = ()
    unchecked: tuple[str, ...] = ()
    metric: str = ""

    def __post_init__(self) -> None:
        if not self.id or not self.title:
            raise InputError("A contract has no id or no title.", "Give both.")
        names = self.schema.names
        for name, count in Counter(names).items():
            if count > 1:
                raise InputError(
                    f"The contract has the column {name!r} {count} times.", "Leave one."
                )

    @property
    def schema(self) -> Schema:
        """The columns without their rules."""
        return Schema(columns=tuple(column.column for column in self.columns))

    @property
    def every_check(self) -> tuple[Check, ...]:
        """All checks: those of the table, then those of each column."""
        return (*self.checks, *(check for column in self.columns for check in column.every_check))

    def without(self, *names: str) -> Self:
        """Return the contract of tables that lack some columns, for example the target.

        Raises
        ------
        SchemaError
            If the contract has no such column.
        """
        for name in names:
            self.schema[name]
        return msgspec.structs.replace(
            self,
            columns=tuple(entry for entry in self.columns if entry.column.name not in names),
            checks=tuple(check for check in self.checks if not set(names) & set(check.columns)),
        )


def weigh_columns(
    contract: Contract, losses: Mapping[str, float | None], *, metric: str
) -> Contract:
    """Return a contract that says how much a model depends on each column.

    Parameters
    ----------
    contract
        The rules.
    losses
        By column, by how much the score is worse without it, None where it was not measured;
        others are told as 0.
    metric
        Of the score.
    """
    told = {name: None if loss is None else max(0.0, loss) for name, loss in losses.items()}
    columns = tuple(
        msgspec.structs.replace(entry, importance=told.get(entry.column.name, 0.0))
        for entry in contract.columns
    )
    return msgspec.structs.replace(contract, columns=columns, metric=metric)


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks of a contract found in a table.

    Parameters
    ----------
    rows
        Rows of the table.
    results
        One per check, in the order of the contract.
    unchecked
        Rules of the contract that nothing here can check, a sentence each.
    """

    rows: int
    results: tuple[CheckResult, ...]
    unchecked: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every rule of severity ``"error"`` is kept."""
        return all(result.passed for result in self.results if result.severity == "error")

    @property
    def broken(self) -> tuple[CheckResult, ...]:
        """The rules that are not kept, errors first."""
        failed = (result for result in self.results if not result.passed)
        return tuple(sorted(failed, key=lambda result: result.severity != "error"))


def check_table(table: pl.DataFrame, contract: Contract) -> CheckReport:
    """Check a table against a contract.

    Parameters
    ----------
    table
        As a source returned it: values may still be texts.

    Examples
    --------
    >>> age = ContractColumn(column=Column(name="age", kind=Kind.NUMERIC))
    >>> report = check_table(
    ...     pl.DataFrame({"age": ["39", "old"]}), Contract(id="x", title="people", columns=(age,))
    ... )
    >>> report.passed
    False
    >>> print(report.broken[0].sentence)
    Column 'age' can be read as a number: not so in 1 of 2 rows (50 %), such as row 2 ('old');
    no row may differ.
    """
    results = check_columns(table, contract.schema, contract.every_check)
    return CheckReport(rows=table.height, results=results, unchecked=contract.unchecked)


def parses(column: Column) -> tuple[Parses, ...]:
    """Return the check that a column's values can be read; none for words, which always can.

    Examples
    --------
    >>> parses(Column(name="colour", kind=Kind.CATEGORICAL))
    ()
    """
    if column.value_type == "string":
        return ()
    kind = _READ_AS.get(column.kind, "number")
    return (Parses(column=column.name, kind=kind),)


def _rank(check: Check) -> tuple[int, str]:
    families = list(all_checks())
    family = family_of(check)
    return (families.index(family) if family in families else len(families), family)
