"""Which column names the entity that several rows share."""

from dataclasses import dataclass

import polars as pl

from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.plan.agreement import Agreement, Answers
from modelwright.plan.clocks import are_whole
from modelwright.plan.names import is_entity, is_key

_MOST_MISSING = 0.5
_FEWEST_GROUPS = 10
_FEWEST_REPEATS = 20
_REPEATS = 0.02
"""As a share of rows: with fewer, rows that share an entity decide nothing."""
_MANY = 0.05
"""Levels as a share of rows above which a key names something finer than a category."""
_NEW_OF_KEYS = 0.05
_NEW_OF_CODES = 0.2
"""The chance that the next row brings a value never seen, from which on values name entities."""
_LARGEST = 0.02
_LARGEST_ROWS = 20
_CODE = r"^(?:\S+ )?[A-Za-z]*[-_/.]?\d[\w\-/.#]*$"
_CODES = 0.9
_KINDS = (Kind.CATEGORICAL, Kind.CODED, Kind.ID, Kind.NUMERIC)


@dataclass(frozen=True)
class GroupEvidence:
    """A column whose rows belong together, and why it is believed.

    Parameters
    ----------
    reason
        A clause with what was measured.
    """

    column: str
    reason: str
    strength: float


def find_group_column(
    frame: pl.DataFrame, schema: Schema, *, answers: Answers, seed: int
) -> GroupEvidence | None:
    """Find the column that names the entity that rows share, or None.

    Rows of one level of any useful category agree in the target; that alone makes no entity. An
    entity is what a model will meet new ones of: its name says so, or it is a key or a code of
    which new rows keep bringing new values (their chance is estimated by the share of values seen
    once; Good, Biometrika 40, 1953) and its rows agree beyond chance.

    Parameters
    ----------
    frame, schema
        The prepared table.
    answers
        For measuring whether rows of one entity agree.
    seed
        For pairing rows.
    """
    found = [
        evidence
        for column in schema
        if column.role in (Role.FEATURE, Role.ID) and column.kind in _KINDS and not column.unit
        if (evidence := _judge(column, frame[column.name], answers=answers, seed=seed)) is not None
    ]
    best = max(found, key=lambda each: each.strength, default=None)
    return None if best is None else _coarsest(best, found, frame)


@dataclass(frozen=True)
class _Levels:
    rows: int
    distinct: int
    once: int
    largest: int

    @classmethod
    def of(cls, values: pl.Series) -> "_Levels":
        sizes = values.unique_counts()
        largest = sizes.to_numpy().max(initial=0)
        return cls(len(values), len(sizes), int((sizes == 1).sum()), int(largest))

    @property
    def repeat(self) -> bool:
        repeats = self.rows - self.distinct
        return self.distinct >= _FEWEST_GROUPS and repeats >= max(
            _FEWEST_REPEATS, _REPEATS * self.rows
        )

    @property
    def is_flat(self) -> bool:
        return self.largest <= max(_LARGEST_ROWS, _LARGEST * self.rows)

    @property
    def chance_of_new(self) -> float:
        return self.once / max(1, self.rows)


def _judge(
    column: Column, values: pl.Series, *, answers: Answers, seed: int
) -> GroupEvidence | None:
    known = values.drop_nulls()
    named, key = is_entity(column.name), is_key(column.name) or column.kind == Kind.ID
    if len(known) < _MOST_MISSING * len(values):
        return None
    if column.kind == Kind.NUMERIC and not ((named or key) and are_whole(known)):
        return None
    levels = _Levels.of(known)
    if not levels.repeat:
        return None
    agreement = answers.within(values, seed=seed)
    if not _names_entities(known, levels, agreement, named=named, key=key):
        return None
    reason = (
        f"{levels.rows:,} rows share {levels.distinct:,} values of {column.name!r}"
        + (
            f", {levels.chance_of_new:.0%} of new rows bring a new one"
            if levels.chance_of_new >= 0.01
            else ""
        )
        + _in_words(agreement)
    )
    return GroupEvidence(column.name, reason, agreement.errors + 1e3 * named + 1e2 * key)


def _names_entities(
    known: pl.Series, levels: _Levels, agreement: Agreement, *, named: bool, key: bool
) -> bool:
    if named:
        return agreement.is_certain or levels.distinct >= _MANY * levels.rows
    if not (agreement.is_certain and levels.is_flat):
        return False
    if key:
        return levels.chance_of_new >= _NEW_OF_KEYS or levels.distinct >= _MANY * levels.rows
    if known.dtype != pl.String or levels.chance_of_new < _NEW_OF_CODES:
        return False
    return bool(known.unique().str.contains(_CODE).mean() >= _CODES)  # type: ignore[operator]


def _in_words(agreement: Agreement) -> str:
    if not agreement.is_certain:
        return ""
    return (
        ", and rows of one value agree in the target "
        f"{agreement.errors:.0f} standard errors beyond chance"
    )


def _coarsest(
    best: GroupEvidence, found: list[GroupEvidence], frame: pl.DataFrame
) -> GroupEvidence:
    """Return the column whose entities hold whole entities of the best one, if there is any."""
    distinct = frame[best.column].drop_nulls().n_unique()
    for other in found:
        if other.column == best.column:
            continue
        pairs = frame.select(best.column, other.column).drop_nulls().n_unique()
        if frame[other.column].n_unique() < distinct >= pairs:
            return other
    return best
