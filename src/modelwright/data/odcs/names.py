"""What the Open Data Contract Standard 3.1 calls what modelwright has."""

from modelwright.data.checks.base import Check
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.texts import TextLength
from modelwright.data.schema import Kind

API_VERSION = "v3.1.0"
ENGINE = "modelwright"

LOGICAL_TYPES = {Kind.NUMERIC: "number", Kind.BOOLEAN: "boolean", Kind.DATETIME: "timestamp"}
"""The standard's type of each kind of column; the others are strings."""

BOUNDED: dict[str, tuple[type[Check], tuple[str, str]]] = {
    "number": (Range, ("minimum", "maximum")),
    "timestamp": (Period, ("minimum", "maximum")),
    "string": (TextLength, ("minLength", "maxLength")),
}
"""The check whose bounds the standard keeps in the options of a type, and their names there."""


def logical_type(kind: Kind) -> str:
    """Return the standard's type of a kind of column.

    Examples
    --------
    >>> logical_type(Kind.DATETIME), logical_type(Kind.ID)
    ('timestamp', 'string')
    """
    return LOGICAL_TYPES.get(kind, "string")
