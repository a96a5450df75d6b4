"""A text as a number in SQLite, whose patterns know no repetition and no choice.

So the pattern of other databases is turned round: what no number has is listed. The texts are
looked at between two spaces.
"""

from modelwright.data.values.cells import DECORATION

_OF_ANY = ("*[^0-9.,$€£¥% eE+-]*", "*.*.*", "*[^0-9].[^0-9]*")
_OF_EXPONENTS = (
    "*[^0-9.][eE]*",
    "*[eE][^0-9+-]*",
    "*[eE][+-][^0-9]*",
    "*[eE]*[eE.]*",
    "*[eE]*[,$€£¥%]*",
    "*[,$€£¥%]*[eE]*",
    "*[^ ] *[eE]*",
)
_OF_SIGNS = (
    "*[0-9.][+-]*",
    "*[0-9.]*[^eE][+-]*",
    "*[+-][^0-9.$€£¥ ]*",
    "*[+-] [^0-9.]*",
    "*[+-][$€£¥]*[+-]*",
    "*[$€£¥][+-][^0-9.]*",
    "*[$€£¥] [+-][^0-9.]*",
)
_OF_UNITS = (
    "*[0-9.]*[$€£¥% ]*[0-9.]*",
    "*%*[0-9]*",
    "*[$€£¥]*[$€£¥]*[0-9]*",
    "*[0-9]*[$€£¥%]*[$€£¥%]*",
    "*[^ ]  *",
)
_OF_THOUSANDS = (
    "*.*,*",
    "*[^0-9],*",
    "*[0-9][0-9][0-9][0-9],*",
    "*,[^0-9]*",
    "*,[0-9][^0-9]*",
    "*,[0-9][0-9][^0-9]*",
    "*,[0-9][0-9][0-9][0-9]*",
)
_NO_NUMBERS = (*_OF_ANY, *_OF_EXPONENTS, *_OF_SIGNS, *_OF_UNITS, *_OF_THOUSANDS)


def sqlite_number(text: str) -> str:
    """Return what reads a stripped text as a number, as the table reader does; null where none is.

    Parameters
    ----------
    text
        SQL that gives the text.

    Examples
    --------
    >>> import sqlite3
    >>> query = f"SELECT {sqlite_number('cell')} FROM (SELECT '$1,234' AS cell UNION SELECT '1,23')"
    >>> sqlite3.connect(":memory:").execute(query).fetchall()
    [(1234.0,), (None,)]
    """
    plain = text
    for sign in DECORATION.strip("[]"):
        plain = f"replace({plain}, '{sign}', '')"
    none = ", ".join(f"('{pattern}')" for pattern in _NO_NUMBERS)
    return (
        f"CASE WHEN {text} GLOB '*[0-9]*' AND NOT EXISTS (SELECT 1 FROM (VALUES {none})"
        f" WHERE ' ' || {text} || ' ' GLOB column1) THEN CAST({plain} AS REAL) END"
    )
