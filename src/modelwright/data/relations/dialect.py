"""What differs between the SQL of databases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from modelwright._plugins import named
from modelwright.data.relations.sqlite_number import sqlite_number
from modelwright.data.sources.quoting import mysql_literal, mysql_quoted, quoted, text_literal
from modelwright.data.values.cells import DECORATED_NUMBER, DECORATION

# No backslash, which MySQL takes out of a literal, and no colon, which begins a bound value.
_DECORATED = DECORATED_NUMBER.replace(r"\.", "[.]").replace("?:", "")
_NUMBER = rf"^([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?|{_DECORATED})$"

_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29"
_MONTHS = (
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_ISO = f"^(?!0000)([0-9]{{4}}-{_MONTHS}|{_LEAP})( ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])?$"
"""Such a text PostgreSQL reads as a moment; of any other, February 30, it ends the query."""


@dataclass(frozen=True)
class Dialect:
    """How a database writes what features need.

    Parameters
    ----------
    name
        As people choose it.
    earlier
        A moment and seconds become the moment so much earlier.
    compared
        A time as it is compared with others.
    of_zone
        The same of a time with a zone, where it would be another one in a session of another zone,
        and be lost or come twice when that zone's clocks are put forward or back.
    days
        Two times become the days from the first to the second.
    text
        A value as text.
    number
        A stripped text as a number, as programs or people write it; null where it is none.
    counted, written
        Microseconds since 1970, and a text in ISO 8601 or of no moment, as a time that is compared.
    joined
        Texts as one.
    last
        Where an aggregate gives the value of the latest time: from the value and the time. None
        where a subquery has to.
    total
        The aggregate that sums.
    mean, averaged
        The aggregate that averages, and how a value is written in it: a mean of whole numbers is no
        whole number.
    quote, literal
        A name as an identifier, and a text as a literal.
    """

    name: str
    earlier: Callable[[str, float], str]
    compared: Callable[[str], str]
    days: Callable[[str, str], str]
    text: Callable[[str], str]
    number: Callable[[str], str]
    counted: Callable[[str], str]
    written: Callable[[str], str]
    joined: Callable[[Sequence[str]], str] = " || ".join
    of_zone: Callable[[str], str] | None = None
    last: Callable[[str, str], str] | None = None
    total: str = "sum"
    mean: str = "avg"
    averaged: Callable[[str], str] = str
    quote: Callable[[str], str] = quoted
    literal: Callable[[str], str] = text_literal


def dialect_named(name: str) -> Dialect:
    """Return a dialect.

    Raises
    ------
    InputError
        When there is none of this name.

    Examples
    --------
    >>> dialect_named("postgresql").earlier("now", 86_400)
    "now - INTERVAL '86400 seconds'"
    """
    return named(name, DIALECTS, "dialect")


def _interval(moment: str, seconds: float) -> str:
    return f"{moment} - INTERVAL '{seconds:.6f}".rstrip("0").rstrip(".") + " seconds'"


DIALECTS: dict[str, Dialect] = {
    "duckdb": Dialect(
        name="duckdb",
        earlier=_interval,
        compared=str,
        days=lambda first, then: f"(epoch_us({then}) - epoch_us({first})) / 1000000.0 / 86400.0",
        text=lambda value: f"CAST({value} AS VARCHAR)",
        number=lambda text: (
            f"CASE WHEN regexp_matches({text}, '{_NUMBER}')"
            f" THEN TRY_CAST(regexp_replace({text}, '{DECORATION}', '', 'g') AS DOUBLE) END"
        ),
        counted=lambda count: f"make_timestamp(CAST(round({count}) AS BIGINT))",
        written=lambda text: f"TRY_CAST({text} AS TIMESTAMP)",
        last=lambda value, time: f"arg_max({value}, {{'t': {time}, 'v': {value}}})",
        total="fsum",
        mean="favg",
    ),
    "postgresql": Dialect(
        name="postgresql",
        earlier=_interval,
        compared=lambda value: f"CAST({value} AS timestamp)",
        of_zone=lambda value: f"({value} AT TIME ZONE 'UTC')",
        counted=lambda count: (
            f"(timestamp '1970-01-01' + round({count}) * interval '1 microsecond')"
        ),
        written=lambda text: f"CASE WHEN {text} ~ '{_ISO}' THEN CAST({text} AS timestamp) END",
        days=lambda first, then: (
            f"CAST(extract(epoch FROM {then} - {first}) AS double precision) / 86400.0"
        ),
        text=lambda value: f"CAST({value} AS text)",
        number=lambda text: (
            f"CASE WHEN {text} ~ '{_NUMBER}' THEN"
            f" CAST(regexp_replace({text}, '{DECORATION}', '', 'g') AS double precision) END"
        ),
        # A subquery would read the related table once for each row where no index helps it.
        last=lambda value, time: (
            f"(array_agg({value} ORDER BY {time} DESC, {value} DESC)"
            f" FILTER (WHERE {value} IS NOT NULL))[1]"
        ),
    ),
    # Decimals would be cut off after four digits. Texts are equal as the columns' collation says.
    "mysql": Dialect(
        name="mysql",
        earlier=lambda moment, seconds: f"({moment} - INTERVAL {seconds:.6f} SECOND)",
        compared=lambda value: f"CAST({value} AS DATETIME(6))",
        days=lambda first, then: f"TIMESTAMPDIFF(MICROSECOND, {first}, {then}) / 86400000000e0",
        text=lambda value: f"CAST({value} AS CHAR)",
        number=lambda text: (
            f"CASE WHEN {text} REGEXP '{_NUMBER}'"
            f" THEN regexp_replace({text}, '{DECORATION}', '') + 0e0 END"
        ),
        averaged=lambda value: f"{value} + 0e0",
        counted=lambda count: (
            "(CAST('1970-01-01' AS DATETIME(6))"
            f" + INTERVAL CAST(round({count}) AS SIGNED) MICROSECOND)"
        ),
        written=lambda text: f"CAST({text} AS DATETIME(6))",
        joined=lambda texts: f"concat({', '.join(texts)})",
        quote=mysql_quoted,
        literal=mysql_literal,
    ),
    # Seconds since 1970: what happened in the second of the moment does not count.
    "sqlite": Dialect(
        name="sqlite",
        earlier=lambda moment, seconds: f"({moment} - {seconds:g})",
        compared=lambda value: f"CAST(strftime('%s', {value}) AS INTEGER)",
        days=lambda first, then: f"({then} - {first}) / 86400.0",
        text=lambda value: f"CAST({value} AS TEXT)",
        number=sqlite_number,
        counted=lambda count: f"CAST({count} / 1e6 AS INTEGER)",
        # It takes February 30 for March 1.
        written=lambda text: (
            f"CASE WHEN date({text}, '+0 days') = substr({text}, 1, 10)"
            f" THEN CAST(strftime('%s', {text}) AS INTEGER) END"
        ),
    ),
}
"""Every dialect by its name."""
