"""Rules are derived from the rows that a model was trained on.

A rule that rows may break allows so many of them that an honest table, of the same distribution
and of `LEAST_ROWS` rows or more, breaks any of a contract's rules less than once in a thousand
times (`FALSE_ALARM_RATE`, shared equally among its rules: Bonferroni). Half of a rule's share is
for not knowing the true fraction of breaking rows, which is bounded from the training rows
(Clopper & Pearson, Biometrika 26, 1934); half is for the luck of the new table, by the binomial
distribution. No shape of the data is assumed:

- what lies beyond the least and the greatest of n values has a share that is Beta(2, n - 1)
  distributed at most, whatever the distribution (Wilks, Ann. Math. Stat. 12, 1941); the bounds are
  widened by half of the data's range on top of that;
- the share of levels not met before is bounded by the rows of one random half whose level does
  not occur in the other.

Rows are taken to be drawn independently. Ids are taken to be unique by their meaning; their rule
allows nothing. A smaller table breaks a rule more often, because few rows weigh more.
"""

import re

import msgspec
import numpy as np
import polars as pl
from scipy import stats

from modelwright.data.checks.base import Check, RowCheck
from modelwright.data.checks.readable import count_unread, readable
from modelwright.data.checks.shape import RowCount
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.column_rules import RuleDraft, drafts_of
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.inference.infer import infer_schema
from modelwright.data.schema import Role, Schema
from modelwright.data.values.several import split_cells
from modelwright.errors import InputError, SchemaError, nearest

FALSE_ALARM_RATE = 1e-3
"""How often an honest table of enough rows breaks any rule."""

LEAST_ROWS = 500
"""Rows of a table from which on the rate of false alarms holds."""

_DIGITS = 6
_UNREAD = 0.2
"""The part of a column that cannot be read as before, from which on it is of another kind."""


def contract_from(
    table: pl.DataFrame,
    schema: Schema,
    *,
    title: str,
    exclude: tuple[str, ...] = (),
    seed: int = 0,
) -> Contract:
    """Derive a contract from the rows that a model was trained on.

    Parameters
    ----------
    table
        As a source returned it, or conformed; only the former tells what cannot be read.
    schema
        Its columns; those that are ignored get no rules.
    title
        The name of the table.
    exclude
        Columns that get no rules.
    seed
        Decides which rows are in which half.

    Raises
    ------
    SchemaError
        If a column is missing.
    InputError
        If the table has no rows.

    Examples
    --------
    >>> from modelwright.data.schema import Column, Kind
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> table = pl.DataFrame({"age": [float(age) for age in range(20, 90)] * 100})
    >>> contract = contract_from(table, schema, title="people")
    >>> for check in contract.every_check:
    ...     print(f"{check.rule} ({check.severity})")
    The table has at least 1 row (error)
    Column 'age' is there (error)
    Column 'age' has a value (error)
    Column 'age' can be read as a number (error)
    Column 'age' is at least 0 and at most 124 (error)
    Column 'age' has more than one value (warning)
    """
    columns = _columns(table, schema, exclude)
    order = np.random.default_rng(seed).permutation(table.height)
    values = readable(table, columns)[order]
    unread = count_unread(values)
    drafts = {
        column.name: tuple(drafts_of(values[column.name], column, unread.get(column.name, 0)))
        for column in columns
    }
    alpha = FALSE_ALARM_RATE / max(1, sum(map(len, drafts.values())))
    return Contract(
        id=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "table",
        title=title,
        limitations=_limitations(table.height),
        columns=tuple(
            ContractColumn(column=column, checks=_settled(drafts[column.name], alpha))
            for column in columns
        ),
        checks=(RowCount(minimum=1),),
    )


def contract_as(table: pl.DataFrame, old: Contract) -> Contract:
    """Derive a contract of rows, read as another contract reads its columns.

    A column whose values can no longer be read so has the kind that its values have.

    Parameters
    ----------
    table
        As a source returned it.
    old
        Whose columns are looked for; columns that it does not have are read as they are.

    Examples
    --------
    >>> table = pl.DataFrame({"age": [str(age) for age in range(20, 90)] * 20})
    >>> old = Contract(id="x", title="people")
    >>> contract_as(table, old).schema["age"].kind.value
    'numeric'
    """
    found = infer_schema(table, whole=old.schema.names)
    here = split_cells(table, old.schema).columns
    known = old.schema.select(tuple(name for name in old.schema.names if name in here))
    unread = count_unread(readable(table, known))
    columns = tuple(
        known[column.name]
        if column.name in known and unread.get(column.name, 0) <= _UNREAD * table.height
        else msgspec.structs.replace(column, role=Role.FEATURE)
        for column in found
    )
    return contract_from(table, Schema(columns=columns), title=old.title)


def allowed_fraction(breaking: int, rows: int, *, alpha: float) -> float:
    """Return which fraction of a new table may break a rule that some training rows broke.

    Parameters
    ----------
    breaking, rows
        How many of how many training rows broke it.
    alpha
        How often a new table of `LEAST_ROWS` rows or more exceeds the fraction.

    Examples
    --------
    >>> allowed_fraction(0, 100_000, alpha=1e-4), allowed_fraction(5_000, 100_000, alpha=1e-4)
    (0.006, 0.098)
    """
    share = _upper_bound(breaking, rows, alpha / 2)
    count = float(stats.binom.isf(alpha / 2, LEAST_ROWS, share))
    # One more, because a greater table may break only the whole part of the fraction of its rows.
    return min(1.0, round((count + 1) / LEAST_ROWS, _DIGITS))


def _upper_bound(breaking: int, rows: int, alpha: float) -> float:
    if breaking >= rows:
        return 1.0
    return float(stats.beta.isf(alpha, breaking + 1, rows - breaking))


def _columns(table: pl.DataFrame, schema: Schema, exclude: tuple[str, ...]) -> Schema:
    """Return the columns that get rules."""
    for name in exclude:
        schema[name]
    kept = schema.select(
        tuple(
            column.name
            for column in schema
            if column.role != Role.IGNORED and column.name not in exclude
        )
    )
    found = dict.fromkeys(split_cells(table, schema).columns)
    for name in kept.names:
        if name not in found:
            raise SchemaError(f"The table has no column {name!r}.", nearest(name, found))
    if table.is_empty():
        raise InputError("The table has no rows to derive a contract from.", "Give at least one.")
    return kept


def _limitations(rows: int) -> str:
    return (
        f"Derived from {rows:,} rows. A table of the same distribution and {LEAST_ROWS} rows or"
        f" more breaks one of the rules less than once in {1 / FALSE_ALARM_RATE:,.0f} tables, a"
        " smaller one more often."
    )


def _settled(drafts: tuple[RuleDraft, ...], alpha: float) -> tuple[Check, ...]:
    """Return the checks with what they allow; those that would allow everything are left out."""
    checks = (_allowing(draft, alpha) for draft in drafts)
    return tuple(check for check in checks if check is not None)


def _allowing(draft: RuleDraft, alpha: float) -> Check | None:
    check, breaking, rows = draft
    if isinstance(check, Unique):
        return check
    if isinstance(check, RowCheck):
        allowed = allowed_fraction(breaking, rows, alpha=alpha)
        return msgspec.structs.replace(check, allowed_fraction=allowed) if allowed < 1 else None
    # It is broken when all rows of a table break it; one row goes to the choice of the value.
    chance = _upper_bound(breaking, rows, alpha / 2) ** (LEAST_ROWS - 1)
    return check if chance < alpha / 2 else None
