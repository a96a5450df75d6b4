"""What was judged of one column, and the facts beside its values that the judges look at."""

from dataclasses import dataclass

from modelwright.data.inference.tally import Tally
from modelwright.data.schema import Kind

_FEWEST_MARKS, _LEAST_MARKED = 10, 0.01
"""Rows with the one value of a column, and rows without: fewer tell nothing that holds."""


@dataclass(frozen=True)
class Verdict:
    """What a column holds, and why.

    Parameters
    ----------
    kind
        What it holds.
    reason
        The evidence, as sentences.
    missing_tokens
        Texts found that stand for a missing value.
    datetime_format
        The format of a datetime kept as text; empty for ISO 8601.
    unit
        What stands beside numbers kept as text; empty for nothing.
    """

    kind: Kind
    reason: str
    missing_tokens: tuple[str, ...] = ()
    datetime_format: str = ""
    unit: str = ""


@dataclass(frozen=True)
class ColumnFacts:
    """What is known of a column beside its values.

    Parameters
    ----------
    name
        As the source writes it.
    is_target
        Whether its values are the answers: they keep their form, so that predictions have it too.
    is_declared_text
        Whether the source says that the column is text (a file of comma-separated values cannot).
    """

    name: str
    is_target: bool = False
    is_declared_text: bool = False


def verdict_of(kind: Kind, evidence: str, tally: Tally, *, datetime_format: str = "") -> Verdict:
    """Return a verdict that also says what is missing.

    Examples
    --------
    >>> import polars as pl
    >>> verdict_of(Kind.NUMERIC, "All are numbers.", Tally.of(pl.Series([1, None]))).reason
    'All are numbers. 1 of 2 rows are missing: 1 empty.'
    """
    reason = f"{evidence}{tally.missing_sentence()}"
    return Verdict(kind, reason, tally.tokens, datetime_format)


def single(tally: Tally, marks: Kind, facts: ColumnFacts) -> Verdict:
    """Return the verdict of a column with at most one value.

    It is constant, unless enough rows have the value and enough have none: then it marks rows.

    Parameters
    ----------
    tally
        Of the column.
    marks
        What a column of marks holds; `Kind.CONSTANT` where it can be none.
    facts
        A column of answers needs two of them.

    Examples
    --------
    >>> import polars as pl
    >>> single(Tally.of(pl.Series(["a", "a"])), Kind.CATEGORICAL, ColumnFacts("x")).reason
    "Every value is 'a'."
    >>> marked = Tally.of(pl.Series(["X", None] * 30))
    >>> single(marked, Kind.CATEGORICAL, ColumnFacts("x")).reason
    "30 of 60 rows are marked by 'X'. 30 of 60 rows are missing: 30 empty."
    """
    if not tally.distinct:
        return verdict_of(Kind.CONSTANT, "There is no value.", tally)
    value = repr(str(tally.values[0]))
    fewest = min(tally.present, tally.rows - tally.present)
    if (
        facts.is_target
        or marks == Kind.CONSTANT
        or fewest < max(_FEWEST_MARKS, _LEAST_MARKED * tally.rows)
    ):
        return verdict_of(Kind.CONSTANT, f"Every value is {value}.", tally)
    evidence = f"{tally.present:,} of {tally.rows:,} rows are marked by {value}."
    return verdict_of(marks, evidence, tally)


def unique_evidence(tally: Tally) -> str:
    """Say how many of the values differ.

    Examples
    --------
    >>> import polars as pl
    >>> unique_evidence(Tally.of(pl.Series(["a", "b", "b"])))
    '2 of 3 values differ'
    """
    return f"{tally.distinct:,} of {tally.present:,} values differ"
