"""Cells of moments in SQL, also of those that a database keeps as digits: 2024 or 1706659200.

A database would take such a number for something else, or for no moment at all.
"""

import msgspec

from modelwright.data.relations.dialect import Dialect
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.schema import Column, Schema
from modelwright.data.values.moments import (
    DIGITS,
    PACKED_DAY,
    PACKED_MONTH,
    PACKED_SECOND,
    YEAR,
)
from modelwright.errors import SourceError

# No whole numbers: 32 bits of some columns would not hold the product.
_MICROSECONDS = {"unix s": "1e6", "unix ms": "1e3", "unix us": "1e0", "unix ns": "1e-3"}
_PARTS = (("", 1, 4), ("-", 5, 2), ("-", 7, 2), (" ", 9, 2), (":", 11, 2), (":", 13, 2))
_DIGITS = {YEAR: 1, PACKED_MONTH: 2, PACKED_DAY: 3, PACKED_SECOND: 6}
"""How many of the parts a format has."""
_FIRST_DAY = {YEAR: "-01-01", PACKED_MONTH: "-01"}


def moment_sql(column: Column, cell: str, dialect: Dialect) -> str:
    """Return a cell of a column of moments as it is compared with others.

    Parameters
    ----------
    column
        As the table was read.
    cell
        SQL that names the cell.
    dialect
        Of the database.

    Examples
    --------
    >>> from modelwright.data.relations.dialect import dialect_named
    >>> from modelwright.data.schema import Kind
    >>> year = Column(name="year", kind=Kind.DATETIME, datetime_format="%Y")
    >>> moment_sql(year, "r.year", dialect_named("mysql"))
    "CAST(concat(substr(CAST(r.year AS CHAR), 1, 4), '-01-01') AS DATETIME(6))"
    """
    kept = column.datetime_format
    if kept in _MICROSECONDS:
        return dialect.counted(f"{cell} * {_MICROSECONDS[kept]}")
    if kept in _DIGITS:
        return dialect.written(dialect.joined(_iso(kept, dialect.text(cell))))
    if column.has_zone and dialect.of_zone:
        return dialect.of_zone(cell)
    return dialect.compared(cell)


def as_moments(schema: Schema) -> Schema:
    """Return a schema whose moments are no digits or texts any more."""
    return Schema(columns=tuple(_as_moment(column) for column in schema))


def require_readable(features: FeatureSet) -> None:
    """Raise where times are written as databases do not read them.

    Raises
    ------
    SourceError
        With the column and how it is written.
    """
    for relation in features.relations:
        for column in (*relation.asked, *relation.schema):
            if column.value_type == "datetime" and column.datetime_format not in ("", *DIGITS):
                raise SourceError(
                    f"The moments in {column.name!r} are texts written as "
                    f"{column.datetime_format!r}, which databases read otherwise or not at all.",
                    "Name a view that has them as timestamps, or have features computed here.",
                )


def _iso(kept: str, digits: str) -> list[str]:
    pieces = []
    for before, first, length in _PARTS[: _DIGITS[kept]]:
        pieces += [f"'{before}'"] * bool(before) + [f"substr({digits}, {first}, {length})"]
    return pieces + [f"'{first}'" for form, first in _FIRST_DAY.items() if form == kept]


def _as_moment(column: Column) -> Column:
    if column.value_type != "datetime" or not column.datetime_format:
        return column
    return msgspec.structs.replace(column, datetime_format="")
