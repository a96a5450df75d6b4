"""DuckDB, from version 1.0 on."""

from modelwright.predictor.emitters.sql.dialect import Dialect, blanks, doubled
from modelwright.predictor.emitters.sql.literals import approximate
from modelwright.predictor.emitters.sql.names import NameRules

_BLANKS = blanks("chr({})", joined=" || ")


def _number(value: float) -> str:
    return f"'{value}'::DOUBLE" if abs(value) == float("inf") else approximate(value)


def _text(text: str) -> str:
    pieces = (doubled(piece) for piece in text.split("\0"))
    return (
        " || chr(0) || ".join(pieces) if "\0" not in text else f"({' || chr(0) || '.join(pieces)})"
    )


def _finite(column: str) -> str:
    double = f"CAST({column} AS DOUBLE)"
    return f"CASE WHEN NOT isnan({double}) THEN {double} END"


DUCKDB = Dialect(
    name="duckdb",
    title="DuckDB",
    types={"number": "DOUBLE", "flag": "BOOLEAN", "text": "VARCHAR", "moment": "TIMESTAMP"},
    read={
        "number": _finite,
        "flag": lambda column: f"CAST({column} AS DOUBLE)",
        "text": lambda column: f"trim(CAST({column} AS VARCHAR), {_BLANKS})",
        "moment": lambda column: f"CASE WHEN isfinite({column}) THEN epoch_us({column}) END",
    },
    number=_number,
    text=_text,
    label=_text,
    exact=lambda text: f"{text} COLLATE C",
    without_point=lambda text: f"regexp_replace({text}, '^([+-]?[0-9]+)[.]0+$', '\\1')",
    as_double=lambda whole: f"CAST({whole} AS DOUBLE)",
    names=NameRules(folded=str.casefold),
    divided="//",
    # Layers would be kept in memory otherwise, from version 1.4 on.
    hint="NOT MATERIALIZED ",
    most_columns=10_000,
)
