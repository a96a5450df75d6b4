"""Tables of the same database whose rows belong to those of the question.

Declared keys say it best: those of the question's table, those that lead to it, and those of other
tables that lead to the same parent (the visits of an order's customer). A table that no foreign key
joins is named by its primary key, where the question's table has columns of the same names, or the
other way round, or by a column that both tables call the same but for case and signs and that reads
like a key, or that one calls the id of the other. From each of these the same leads one step
further, to tables that are not among them (the region of the customer). All of it is only
where to look: `find` verifies each relation by its values, and what does not pay is left.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from modelwright.data.relations.names import same_name
from modelwright.data.sources.catalogue import Catalogue, ForeignKey

MOST_TABLES = 12
_KEY = re.compile(r".*\w[ _.-]?(id|key|code|no|nr|number|nummer|uuid|sku)$", re.IGNORECASE)

_SAY_NOTHING = ("id", "key", "code", "no", "nr", "name", "number")
"""What a column of any table may be called."""


@dataclass(frozen=True)
class Neighbour:
    """A table that may belong to the question's.

    Parameters
    ----------
    name
        What it is called among related tables: each way to a table has its own.
    table
        As the database knows it.
    columns, keys
        The question's columns, and the table's own, in the same order. Where no key is declared and
        several are called the same, `find` says whether each leads there or only all together.
    declared
        Whether the database declares the key: as a foreign one, or as the table's primary one.
    via
        The neighbour whose columns these are, where the table is two steps away; else empty.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    declared: bool
    via: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The key as the brief says it; empty where it is to be found."""
        if not self.declared and len(self.columns) > 1:
            return ()
        pairs = zip(self.columns, self.keys, strict=True)
        return tuple(one if one == other else f"{one} = {other}" for one, other in pairs)


def find_neighbours(catalogue: Catalogue, table: str) -> tuple[Neighbour, ...]:
    """Return the tables that a question's table leads to, or that lead to it, the nearest first.

    Of tables two steps away only those are told that no shorter way leads to.

    Parameters
    ----------
    catalogue
        Of the database.
    table
        The question's.

    Examples
    --------
    >>> shop = Catalogue(
    ...     {"orders": ("id", "customer_id", "sku"), "people": ("id",), "stock": ("sku", "left")},
    ...     (ForeignKey("orders", ("customer_id",), "people", ("id",)),),
    ... )
    >>> [(each.name, each.key) for each in find_neighbours(shop, "orders")]
    [('people', ('customer_id = id',)), ('stock', ('sku',))]
    """
    near = _named(_links(catalogue, table), [])
    known = {table, *(each.table for each in near)}
    found = list(near)
    for between in near:
        onward = [
            each
            for each in _links(catalogue, between.table, siblings=False)
            if each.table not in known
        ]
        found += _named(onward, [each.name for each in found], via=between.name)
    return tuple(found[:MOST_TABLES])


def unreadable(catalogue: Catalogue, table: str) -> tuple[str, ...]:
    """Return the tables that declared keys lead to, and that are not there or may not be read."""
    met = dict.fromkeys(other for other, _, _ in _declared(catalogue.keys, table))
    return tuple(other for other in met if other not in catalogue.columns)


_Link = tuple[str, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class _Way:
    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    declared: bool


def _links(catalogue: Catalogue, table: str, *, siblings: bool = True) -> list[_Way]:
    """Return what leads from one table to others, declared keys first."""
    declared = list(dict.fromkeys(_declared(catalogue.keys, table, siblings=siblings)))
    declared += _by_primary_key(catalogue, table, {other for other, _, _ in declared} | {table})
    known = {other for other, _, _ in declared} | {table}
    by_name: list[_Link] = [
        (other, tuple(ours for ours, _ in shared), tuple(theirs for _, theirs in shared))
        for other in catalogue.columns
        if other not in known
        if (shared := tuple(_shared(catalogue, table, other)))
    ]
    return [
        _Way(*each, declared=each in declared)
        for each in (*declared, *by_name)
        if each[0] in catalogue.columns and _can_be_said(*each[1], *each[2])
    ]


def _named(ways: Sequence[_Way], taken: Sequence[str], *, via: str = "") -> list[Neighbour]:
    """Return ways as neighbours, each with a name of its own."""
    tables, names = [each.table for each in ways], list(taken)
    found = []
    for way in ways:
        name = _called(way.table, way.columns, several=tables.count(way.table) > 1)
        if name in names:
            name = f"{name}_via_{via}" if via else _plain(way.table)
        if name in names:
            name = f"{name}_{len(names)}"
        names.append(name)
        found.append(Neighbour(name, way.table, way.columns, way.keys, way.declared, via))
    return found


def _declared(keys: Sequence[ForeignKey], table: str, *, siblings: bool = True) -> Iterator[_Link]:
    own = [key for key in keys if key.table == table and key.parent != table]
    for key in own:
        yield key.parent, key.columns, key.keys
    for key in keys:
        if key.parent == table and key.table != table:
            yield key.table, key.keys, key.columns
    for ours in own if siblings else ():
        for theirs in keys:
            beside = theirs.parent == ours.parent and theirs.keys == ours.keys
            if beside and theirs.table not in (table, ours.parent):
                yield theirs.table, ours.columns, theirs.columns


def _by_primary_key(catalogue: Catalogue, table: str, known: set[str]) -> list[_Link]:
    """Return the tables with the primary key of the question's, or with theirs among its columns.

    A bare id says nothing.
    """
    ours, own = set(catalogue.columns.get(table, ())), catalogue.primary.get(table, ())
    up = [
        (other, key) for other, key in catalogue.primary.items() if set(key) <= ours and key != own
    ]
    down = [
        (other, own)
        for other, theirs in catalogue.columns.items()
        if own and {*own} <= {*theirs} and catalogue.primary.get(other) != own
    ]
    return [
        (other, key, key)
        for other, key in dict((*down, *up)).items()
        if other not in known
        if len(key) > 1 or key[0].lower() not in _SAY_NOTHING
    ]


def _shared(catalogue: Catalogue, table: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield the columns that both tables have and that read like keys; a bare "id" says nothing.

    `CustomerID` may be `customer_id` in the other, or the `id` of the table `customers`.
    """
    own_name, its_name = table.rpartition(".")[2], other.rpartition(".")[2]
    theirs = [column for column in catalogue.columns[other] if _can_be_said(column)]
    for column in catalogue.columns.get(table, ()):
        same = (
            their
            for their in sorted(theirs, key=lambda their: their != column)
            if _reads_like_key(column) or _reads_like_key(their)
            if same_name(column, their, its_name) or same_name(their, column, own_name)
        )
        yield from ((column, their) for their in islice(same, 1))


def _reads_like_key(column: str) -> bool:
    return bool(_KEY.match(column)) or column.lower() in ("sku", "uuid")


def _can_be_said(*columns: str) -> bool:
    """Return whether the brief can name these columns, in which an equals sign means a pair."""
    return all("=" not in column and column == column.strip() != "" for column in columns)


def _called(table: str, columns: Sequence[str], *, several: bool) -> str:
    """Return a name for a relation without signs that names of features cannot hold."""
    plain = _plain(table.rpartition(".")[2])
    return f"{plain}_by_{_plain(columns[0])}" if several else plain


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_") or "table"
