"""What differs between the SQL of databases."""

from collections.abc import Callable
from dataclasses import dataclass

from modelwright._plugins import named
from modelwright.data.sources.selection import quoted


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
    days
        Two times become the days from the first to the second.
    text
        A value as text.
    last
        Where an aggregate gives the value of the latest time: from the value and the time. None
        where a subquery has to.
    total
        The aggregate that sums.
    """

    name: str
    earlier: Callable[[str, float], str]
    compared: Callable[[str], str]
    days: Callable[[str, str], str]
    text: Callable[[str], str]
    last: Callable[[str, str], str] | None = None
    total: str = "sum"
    mean: str = "avg"


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


def name_in(name: str) -> str:
    """Return a name as an identifier."""
    return quoted(name)


def literal(text: str) -> str:
    """Return a text as a literal of SQL.

    Examples
    --------
    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _interval(moment: str, seconds: float) -> str:
    return f"{moment} - INTERVAL '{seconds:.6f}".rstrip("0").rstrip(".") + " seconds'"


DIALECTS: dict[str, Dialect] = {
    "duckdb": Dialect(
        name="duckdb",
        earlier=_interval,
        compared=str,
        days=lambda first, then: f"(epoch_us({then}) - epoch_us({first})) / 1000000.0 / 86400.0",
        text=lambda value: f"CAST({value} AS VARCHAR)",
        last=lambda value, time: f"arg_max({value}, {{'t': {time}, 'v': {value}}})",
        total="fsum",
        mean="favg",
    ),
    "postgresql": Dialect(
        name="postgresql",
        earlier=_interval,
        compared=lambda value: f"CAST({value} AS timestamp)",
        days=lambda first, then: (
            f"CAST(extract(epoch FROM {then} - {first}) AS double precision) / 86400.0"
        ),
        text=lambda value: f"CAST({value} AS text)",
    ),
    # Seconds since 1970: what happened in the second of the moment does not count.
    "sqlite": Dialect(
        name="sqlite",
        earlier=lambda moment, seconds: f"({moment} - {seconds:g})",
        compared=lambda value: f"CAST(strftime('%s', {value}) AS INTEGER)",
        days=lambda first, then: f"({then} - {first}) / 86400.0",
        text=lambda value: f"CAST({value} AS TEXT)",
    ),
}
"""Every dialect by its name."""
