"""What exploring hands on."""

from typing import ClassVar, Literal

import msgspec

from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.relation import Relation
from modelwright.data.schema import Schema
from modelwright.documents.base import Document
from modelwright.documents.outlook import Outlook
from modelwright.documents.plan import Plan, Risk
from modelwright.tasks.interval import Interval


class ColumnProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What one column holds in the training rows.

    Parameters
    ----------
    missing
        Fraction of rows.
    distinct
        Number of different values.
    low, middle, high
        1st, 50th and 99th percentile of a number.
    levels
        The commonest levels with their fraction of rows, at most ten.
    association
        How well the column alone tells the target: 0 not at all, 1 wholly.
    """

    name: str
    kind: str
    missing: float
    distinct: int
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    levels: tuple[tuple[str, float], ...] = ()
    association: float | None = None


class Leak(msgspec.Struct, frozen=True, kw_only=True):
    """A column, or several together, that knows the answer.

    Parameters
    ----------
    verdict
        ``"certain"`` columns are dropped; ``"suspicious"`` ones are kept and reported.
    evidence
        What was measured, as a sentence.
    """

    columns: tuple[str, ...]
    verdict: Literal["certain", "suspicious"]
    evidence: str


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A column that the model does not read, with the reason."""

    column: str
    reason: str


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Features that belong together, for the engineers who supply the data.

    Parameters
    ----------
    name
        The relation and the column that they are made of.
    features
        Their names.
    meaning
        What they are, as phrases.
    sql
        The query that computes them, for DuckDB.
    gain
        By how much the metric is better with them than without; None where it was not measured.
        Its level is corrected for the number of proposals tried.
    kept
        Whether they are built into the model.
    reason
        Why, as a sentence.
    cost
        What one row costs at serving time: related rows read.
    freshness
        How recent the related rows must be.
    """

    name: str
    features: tuple[str, ...]
    meaning: tuple[str, ...]
    sql: str
    gain: Interval | None
    kept: bool
    reason: str
    cost: str
    freshness: str


class Supplied(msgspec.Struct, frozen=True, kw_only=True):
    """What a table or column that is supplied is worth.

    Parameters
    ----------
    table
        The related table's name; empty for the question's own.
    columns
        Which columns were taken away together.
    gain
        By how much the metric is better with them than without; None where it was not measured.
    pays
        Whether that is above zero with confidence.
    """

    table: str
    columns: tuple[str, ...]
    gain: Interval | None
    pays: bool


class Findings(Document, frozen=True, kw_only=True):
    """What the data holds and what of it may be used.

    Parameters
    ----------
    unforeseen
        Why there is no outlook, as a sentence; empty where there is one.
    hurried
        Whether something was not looked for so that time was left to build.
    relations
        Every relation that was found.
    unrelated
        Why other related tables, or single features, are not used.
    features
        Those that are built into the model, with the relations that they read.
    requests
        For the engineers who supply the data, the worthiest first.
    supplied
        The worth of what is already supplied, the least worthy last.
    """

    file_name: ClassVar[str] = "findings.json"

    plan: Plan
    schema: Schema
    profile: tuple[ColumnProfile, ...]
    leaks: tuple[Leak, ...]
    refused: tuple[Refusal, ...]
    problems: tuple[Risk, ...]
    training_rows: int
    duplicate_rows: int
    contract_path: str
    outlook: Outlook | None = None
    unforeseen: str = ""
    hurried: bool = False
    relations: tuple[Relation, ...] = ()
    unrelated: tuple[str, ...] = ()
    features: FeatureSet = FeatureSet()
    requests: tuple[Request, ...] = ()
    supplied: tuple[Supplied, ...] = ()
