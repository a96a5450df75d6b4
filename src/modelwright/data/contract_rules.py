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

import math
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import numpy as np
import polars as pl
from scipy import stats

from modelwright.data.checks.base import Check, RowCheck
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.readable import count_unread, readable
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contract import Contract, ContractColumn, parses
from modelwright.data.infer import infer_schema
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.data.several import split_cells
from modelwright.errors import InputError, SchemaError, nearest

FALSE_ALARM_RATE = 1e-3
"""How often an honest table of enough rows breaks any rule."""

LEAST_ROWS = 500
"""Rows of a table from which on the rate of false alarms holds."""

_MOST_LEVELS = 50
_DIGITS = 6


class _Draft(NamedTuple):
    """A check before it is known how many rows it must allow to break it."""

    check: Check
    breaking: int
    rows: int


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
        column.name: tuple(_drafts(values[column.name], column, unread.get(column.name, 0)))
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


def widened(least: float, greatest: float) -> tuple[float | None, float | None]:
    """Widen a range by half of itself, but not across zero: what was never negative stays so.

    Parameters
    ----------
    least, greatest
        The ends of the range.

    Returns
    -------
    tuple
        The ends; None for one that no float can hold.

    Examples
    --------
    >>> widened(0.0, 4.0), widened(-2.0, 4.0)
    ((0.0, 6.0), (-5.0, 7.0))
    """
    half = greatest / 2 - least / 2
    digits = 1 - math.floor(math.log10(half)) if half else 0
    low, high = round(least - half, digits), round(greatest + half, digits)
    low = max(0.0, low) if least >= 0 else low
    high = min(0.0, high) if greatest <= 0 else high
    return low if math.isfinite(low) else None, high if math.isfinite(high) else None


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


def _settled(drafts: tuple[_Draft, ...], alpha: float) -> tuple[Check, ...]:
    """Return the checks with what they allow; those that would allow everything are left out."""
    checks = (_allowing(draft, alpha) for draft in drafts)
    return tuple(check for check in checks if check is not None)


def _allowing(draft: _Draft, alpha: float) -> Check | None:
    check, breaking, rows = draft
    if isinstance(check, Unique):
        return check
    if isinstance(check, RowCheck):
        allowed = allowed_fraction(breaking, rows, alpha=alpha)
        return msgspec.structs.replace(check, allowed_fraction=allowed) if allowed < 1 else None
    # It is broken when all rows of a table break it; one row goes to the choice of the value.
    chance = _upper_bound(breaking, rows, alpha / 2) ** (LEAST_ROWS - 1)
    return check if chance < alpha / 2 else None


# --- one column -----------------------------------------------------------------------------


def _drafts(values: pl.Series, column: Column, unread: int) -> Iterator[_Draft]:
    rows = len(values)
    yield _Draft(NotMissing(column=column.name), values.null_count() - unread, rows)
    for check in parses(column):
        yield _Draft(check, unread, rows)
    present = values.drop_nulls()
    if present.is_empty() or column.kind == Kind.CONSTANT:
        return
    if column.kind == Kind.ID or column.role == Role.ID:
        yield from _id_drafts(present, column)
        return
    yield from _kind_drafts(present, column, rows)
    same = int(present.unique_counts().max())  # type: ignore[arg-type]
    yield _Draft(
        NotConstant(column=column.name, severity="warning"), rows - len(present) + same, rows
    )


def _id_drafts(present: pl.Series, column: Column) -> Iterator[_Draft]:
    if not present.is_duplicated().any():
        yield _Draft(Unique(column=column.name), 0, len(present))


def _kind_drafts(present: pl.Series, column: Column, rows: int) -> Iterator[_Draft]:
    if column.kind == Kind.NUMERIC:
        yield from _range_drafts(present, column, rows)
    elif column.kind == Kind.DATETIME:
        yield _Draft(Period(column=column.name, minimum=_earliest(present)), 0, rows)
    elif column.kind in (Kind.CATEGORICAL, Kind.CODED):
        yield from _level_drafts(present, column)
    elif column.kind == Kind.TEXT:
        longest = int(present.str.len_chars().max())  # type: ignore[arg-type]
        check = TextLength(column=column.name, max_length=2 * longest, severity="warning")
        yield _Draft(check, 0, rows)


def _range_drafts(present: pl.Series, column: Column, rows: int) -> Iterator[_Draft]:
    finite = present.filter(present.is_finite())
    least, most = _ends(finite)
    if least == most:
        return
    minimum, maximum = widened(least, most)
    if column.role == Role.TIME:
        maximum = None  # Time goes on.
    check = Range(column=column.name, minimum=minimum, maximum=maximum)
    yield _Draft(check, len(present) - len(finite) + 1, rows)


def _ends(values: pl.Series) -> tuple[Any, Any]:
    return values.min(), values.max()


def _earliest(present: pl.Series) -> datetime:
    first, last = _ends(present)
    slack = min((last - first) / 2, first - datetime.min)  # noqa: DTZ901
    earliest: datetime = first - slack
    return earliest.replace(hour=0, minute=0, second=0, microsecond=0)


def _level_drafts(present: pl.Series, column: Column) -> Iterator[_Draft]:
    levels = present.unique().sort()
    half = len(present) // 2
    if len(levels) <= _MOST_LEVELS and half:
        known = present.tail(-half).unique().implode()
        unmet = int((~present.head(half).is_in(known)).sum())
        yield _Draft(Levels(column=column.name, levels=tuple(levels)), unmet, half)
