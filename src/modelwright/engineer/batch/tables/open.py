"""Which door an address means."""

import re
from pathlib import Path

from modelwright.data.sources.files import read_head, what_is
from modelwright.engineer.batch.tables.door import Door

_SCHEME = re.compile(r"(\w+)(?:\+[\w-]+)?:/")
_DATABASES = (".duckdb", ".db", ".sqlite", ".sqlite3")


def is_database(address: str) -> bool:
    """Whether answers to an address go into a table.

    Examples
    --------
    >>> is_database("postgresql://me@host/shop"), is_database("answers.parquet")
    (True, False)
    """
    return bool(_SCHEME.match(address)) or Path(address).suffix.lower() in _DATABASES


def open_door(address: str) -> Door:
    """Open a database to write; a file is made when it is missing.

    Parameters
    ----------
    address
        As for a source of this kind.

    Raises
    ------
    SourceError
        When it cannot be opened.
    """
    scheme = _SCHEME.match(address)
    name = scheme[1].lower() if scheme else ""
    if name.startswith("postgres"):
        from modelwright.engineer.batch.tables.postgresql import PostgresqlDoor

        return PostgresqlDoor(address)
    if name in ("mysql", "mariadb"):
        from modelwright.engineer.batch.tables.mysql import MysqlDoor

        return MysqlDoor(address)
    path = _path(address)
    if name == "duckdb" or path.suffix.lower() == ".duckdb" or _is_duckdb(path):
        from modelwright.engineer.batch.tables.duckdb import DuckdbDoor

        return DuckdbDoor(path)
    from modelwright.engineer.batch.tables.sqlite import SqliteDoor

    return SqliteDoor(path)


def _path(address: str) -> Path:
    """Return the path behind ``sqlite:///``: relative, absolute behind one slash more."""
    path = Path(re.sub(r"^\w+:///?", "", address)).expanduser()
    # An absolute path after three slashes is understood too, as it is in sources.
    return path if path.parent.is_dir() or path == Path(address) else Path("/", path)


def _is_duckdb(path: Path) -> bool:
    return (
        path.is_file()
        and path.stat().st_size > 0
        and what_is(read_head(path)) == "a DuckDB database"
    )
