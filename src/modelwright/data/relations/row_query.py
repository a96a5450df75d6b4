"""The query for the features of a few rows whose keys and moments are its parameters.

The rows are a relation of their own in the query, and no value of theirs is ever a part of its
text. This module needs no data-frame library, because the server asks with it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from modelwright.data.records import MISSING_DATETIME, value_reader
from modelwright.data.relations.dialect import dialect_named
from modelwright.data.relations.evaluate import Record, fields_of
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.home import Home
from modelwright.data.relations.moment_sql import as_moments
from modelwright.data.schema import Column
from modelwright.data.sources.quoting import name_parts
from modelwright.data.values.cells import text_of_number
from modelwright.errors import SchemaError

MOST_ROWS = 200
"""Of one query: each row has parameters of its own, of which databases take some thousands."""

_ROWS = "asked_rows"
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - databases compare moments of UTC without a zone
_MARK = "\0"
_TYPES = {"postgresql": {"Int": "bigint", "UInt": "numeric", "Float": "double precision"}}
_MOMENTS = {
    "postgresql": "CAST({} AS timestamp)",
    "mysql": "CAST({} AS DATETIME(6))",
    "duckdb": "CAST({} AS TIMESTAMP)",
}
_ZONED = "CAST({} AS timestamptz)"


class RowQuery:
    """Asks a database for the features of rows.

    Parameters
    ----------
    features
        What to ask for.
    home
        The kind of database, and what the related tables are called there.
    mark
        How its driver writes a parameter: ``?`` or ``%s``.

    Examples
    --------
    >>> query = RowQuery(FeatureSet(), Home("", "sqlite"))
    >>> print(query.statement(1))
    WITH "asked_rows" AS (
    SELECT * FROM (SELECT -1 AS "asked_row") AS head WHERE 1 = 0
    UNION ALL SELECT 0
    )
    SELECT m.*
    FROM "asked_rows" AS m
    """

    def __init__(self, features: FeatureSet, home: Home, *, mark: str = "?") -> None:
        self._features = features
        self._sent = _sent(features)
        self._home = home
        self._mark = mark
        self._columns = {each.name: each for one in features.relations for each in one.asked}
        self._readers = {name: value_reader(each) for name, each in self._columns.items()}
        # The order in which `features_query` has them.
        self._made = [each for one in features.relations for each in features.of(one)]
        self.statement = lru_cache(MOST_ROWS)(self._statement)

    @property
    def names(self) -> frozenset[str]:
        """Names of the features."""
        return frozenset(self._features.names)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of a row that say which related rows are its own, and the moment."""
        return tuple(self._columns.values())

    @property
    def asks(self) -> frozenset[str]:
        """Names of `columns`."""
        return frozenset(self._columns)

    def values(self, rows: Sequence[Record]) -> list[tuple[Any, ...]]:
        """Return the parameters of each row.

        Raises
        ------
        SchemaError
            When a row has no key or no moment, or one that cannot be read.
        """
        read = fields_of(rows, list(self._columns), "A row")
        return [
            tuple(self._value(self._columns[name], value) for name, value in row.items())
            for row in read
        ]

    def made(self, answers: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """Return the features of each row, by name, from what the database answered."""
        made: list[dict[str, Any]] = [{} for _ in answers]
        first = 1 + len(self._columns)
        for answer in answers:
            made[int(answer[0])] = {
                feature.name: _plain(value, text=feature.text)
                for feature, value in zip(self._made, answer[first:], strict=True)
            }
        return made

    def _statement(self, rows: int) -> str:
        """Return the query for so many rows; each has one parameter for each of `columns`."""
        row = ", ".join(("{}", *(self._marked(each) for each in self._columns.values())))
        asked = "\nUNION ALL ".join(
            (self._head(), *(f"SELECT {row}".replace("{}", str(at), 1) for at in range(rows)))
        )
        home = Home(
            _ROWS,
            self._home.database,
            self._home.tables,
            {**self._home.queries, _ROWS: asked},
        )
        text = home.query(self._sent)
        if self._mark == "%s":
            text = text.replace("%", "%%")
        return text.replace(_MARK, self._mark)

    def _head(self) -> str:
        """Name the columns and give each key the type that the related table has for it.

        Without it a key that is sent as text would be none of a column of numbers, of UUIDs or of
        another collation.
        """
        quote = dialect_named(self._home.dialect).quote
        named = [f"-1 AS {quote('asked_row')}"]
        for name, column in self._columns.items():
            table, key = self._typed.get(name, ("", ""))
            typed = (
                f"(SELECT {quote(key)} FROM {table} LIMIT 0)"
                if key
                else self._marked(column).replace(_MARK, "NULL")
            )
            named.append(f"{typed} AS {quote(name)}")
        return f"SELECT * FROM (SELECT {', '.join(named)}) AS head WHERE 1 = 0"

    @property
    def _typed(self) -> Mapping[str, tuple[str, str]]:
        """By column, the related table and the key there whose type it takes."""
        quote, typed = dialect_named(self._home.dialect).quote, {}
        for relation in self._features.relations:
            entry, keys = relation.entry
            if entry in self._home.queries:
                continue  # one more reading of it might be a whole one
            table = self._home.tables.get(entry, entry)
            for name, key in zip(relation.columns, keys, strict=True):
                theirs = relation.reads[entry][key]
                kinds = (relation.asked[name].source_type, theirs.source_type)
                if "String" not in kinds or kinds[0] == kinds[1]:
                    typed[name] = (".".join(map(quote, name_parts(table))), key)
        return typed

    def _marked(self, column: Column) -> str:
        """Return a column's parameter as the rows of the query have it."""
        kind = self._home.dialect
        if column.value_type == "datetime":
            zone = kind == "postgresql" and column.has_zone  # as the column of a table is asked
            return (_ZONED if zone else _MOMENTS.get(kind, "{}")).format(_MARK)
        if column.name in self._typed:
            return _MARK
        types = _TYPES.get(kind, {})
        found = next((types[each] for each in types if column.source_type.startswith(each)), "")
        if found:
            return f"CAST({_MARK} AS {found})"
        return _MARK if _is_number(column) else dialect_named(kind).text(_MARK)

    def _value(self, column: Column, value: object) -> Any:
        read = self._readers[column.name](value)
        if column.value_type == "datetime":
            return None if read == MISSING_DATETIME else self._moment(column, int(read))
        if read is None or not _is_number(column):
            return read
        if self._home.dialect == "postgresql":
            return str(read)  # it takes a text of no type as one of the column's
        return _number(column, str(read))

    def _moment(self, column: Column, at_us: int) -> Any:
        try:
            moment = _EPOCH + timedelta(microseconds=at_us)
        except OverflowError as error:
            raise SchemaError(
                f"The moment {column.name!r} is in no year from 1 to 9999.", "Send another."
            ) from error
        if self._home.dialect in ("sqlite", "mysql"):
            return moment.isoformat(" ", "microseconds")
        return moment


def _sent(features: FeatureSet) -> FeatureSet:
    """Return features of rows whose moments are bound as moments, however a table has them."""
    relations = (
        msgspec.structs.replace(each, asked=as_moments(each.asked)) for each in features.relations
    )
    return msgspec.structs.replace(features, relations=tuple(relations))


def _is_number(column: Column) -> bool:
    return column.source_type.startswith(("Int", "UInt", "Float", "Decimal"))


def _number(column: Column, text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError as error:
        raise SchemaError(
            f"The key {column.name!r} is {text!r:.40}.", "Send a number, as its table has."
        ) from error


def _plain(value: Any, *, text: bool) -> Any:
    """Return a value of a database as a row has it.

    Examples
    --------
    >>> from decimal import Decimal
    >>> _plain(Decimal("1.5"), text=False), _plain(7.0, text=True), _plain(None, text=True)
    (1.5, '7', None)
    """
    if value is None:
        return None
    if text:
        return text_of_number(value) if isinstance(value, int | float) else str(value)
    return float(value)
