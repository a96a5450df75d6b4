"""Which database is asked for features of related tables, and what is done when it fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from modelwright.errors import InputError

FeaturePolicy: TypeAlias = Literal["refuse", "unready"]
"""What is done while the database fails: rows that need it are refused, and the server may say too
that it is not ready."""

FEATURE_POLICIES: tuple[FeaturePolicy, ...] = ("refuse", "unready")


@dataclass(frozen=True)
class FeatureSource:
    """A database that is asked for the features of rows.

    Parameters
    ----------
    address
        Of a PostgreSQL, MySQL, MariaDB, SQLite or DuckDB database; not shown by `repr`.
    tables
        What related tables are called there, where it is not what the model calls them.
    queries
        The SELECT of each that is no table.
    seconds
        How long an answer may take.
    when_it_fails
        What is done about readiness.
    """

    address: str = field(repr=False)
    tables: Mapping[str, str] = field(default_factory=dict)
    queries: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 2.0
    when_it_fails: FeaturePolicy = "refuse"


def parse_tables(said: Sequence[str]) -> dict[str, str]:
    """Return what related tables are called, from NAME=TABLE.

    Raises
    ------
    InputError
        When one has no name.

    Examples
    --------
    >>> parse_tables(["orders=crm.orders"])
    {'orders': 'crm.orders'}
    """
    named = {}
    for each in said:
        name, _, table = (part.strip() for part in each.partition("="))
        if not (name and table):
            raise InputError(f"The table {each!r} has no name.", "Write it NAME=TABLE.")
        named[name] = table
    return named
