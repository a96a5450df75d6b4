"""MySQL from version 8.0 on, and MariaDB from 10.4 on."""

import unicodedata

from modelwright.data.values.cells import WHITESPACE
from modelwright.predictor.emitters.sql.dialect import Dialect
from modelwright.predictor.emitters.sql.literals import approximate, is_plain
from modelwright.predictor.emitters.sql.names import NameRules

_LAST_IN_NAMES = "\uffff"


def _hex(text: str) -> str:
    return f"x'{text.encode(errors='replace').hex()}'"


def _text(text: str) -> str:
    # Neither the connection's character set nor the mode of backslashes changes such a literal.
    return f"'{text}'" if is_plain(text) else _hex(text)


def _label(text: str) -> str:
    return f"'{text}'" if is_plain(text) else f"_utf8mb4 {_hex(text)}"


_ENDS = f"_utf8mb4 {_hex(f'^[{WHITESPACE}]+|[{WHITESPACE}]+$')}"


def _double(column: str) -> str:
    return f"{column} + 0e0"


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in letters if not unicodedata.combining(each))


def _allowed(name: str) -> str:
    return "".join(each if each <= _LAST_IN_NAMES else "_" for each in name).rstrip()


MYSQL = Dialect(
    name="mysql",
    title="MySQL",
    types={
        "number": "DOUBLE",
        "flag": "BOOLEAN",
        "text": "TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "moment": "DATETIME(6)",
    },
    read={
        "number": _double,
        "flag": _double,
        "text": lambda column: f"regexp_replace(CONVERT({column} USING utf8mb4), {_ENDS}, '')",
        "moment": lambda column: f"timestampdiff(MICROSECOND, '1970-01-01', {column})",
    },
    number=approximate,
    text=_text,
    label=_label,
    exact=lambda text: f"CAST({text} AS BINARY)",
    without_point=lambda text: (
        f"CASE WHEN {text} REGEXP '^[+-]?[0-9]+[.]0+$' "
        f"THEN substring_index({text}, '.', 1) ELSE {text} END"
    ),
    as_double=lambda whole: f"({whole} + 0e0)",
    names=NameRules(quote="`", longest=64, folded=_folded, allowed=_allowed),
    divided=" DIV ",
    # A derived table with LIMIT is made before what reads it, and not merged into that.
    fence="LIMIT 18446744073709551615",
    most_columns=1_000,
    overflow_stops=True,
    has_infinity=False,
)
