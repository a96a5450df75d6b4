"""How one cell is read: what is missing, what is a number, what is yes or no.

The table reader (polars) and the record reader (the server) both read by the rules of this module,
so that a value means the same in training and behind the server. Patterns are written in the part
of the syntax that Python and Rust share, over ASCII digits only, because both know wider ones.
"""

import re

from modelwright.data.schema import Column

WHITESPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What is stripped from both ends of a text; spelt out because languages disagree on it."""

ALWAYS_MISSING = frozenset(
    {"", "?", "NaN", "nan", "NAN", "NULL", "Null", "null", "N/A", "n/a", "#N/A", "<NA>"}
)
"""Texts that stand for a missing value in every column."""

MISSING_AMONG_NUMBERS = frozenset(
    {"NA", "na", "None", "none", "NONE", "nil", "NaT", "-", "--", ".", ".."}
    | {
        "0000-00-00",
        "0000-00-00 00:00:00",
        "unknown",
        "Unknown",
        "missing",
        "Missing",
        "#VALUE!",
        "#DIV/0!",
    }
)
"""Texts that stand for a missing value among numbers and dates, but may be a level among words."""

SENTINELS = (-999999.0, -99999.0, -9999.0, -999.0)
"""Numbers that people write for a missing number, where all others are far above."""

HIGH_SENTINELS = (998.0, 999.0, 9998.0, 9999.0, 99998.0, 99999.0, 999998.0, 999999.0)
"""Numbers that people write for a missing number, where all others are far below."""

NUMBER = (
    r"(?:[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    r"|[+-]?(?:inf|Infinity))"
)
"""A number as programs write it."""

DECORATED_NUMBER = (
    r"(?:[+-]?[$€£¥]? ?|[$€£¥] ?[+-])"
    r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)"
    r" ?[%$€£¥]?"
)
"""A number as people write it: with separators of thousands, a currency or a percent sign."""

DECORATION = r"[,$€£¥% ]"
"""What is taken out of a decorated number before it is read; 12 % is 12."""

CODE = r"([+-]?[0-9]+)\.0+"
"""A code that went through a column of floats: its first group is the code."""

CODE_PATTERN = re.compile(CODE)

TRUE_WORDS = frozenset({"yes", "true", "t", "y", "on", "1"})
FALSE_WORDS = frozenset({"no", "false", "f", "n", "off", "0"})

_NUMBER = re.compile(NUMBER)
_DECORATED_NUMBER = re.compile(DECORATED_NUMBER)
_DECORATION = re.compile(DECORATION)
_LARGEST_EXACT = 2.0**63


def missing_tokens_of(column: Column) -> frozenset[str]:
    """Return every text that stands for a missing value in a column.

    Examples
    --------
    >>> from modelwright.data.schema import Kind
    >>> tokens = missing_tokens_of(Column(name="age", kind=Kind.NUMERIC, missing_tokens=("x",)))
    >>> "x" in tokens, "?" in tokens, "NA" in tokens
    (True, True, True)
    >>> "NA" in missing_tokens_of(Column(name="country", kind=Kind.CATEGORICAL))
    False
    """
    tokens = ALWAYS_MISSING.union(column.missing_tokens)
    return tokens if column.value_type == "string" else tokens | MISSING_AMONG_NUMBERS


def missing_numbers_of(column: Column) -> frozenset[float]:
    """Return every number that stands for a missing value in a column.

    Examples
    --------
    >>> from modelwright.data.schema import Kind
    >>> missing_numbers_of(Column(name="age", kind=Kind.NUMERIC, missing_tokens=("-999", "x")))
    frozenset({-999.0})
    """
    numbers = (number_of(token) for token in column.missing_tokens)
    return frozenset(number for number in numbers if number is not None)


def number_of(text: str) -> float | None:
    """Read a stripped text as a number.

    Returns
    -------
    float or None
        None when the text is no number.

    Examples
    --------
    >>> number_of("-1.5e3"), number_of("$1,234.50"), number_of("12 %"), number_of("1,23")
    (-1500.0, 1234.5, 12.0, None)
    """
    if _NUMBER.fullmatch(text):
        return float(text)
    if _DECORATED_NUMBER.fullmatch(text):
        return float(_DECORATION.sub("", text))
    return None


def truth_of(text: str) -> float | None:
    """Read a stripped text as yes (1.0) or no (0.0).

    Examples
    --------
    >>> truth_of("Yes"), truth_of("f"), truth_of("1.0"), truth_of("maybe")
    (1.0, 0.0, 1.0, None)
    """
    word = text.lower()
    if word in TRUE_WORDS:
        return 1.0
    if word in FALSE_WORDS:
        return 0.0
    number = number_of(text)
    return abs(number) if number in (0.0, 1.0) else None  # abs makes 0.0 of -0.0


def text_of_key(value: object) -> str:
    """Write a key so that two tables agree on it, of which one holds it as a number.

    Examples
    --------
    >>> text_of_key(17.0), text_of_key(" 17 ")
    ('17', '17')
    """
    return text_of_number(value) if isinstance(value, int | float) else str(value).strip()


def text_of_number(value: float) -> str:
    """Write a number as the text of a category: integral numbers without a point.

    Examples
    --------
    >>> text_of_number(20), text_of_number(20.0), text_of_number(1.5), text_of_number(True)
    ('20', '20', '1.5', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not (value.is_integer() and abs(value) < _LARGEST_EXACT):
        return repr(value)
    return str(int(value))
