"""The one door to every source, and the registries of suffixes and schemes."""

import os
import re
from pathlib import Path

from modelwright import _plugins
from modelwright.data.sources.base import Opener, Reading, Source
from modelwright.data.sources.databases import SERVER
from modelwright.data.sources.files import (
    WORKBOOKS,
    access,
    find,
    find_file,
    read_head,
    what_is,
    whole_file,
)
from modelwright.data.sources.lines import read_lines
from modelwright.data.sources.mysql import open_mysql
from modelwright.data.sources.objects import read_objects
from modelwright.data.sources.parquet import SUFFIXES as PARQUET_SUFFIXES
from modelwright.data.sources.parquet import open_parquet
from modelwright.data.sources.selection import Selection
from modelwright.errors import SourceError, nearest


def open_source(
    address: object,
    *,
    table: str | None = None,
    query: str | None = None,
    sample: int | None = None,
) -> Source:
    """Open a table, wherever it is.

    Parameters
    ----------
    address
        A path (a folder or a pattern for Parquet), a database address such as
        ``postgresql://user@host/database``, ``mysql://user@host/database``, ``duckdb:///path`` or
        ``sqlite:///path``, or a table in memory: a data frame, an Arrow table, a two-dimensional
        array.
    table
        Which table of a database or sheet of a workbook; None where there is only one.
    query
        One SELECT on a database instead of a table.
    sample
        About how many rows of a database at most, drawn at random; None for all.

    Returns
    -------
    Source
        Not read yet.

    Raises
    ------
    SourceError
        When there is no such file, nothing reads such an address, or a table is selected from a
        source that has no tables. What is wrong inside shows when it is read.

    Examples
    --------
    >>> import polars as pl
    >>> open_source(pl.DataFrame({"age": [30, 40]})).read().height
    2
    >>> open_source("flights.cvs")
    Traceback (most recent call last):
    ...
    modelwright.errors.SourceError: There is no file flights.cvs. ...
    """
    selection = Selection(table, query, sample)
    if isinstance(address, str | os.PathLike):
        text = os.fspath(address)
        return _opener(text)(text, selection)
    from modelwright.data.sources.frames import open_frame

    return open_frame(address, selection)


def shown_address(address: str) -> str:
    """Return an address as people are shown it: that of a database server without its password.

    Examples
    --------
    >>> shown_address("postgresql://me:secret@host/shop"), shown_address("rows.csv")
    ('postgresql://me@host/shop', 'rows.csv')
    """
    return open_source(address).address if SERVER.match(address) else address


# What reads these imports a library each, which costs more than to check a million rows.


def _read_delimited(path: Path) -> Reading:
    from modelwright.data.sources.delimited import read_delimited

    return read_delimited(path)


def _read_arrow(path: Path) -> Reading:
    from modelwright.data.sources.arrow import read_arrow

    return read_arrow(path)


def _open_excel(address: str, selection: Selection) -> Source:
    from modelwright.data.sources.excel import open_excel

    return open_excel(address, selection)


def _open_duckdb(address: str, selection: Selection) -> Source:
    from modelwright.data.sources.duckdb import open_duckdb

    return open_duckdb(address, selection)


def _open_sqlite(address: str, selection: Selection) -> Source:
    from modelwright.data.sources.sqlite import open_sqlite

    return open_sqlite(address, selection)


def _open_postgresql(address: str, selection: Selection) -> Source:
    from modelwright.data.sources.postgresql import open_postgresql

    return open_postgresql(address, selection)


def _open_database(address: str, selection: Selection) -> Source:
    """Open a file whose suffix says only that it is a database."""
    path = find_file(address)
    found = what_is(read_head(path))
    if found == "a DuckDB database":
        return _open_duckdb(address, selection)
    if found == "a SQLite database":
        return _open_sqlite(address, selection)
    looks = f"; it looks like {found}" if found else ""
    raise SourceError(
        f"{path} is neither a DuckDB nor a SQLite database{looks}.", "Name the right file."
    )


FILES: dict[str, Opener] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), whole_file(_read_delimited)),
    **dict.fromkeys((".jsonl", ".ndjson"), whole_file(read_lines)),
    ".json": whole_file(read_objects),
    **dict.fromkeys((".arrow", ".arrows", ".ipc", ".feather"), whole_file(_read_arrow)),
    **dict.fromkeys(WORKBOOKS, _open_excel),
    **dict.fromkeys((".duckdb", ".db", ".sqlite", ".sqlite3"), _open_database),
    **dict.fromkeys(PARQUET_SUFFIXES, open_parquet),
}
"""Openers by suffix, in small letters; ``.gz`` and ``.zip`` behind one count for nothing."""

SCHEMES: dict[str, Opener] = {
    "postgresql": _open_postgresql,
    "postgres": _open_postgresql,
    "mysql": open_mysql,
    "mariadb": open_mysql,
    "duckdb": _open_duckdb,
    "sqlite": _open_sqlite,
}
"""Openers by what stands before ``://``, up to a plus sign."""

_SCHEME = re.compile(r"([A-Za-z][\w-]+)(?:\+[\w-]+)?:(?:/|.*@)", re.DOTALL)
"""How an address begins; one without its slashes may hold a password, and is no path either."""


def _opener(address: str) -> Opener:
    """Return what opens an address; a registered name with a dot is a suffix, else a scheme."""
    if not address:
        raise SourceError("The address of the data is empty.", "Name a file or a database.")
    plugins: dict[str, Opener] = _plugins.registered("sources")
    if scheme := _SCHEME.match(address):
        return _of_scheme(scheme[1].lower(), {**SCHEMES, **plugins})
    return _of_file(address, {**FILES, **plugins})


def _of_scheme(scheme: str, known: dict[str, Opener]) -> Opener:
    if scheme not in known:
        remedy = nearest(scheme, [name for name in known if not name.startswith(".")])
        raise SourceError(f"Nothing reads addresses that begin with {scheme}://.", remedy)
    return known[scheme]


def _of_file(address: str, known: dict[str, Opener]) -> Opener:
    path = Path(address).expanduser()
    with access(path):
        if path.is_dir() or (set("*?[") & set(address) and not path.exists()):
            return open_parquet
    suffixes = [suffix.lower() for suffix in path.suffixes] or [""]
    packed = suffixes[-1] in {".gz", ".zip"}
    suffix = suffixes[-2] if packed and len(suffixes) > 1 else suffixes[-1]
    if suffix in known:
        return known[suffix]
    if packed:
        return FILES[".csv"]
    find(address)
    found = f"in {suffix!r}" if suffix else "without a suffix"
    remedy = nearest(suffix, [name for name in known if name.startswith(".")])
    raise SourceError(f"Nothing reads {address}: it ends {found}.", remedy)
