"""SQLite, from version 3.35 on, with its mathematical functions."""

from modelwright.predictor.emitters.sql.dialect import Dialect, blanks, doubled
from modelwright.predictor.emitters.sql.literals import ample
from modelwright.predictor.emitters.sql.names import NameRules

_BLANKS = f"char({blanks('{}', joined=', ')})"


def _text(text: str) -> str:
    pieces = " || char(0) || ".join(doubled(piece) for piece in text.split("\0"))
    return f"({pieces})" if "\0" in text else pieces


def _number(column: str) -> str:
    return f"CASE WHEN typeof({column}) IN ('integer', 'real') THEN CAST({column} AS REAL) END"


def _moment(column: str) -> str:
    # strftime knows milliseconds only, so that it reads whole seconds here, and no zone.
    seconds = f"CAST(strftime('%s', substr({column}, 1, 19)) AS INTEGER)"
    rest = f"substr({column}, 20)"
    micros = f"CAST(substr(substr({column}, 21) || '000000', 1, 6) AS INTEGER)"
    plain = f"({rest} = '' OR {rest} GLOB '.[0-9]*' AND substr({rest}, 2) NOT GLOB '*[^0-9]*')"
    return (
        f"CASE WHEN typeof({column}) = 'integer' THEN {column} "
        f"WHEN typeof({column}) = 'text' AND {plain} THEN {seconds} * 1000000 + {micros} END"
    )


def _without_point(text: str) -> str:
    code = f"substr({text}, 1, instr({text}, '.') - 1)"
    digits = f"({code} GLOB '[0-9]*' OR {code} GLOB '[-+][0-9]*')"
    return (
        f"CASE WHEN {text} GLOB '*.0*' AND rtrim({text}, '0') = {code} || '.' AND {digits} "
        f"AND substr({code}, 2) NOT GLOB '*[^0-9]*' THEN {code} ELSE {text} END"
    )


SQLITE = Dialect(
    name="sqlite",
    title="SQLite",
    types={"number": "REAL", "flag": "INTEGER", "text": "TEXT", "moment": "TEXT"},
    read={
        "number": _number,
        "flag": _number,
        "text": lambda column: f"trim({column}, {_BLANKS})",
        "moment": _moment,
    },
    number=ample,
    text=_text,
    label=_text,
    # What a function returns has no collation but BINARY.
    exact=lambda text: f"{text} COLLATE BINARY",
    without_point=_without_point,
    as_double=lambda whole: f"CAST({whole} AS REAL)",
    names=NameRules(folded=str.casefold),
    # A subquery with OFFSET is computed row by row, and not merged into what reads it.
    fence="LIMIT -1 OFFSET 0",
    greatest="max",
    most_columns=1_900,
    # SQLite looks each constant up in a list of all before; but not what an ELSE may lead to.
    many=lambda number, column: f"CASE WHEN {column} ISNULL THEN NULL ELSE {number} END",
    nan_is_null=True,
)
