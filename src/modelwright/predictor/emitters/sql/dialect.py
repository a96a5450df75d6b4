"""What differs between the SQL of databases, where a program is written in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import WHITESPACE
from modelwright.predictor.emitters.sql.names import NameRules

Typed = Literal["number", "flag", "text", "moment"]
"""What a column of the table holds: numbers, yes or no, texts, moments."""


@dataclass(frozen=True)
class Dialect:
    """How a database writes what a program needs.

    Parameters
    ----------
    name
        As people choose it: ``"sqlite"``.
    title
        As it calls itself.
    types
        The type that each kind of column has in the table.
    read
        How a column of each kind is read: texts without blanks at their ends, moments as
        microseconds since 1970 in UTC, NaN as NULL.
    number
        A number as a literal of a double.
    text
        A text as a literal that is compared with what `exact` gave.
    label
        A text as a literal that is shown.
    exact
        A text as it is compared: byte by byte.
    without_point
        A text from which ``.0`` is taken, where it is a code that went through a column of floats.
    as_double
        A whole number as a double.
    divided
        How whole numbers are divided without a rest.
    fence
        What keeps an optimiser from copying a layer's expressions into the next, where each would
        be computed as often as it is named.
    hint
        What stands before the parenthesis of a layer.
    most_columns
        Of a layer.
    names
        What a column's name may be.
    many
        How a number stands beside a column where there are thousands of others; None where that
        is nothing special.
    overflow_stops, underflow_stops
        Whether a number too large, or too near zero, ends a query instead of being infinite or 0.
    has_infinity
        Whether a column can hold an infinity; NaN then too, which is taken for missing.
    """

    name: str
    title: str
    types: Mapping[Typed, str]
    read: Mapping[Typed, Callable[[str], str]]
    number: Callable[[float], str]
    text: Callable[[str], str]
    label: Callable[[str], str]
    exact: Callable[[str], str]
    without_point: Callable[[str], str]
    as_double: Callable[[str], str]
    names: NameRules
    divided: str = "/"
    fence: str = ""
    hint: str = ""
    greatest: str = "greatest"
    most_columns: int = 1_500
    many: Callable[[str, str], str] | None = None
    overflow_stops: bool = False
    underflow_stops: bool = False
    has_infinity: bool = True
    nan_is_null: bool = False

    def largest_of(self, texts: Sequence[str]) -> str:
        """Return the largest of some expressions."""
        found = list(texts)
        while len(found) > 1:
            # SQLite takes no more than 127 arguments.
            found = [
                self._largest(found[start : start + 100]) for start in range(0, len(found), 100)
            ]
        return found[0]

    def _largest(self, texts: Sequence[str]) -> str:
        return f"{self.greatest}({', '.join(texts)})" if len(texts) > 1 else texts[0]


def typed(column: Column) -> Typed:
    """Return what a column of the table holds."""
    if column.kind == Kind.BOOLEAN:
        return "flag"
    kinds: Mapping[str, Typed] = {"number": "number", "string": "text", "datetime": "moment"}
    return kinds[column.value_type]


def doubled(text: str) -> str:
    """Return a text as a literal of standard SQL.

    Examples
    --------
    >>> print(doubled("it's"))
    'it''s'
    """
    return "'" + text.replace("'", "''") + "'"


def blanks(character: str, *, joined: str) -> str:
    """Return the characters that are stripped, each by a function of its number.

    Examples
    --------
    >>> blanks("chr({})", joined=" || ")[:20]
    'chr(9) || chr(10) ||'
    """
    return joined.join(character.format(ord(each)) for each in WHITESPACE)
