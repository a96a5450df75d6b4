"""What the server saw beside what a table says of the same rows."""

from typing import Literal

import msgspec


class SkewedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of which the server saw another value than the table has.

    Parameters
    ----------
    id
        Under which it was logged.
    at
        When it was answered, ISO 8601 in UTC.
    served, told
        What the server saw and what the table says, as text.
    """

    id: str
    at: str
    served: str
    told: str


class ColumnSkew(msgspec.Struct, frozen=True, kw_only=True):
    """A column in which the server saw other values than the table has.

    Parameters
    ----------
    rows
        How many of the rows compared differ.
    how
        What explains them, such as ``"100 times what the table says"``.
    since
        The first moment at which they differ, ISO 8601 in UTC; empty where that is from the first
        row on.
    verdict
        ``"alarm"`` where a row in a hundred or more differs in a column on which the model depends,
        else ``"note"``.
    examples
        Some of the rows, the latest first.
    """

    column: str
    rows: int
    how: str
    since: str
    verdict: Literal["note", "alarm"]
    sentence: str
    examples: tuple[SkewedRow, ...] = ()


class Skew(msgspec.Struct, frozen=True, kw_only=True):
    """What the server saw beside what a table says of the same rows.

    Parameters
    ----------
    on
        The key by which rows were matched.
    served, compared
        Rows that were served; those among them that the table has.
    unknown
        Features that the table does not have.
    columns
        Those that differ, alarms and the most rows first.
    moved
        The part of the answers that would be another class, or the mean difference of numbers, if
        the server had seen what the table says; None where no row was compared.
    sentence
        For a person.
    """

    on: str
    served: int
    compared: int
    unknown: tuple[str, ...] = ()
    columns: tuple[ColumnSkew, ...] = ()
    moved: float | None = None
    sentence: str
