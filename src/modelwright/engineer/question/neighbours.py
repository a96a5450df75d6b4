"""Related tables that nobody named: a question of a database looks around in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from modelwright.data.relations.neighbours import Neighbour, find_neighbours, unreadable
from modelwright.data.sources.asking import asking
from modelwright.data.sources.catalogue import Catalogue, family_of, read_catalogue
from modelwright.data.sources.columns import listed
from modelwright.data.sources.databases import is_database
from modelwright.data.sources.selection import Selection, known_name
from modelwright.documents import Brief
from modelwright.engineer.archive import Report
from modelwright.engineer.question.address import address_from_brief, refuse_password
from modelwright.engineer.question.brief_file import BRIEF_FILE
from modelwright.errors import SourceError

_ROWS = ("data", "table", "query", "target")
_MOST_ROWS = 3_000_000
"""Related tables are held in memory."""


def look_around(
    asked: Mapping[str, Any], standing: Brief | None, folder: Path, *, report: Report
) -> dict[str, Any]:
    """Return what is asked, with the tables of the same database that belong to the question's.

    Nothing is added where related tables are named already, or the rows are no table of a database,
    or the same was asked before: what a person has taken out of the brief since stays out.

    Parameters
    ----------
    asked
        Keys and values as in `modelwright.toml`; the address as the brief keeps it.
    standing
        The brief that is there.
    folder
        The workspace, where a relative path begins.
    report
        Told what is found.

    Raises
    ------
    BriefError
        When the address holds a password.
    """
    keys = dict(asked)
    table = keys.get("table", "")
    if "related" in keys or not table or not _is_new(keys, standing):
        return keys
    said = keys.get("data", "" if standing is None else standing.data)
    refuse_password(said)
    address = address_from_brief(said, folder)
    if not is_database(address):
        return keys
    try:
        near = _neighbours(address, table, report)
        found = [each for each in near if _fits(address, each, report)]
        found = [each for each in found if not each.via or each.via in _names(found)]
    except SourceError as error:  # reading the rows will say so again, or needs less
        report("brief", f"related tables were not looked for: {error}")
        return keys
    if found:
        keys["related"] = {
            each.name: {
                "data": said,
                "table": each.table,
                **({"key": each.key} if each.key else {}),
                **({"via": each.via} if each.via else {}),
            }
            for each in found
        }
        report("brief", _in_words(found, table))
    return keys


def _is_new(asked: Mapping[str, Any], standing: Brief | None) -> bool:
    if standing is None:
        return True
    if standing.related:
        return False
    return any(asked.get(key, getattr(standing, key)) != getattr(standing, key) for key in _ROWS)


def _neighbours(address: str, table: str, report: Report) -> Sequence[Neighbour]:
    catalogue = read_catalogue(address)
    schema, _, bare = table.partition(".")
    own = address.partition("?")[0].rpartition("/")[2]
    # Only MySQL calls a database a schema.
    is_own = schema == own and family_of(address) in ("mysql", "mariadb")
    known = known_name(bare if is_own and bare in catalogue.columns else table, catalogue.columns)
    for other in unreadable(catalogue, known):
        # Others than PostgreSQL keep keys to tables that are gone, or never were.
        gone = "" if family_of(address) in ("postgresql", "postgres") else "it is not there, or "
        report("brief", f"{other!r} is left out: {gone}this user may not read it.")
    if known in catalogue.columns:
        return find_neighbours(catalogue, known)
    return _of_view(address, catalogue, table, report)


def _of_view(address: str, catalogue: Catalogue, view: str, report: Report) -> list[Neighbour]:
    """Return what a view leads to, except by columns that name each of its rows.

    These lead to the tables that it is made of, which know of the very rows that are asked about.
    """
    found: list[Neighbour] = []
    with asking(address, Selection(view)) as database:
        columns = tuple(database.of_rows("*", "LIMIT 0").columns)
        for each in find_neighbours(catalogue.with_table(view, columns), view):
            if each.via:  # its columns are those of another table
                found += [each] * (each.via in _names(found))
                continue
            keys = [database.quote(name) for name in each.columns]
            filled = " AND ".join(f"{key} IS NOT NULL" for key in keys)
            several = f"WHERE {filled} GROUP BY {', '.join(keys)} HAVING count(*) > 1 LIMIT 1"
            if database.of_rows("count(*) AS n", several).height:
                found.append(each)
            else:
                report(
                    "brief",
                    f"{each.table!r} is left out: {listed(each.columns)} names each row of "
                    f"{view!r}, which may be made of it. Name it: --related NAME=SOURCE.",
                )
    return found


def _fits(address: str, neighbour: Neighbour, report: Report) -> bool:
    # Counted only as far as it matters: all rows of a large table take a database minutes.
    with asking(address, Selection(neighbour.table)) as database:
        some = f"SELECT 1 AS one FROM ({database.statement}) AS found LIMIT {_MOST_ROWS + 1}"
        counted = database.ask(f"SELECT count(*) AS n FROM ({some}) AS some_rows")
    rows = int(counted["n"][0])
    if rows > _MOST_ROWS:
        report(
            "brief",
            f"{neighbour.table!r} is left out: it has more than the {_MOST_ROWS:,} rows that are "
            "read unasked. Name it: --related NAME=SOURCE.",
        )
    return 0 < rows <= _MOST_ROWS


def _names(found: Sequence[Neighbour]) -> set[str]:
    return {each.name for each in found}


def _in_words(found: list[Neighbour], table: str) -> str:
    told = ", ".join(
        f"{each.table} by {' and '.join(each.key or each.columns)}"
        f"{f' of {each.via}' if each.via else ''}"
        f"{'' if each.declared else ' (by name)'}"
        for each in found
    )
    return (
        f"tables that may tell more of the rows of {table!r}: {told}. {BRIEF_FILE} names them as "
        "related; `--related none` leaves them out"
    )
