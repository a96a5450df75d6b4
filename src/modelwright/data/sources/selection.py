"""Which table of a source is wanted, by name or by a query."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from modelwright.data.sources.columns import listed
from modelwright.data.sources.quoting import name_parts, quoted
from modelwright.errors import SourceError, nearest

_OPAQUE = re.compile(
    r"""(?P<comment> --[^\n]* | /\*.*?\*/ )
      | '(?:[^']|'')*'              # a text
      | "(?:[^"]|"")*"              # a quoted name
      | (?P<tag>\$\w*\$).*?(?P=tag)  # a text of PostgreSQL and DuckDB
    """,
    re.VERBOSE | re.DOTALL,
)

_DEFAULT_SCHEMAS = ("main", "public")


@dataclass(frozen=True)
class Selection:
    """What is wanted from a source that can hold more than one table.

    Parameters
    ----------
    table
        The name of a table, view or sheet; None where there is only one.
    query
        One SELECT instead of a table.
    sample
        About how many rows of a database at most, drawn at random; None for all.

    Raises
    ------
    SourceError
        When both a table and a query are given, or the sample is of no rows.
    """

    table: str | None = None
    query: str | None = None
    sample: int | None = None

    def __post_init__(self) -> None:
        if self.table is not None and self.query is not None:
            raise SourceError("Both a table and a query are given.", "Give one of them.")
        if self.sample is not None and self.sample < 1:
            raise SourceError(f"A sample of {self.sample} rows is none.", "Ask for more rows.")

    def check_empty(self, address: str) -> None:
        """Raise when something is selected from a source that is one table."""
        if self.table is not None or self.query is not None:
            raise SourceError(
                f"{address} is one table: neither a table nor a query can be chosen from it.",
                "Leave both out, or put the table into a DuckDB or SQLite file.",
            )
        self.check_whole(address)

    def check_whole(self, address: str) -> None:
        """Raise when a sample is wanted from a source that draws none."""
        if self.sample is not None:
            raise SourceError(
                f"{address} is no database: no sample of its rows is drawn.",
                "Leave the sample out, or put the table into a database.",
            )


def as_statement(
    selection: Selection, tables: Sequence[tuple[str, str]], address: str
) -> tuple[str, str]:
    """Return the SELECT that reads what is wanted, and a sentence that says so.

    Parameters
    ----------
    selection
        A table, a query or neither. A table of the schema ``main`` or ``public`` is known by its
        bare name too, one of another schema as ``schema.name``.
    tables
        Schema and name of each table.
    address
        Printed in messages.

    Raises
    ------
    SourceError
        As `pick_table` and `one_select` do.

    Examples
    --------
    >>> as_statement(Selection(), [("main", "flights")], "a.db")
    ('SELECT * FROM "main"."flights"', "Read the table 'flights'.")
    """
    if selection.query is not None:
        return one_select(selection.query), "Read by a query."
    known = _by_name(tables)
    if selection.table is not None:
        selection = Selection(table=known_name(selection.table, known))
    picked = pick_table(selection, list(known), address)
    identifier = ".".join(quoted(part) for part in known[picked])
    return f"SELECT * FROM {identifier}", f"Read the table {picked!r}."


def refuse_locked(selection: Selection, locked: Sequence[tuple[str, str]], address: str) -> None:
    """Raise when the table that is wanted is there, but may not be read.

    Parameters
    ----------
    selection
        May name a table.
    locked
        Schema and name of each table that this user may not read.
    address
        Printed in messages.

    Raises
    ------
    SourceError
        With the statement that lets the user read it.
    """
    known = _by_name(locked)
    name = known_name(selection.table or "", known)
    if name in known:
        schema, table = map(quoted, known[name])
        raise SourceError(
            f"{address} has the table {name!r}, but this user may not read it.",
            f"Have its owner run: GRANT USAGE ON SCHEMA {schema} TO the user; "
            f"GRANT SELECT ON {schema}.{table} TO the user.",
        )


def _by_name(tables: Sequence[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return schema and name of tables by how they are known."""
    return {
        name if schema in _DEFAULT_SCHEMAS else f"{schema}.{name}": (schema, name)
        for schema, name in tables
    }


def known_name(said: str, known: Collection[str]) -> str:
    """Return how a table is known that may be named with its usual schema, or as SQL names it.

    Parameters
    ----------
    said
        As the person names it.
    known
        The tables that there are.

    Examples
    --------
    >>> known_name('"Sales Data"."Order"', ["Sales Data.Order"])
    'Sales Data.Order'
    >>> known_name("public.flights", ["flights"]), known_name("planes", ["flights"])
    ('flights', 'planes')
    """
    for name in (said, ".".join(name_parts(said))):
        schema, _, bare = name.partition(".")
        for each in (name, bare if schema in _DEFAULT_SCHEMAS else name):
            if each in known:
                return each
    return said


def pick_table(selection: Selection, known: Sequence[str], address: str) -> str:
    """Return the name of the table that is wanted.

    Parameters
    ----------
    selection
        May name a table.
    known
        The tables that there are.
    address
        Printed in messages.

    Raises
    ------
    SourceError
        When the table does not exist, or none is named and there is not exactly one.

    Examples
    --------
    >>> pick_table(Selection(), ["flights"], "a.db")
    'flights'
    >>> pick_table(Selection(), ["flights", "planes"], "a.db")
    Traceback (most recent call last):
    ...
    modelwright.errors.SourceError: a.db holds 2 tables: 'flights', 'planes'. Name one: ...
    """
    if selection.table is not None:
        if selection.table not in known:
            raise SourceError(
                f"{address} has no table {selection.table!r}.",
                nearest(selection.table, known) if known else "It holds no tables at all.",
            )
        return selection.table
    if not known:
        raise SourceError(f"{address} holds no tables.", "Name a source that holds data.")
    if len(known) > 1:
        found = f"{address} holds {len(known)} tables: {listed(known)}."
        raise SourceError(found, "Name one: --table NAME; of other tables ADDRESS#NAME.")
    return known[0]


def one_select(query: str, opaque: re.Pattern[str] = _OPAQUE) -> str:
    """Return a query without its closing semicolon, once it is sure to be one SELECT.

    That it also changes nothing is not checked here: every database is opened read-only.

    Parameters
    ----------
    query
        As the person wrote it.
    opaque
        Matches comments, as the group ``comment``, texts and quoted names; those of standard SQL
        where another dialect is not given.

    Raises
    ------
    SourceError
        When it is empty, more than one statement, or does not begin with SELECT or WITH.

    Examples
    --------
    >>> one_select("SELECT ';' AS a; -- done")
    "SELECT ';' AS a"
    >>> one_select("DROP TABLE flights")
    Traceback (most recent call last):
    ...
    modelwright.errors.SourceError: The query begins with 'DROP'. Begin it with SELECT or WITH.
    """
    bare = opaque.sub(lambda match: (" " if match["comment"] else "'") * len(match[0]), query)
    end = len(bare.rstrip("; \t\r\n"))
    if ";" in bare[:end]:
        raise SourceError("The query holds more than one statement.", "Keep one SELECT.")
    first = re.match(r"[\s(]*(\w*)", bare)
    word = first[1] if first else ""
    if word.upper() not in {"SELECT", "WITH"}:
        raise SourceError(f"The query begins with {word!r}.", "Begin it with SELECT or WITH.")
    return query[:end].strip()
