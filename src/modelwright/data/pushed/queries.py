"""The SQL that finds what is known of columns: one query for all spans, one for each tally."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import polars as pl

from modelwright.data.checks.facts import Span, Tally
from modelwright.data.checks.readable import readable
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.sources.asking import Asking
from modelwright.data.values.cells import missing_numbers_of, missing_tokens_of

MOST_LEVELS = 20_000
"""A column of more different values is no tally."""
_DOUBLE = {"mysql": "DOUBLE", "mariadb": "DOUBLE", "sqlite": "REAL", "duckdb": "DOUBLE"}
_SQLITE_TYPES = (("blob", pl.String()), ("text", pl.String()), ("real", pl.Float64()))


def types_of(asking: Asking) -> dict[str, pl.DataType]:
    """Return the columns as they would be read, without a row."""
    empty = asking.of_rows("*", "LIMIT 0")
    if asking.family != "sqlite" or not empty.width:
        return dict(empty.schema)
    # Each value has a type of its own there, and a column is read as the widest of them.
    wanted = ", ".join(
        f"max(typeof({asking.quote(name)}) = '{kind}') AS t{at}_{kind}"
        for at, name in enumerate(empty.columns)
        for kind in ("blob", "text", "real", "integer")
    )
    has = asking.of_rows(wanted).row(0, named=True)
    types: dict[str, pl.DataType] = {}
    for at, name in enumerate(empty.columns):
        widest = [dtype for kind, dtype in _SQLITE_TYPES if has[f"t{at}_{kind}"]]
        whole = pl.Int64() if has[f"t{at}_integer"] else pl.Null()
        types[name] = widest[0] if widest else whole
    return types


def has_span(column: Column, dtype: pl.DataType) -> bool:
    """Return whether the least and the greatest value of a column decide its rules.

    Examples
    --------
    >>> has_span(Column(name="age", kind=Kind.NUMERIC), pl.Int64())
    True
    >>> has_span(Column(name="age", kind=Kind.NUMERIC), pl.String())  # "39", "old"
    False
    """
    if column.value_type == "datetime":
        return isinstance(dtype, pl.Datetime | pl.Date)
    is_number = column.value_type == "number" and column.kind != Kind.BOOLEAN
    return is_number and dtype.is_numeric()


def are_codes(column: Column, dtype: pl.DataType) -> bool:
    """Return whether a column of texts holds whole numbers, each of which is a text of its own."""
    return column.value_type == "string" and dtype.is_integer()


def find_spans(
    asking: Asking,
    columns: Sequence[Column],
    types: Mapping[str, pl.DataType],
    *,
    unique: Collection[str],
) -> tuple[int, dict[str, Span]]:
    """Count the rows and find the spans of columns, in one query.

    Parameters
    ----------
    asking
        The transaction.
    columns, types
        What they hold, and how they are read.
    unique
        Columns whose different values are counted too.
    """
    wanted = ["count(*) AS all_rows"]
    for at, column in enumerate(columns):
        wanted += _of_span(asking, column, types[column.name], at, counted=column.name in unique)
    found = asking.of_rows(", ".join(wanted))
    rows = int(found["all_rows"][0])
    spans = {}
    for at, column in enumerate(columns):
        ends = pl.DataFrame({column.name: pl.concat([found[f"low{at}"], found[f"high{at}"]])})
        spans[column.name] = Span(
            ends=readable(ends, Schema(columns=(column,))),
            rows=rows,
            there=int(found[f"there{at}"][0]),
            different=int(found[f"different{at}"][0]) if column.name in unique else None,
        )
    return rows, spans


def find_tally(asking: Asking, column: Column, dtype: pl.DataType) -> Tally | None:
    """Find every different value of a column and its rows; None where they are too many."""
    name = asking.quote(column.name)
    group, value = name, name
    if isinstance(dtype, pl.String):
        # Texts that a collation takes as equal are different ones here.
        if asking.family in ("mysql", "mariadb"):
            group, value = f"CAST({name} AS BINARY)", f"min({name})"
        elif asking.family == "sqlite":
            group = f"{name} COLLATE BINARY"
        else:
            group = value = f"CAST({name} AS {_text(asking)})"
    wanted = f"{value} AS tallied, count(*) AS counted"
    found = asking.of_rows(wanted, f"GROUP BY {group} LIMIT {MOST_LEVELS + 1}")
    if found.height > MOST_LEVELS:
        return None
    return Tally.of(column, found["tallied"], found["counted"])


def _of_span(
    asking: Asking, column: Column, dtype: pl.DataType, at: int, *, counted: bool
) -> Iterator[str]:
    value = _without_missing(asking, column, dtype)
    yield f"count({value}) AS there{at}"
    yield f"min({value}) AS low{at}"
    yield f"max({value}) AS high{at}"
    if counted:
        key = value
        if column.value_type == "number":  # whole numbers that one float stands for are one value
            key = f"CAST({value} AS {_DOUBLE.get(asking.family, 'double precision')})"
        yield f"count(DISTINCT {key}) AS different{at}"


def _without_missing(asking: Asking, column: Column, dtype: pl.DataType) -> str:
    """Return the expression of a value that is null where the checks see none."""
    name = asking.quote(column.name)
    missing = (
        [f"{name} IN ({', '.join(_missing(column, dtype))})"] if _missing(column, dtype) else []
    )
    if dtype.is_float() and asking.family in ("postgresql", "postgres", "duckdb"):
        missing.append(f"{name} = CAST('NaN' AS {_DOUBLE.get(asking.family, 'double precision')})")
    return f"CASE WHEN {' OR '.join(missing)} THEN NULL ELSE {name} END" if missing else name


def _missing(column: Column, dtype: pl.DataType) -> list[str]:
    if column.value_type == "number":
        return [repr(number) for number in sorted(missing_numbers_of(column))]
    if not dtype.is_integer():
        return []
    return sorted(token for token in missing_tokens_of(column) if _is_whole(token))


def _is_whole(token: str) -> bool:
    return token.removeprefix("-").isdecimal() and str(int(token)) == token


def _text(asking: Asking) -> str:
    return "VARCHAR" if asking.family == "duckdb" else "text"
