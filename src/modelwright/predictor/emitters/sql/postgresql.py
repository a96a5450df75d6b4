"""PostgreSQL, from version 14 on."""

from modelwright.predictor.emitters.sql.dialect import Dialect, blanks, doubled
from modelwright.predictor.emitters.sql.names import NameRules

_BLANKS = "E'" + blanks("\\u{:04x}", joined="") + "'"


def _number(value: float) -> str:
    # A text in quotes is read as a double at once; a bare decimal would be a numeric.
    return f"'{value!r}'::float8"


def _moment(column: str) -> str:
    seconds = f"extract(epoch FROM {column})"
    return f"CASE WHEN isfinite({column}) THEN CAST({seconds} * 1000000 AS bigint) END"


POSTGRESQL = Dialect(
    name="postgresql",
    title="PostgreSQL",
    types={
        "number": "double precision",
        "flag": "boolean",
        "text": "text",
        "moment": "timestamp",
    },
    read={
        "number": lambda column: f"nullif(CAST({column} AS float8), 'NaN')",
        "flag": lambda column: f"CAST(CAST({column} AS integer) AS float8)",
        "text": lambda column: f"btrim(CAST({column} AS text), {_BLANKS})",
        "moment": _moment,
    },
    number=_number,
    text=doubled,
    label=doubled,
    exact=lambda text: f'{text} COLLATE "C"',
    without_point=lambda text: f"coalesce(substring({text} FROM '^([+-]?[0-9]+)[.]0+$'), {text})",
    as_double=lambda whole: f"CAST({whole} AS float8)",
    names=NameRules(longest=63, measure=lambda name: len(name.encode(errors="replace"))),
    # A subquery with OFFSET is computed row by row, and not merged into what reads it.
    fence="OFFSET 0",
    most_columns=1_600,
    overflow_stops=True,
    underflow_stops=True,
)
