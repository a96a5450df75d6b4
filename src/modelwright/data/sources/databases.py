"""Which addresses are databases."""

import re
from pathlib import Path

SERVER = re.compile(r"(postgres(?:ql)?|mysql|mariadb)(?:\+[\w-]+)?:", re.IGNORECASE)
"""How the address of a database server begins."""

_FILE = re.compile(r"(?:duckdb|sqlite):/", re.IGNORECASE)
_MAY_NAME = re.compile(r"[^@/&]*")
"""What an @ or a & follows is a part of a password, and a folder may be called `C#`."""
_PASSWORD_LAST = re.compile(r"[?&](?:ssl)?password=[^&]*$", re.IGNORECASE)
_SUFFIXES = (".duckdb", ".db", ".sqlite", ".sqlite3")


def is_database(address: str) -> bool:
    """Whether an address is that of a database, a file of one included.

    Examples
    --------
    >>> is_database("postgresql://me@host/shop"), is_database("rows.parquet")
    (True, False)
    """
    begins = SERVER.match(address) or _FILE.match(address)
    return bool(begins) or Path(address).suffix.lower() in _SUFFIXES


def split_table(address: str) -> tuple[str, str]:
    """Return the address of a database and the table that stands behind it, empty where none does.

    Examples
    --------
    >>> split_table("postgresql://me@host/shop#sales.orders"), split_table("shop.db")
    (('postgresql://me@host/shop', 'sales.orders'), ('shop.db', ''))
    >>> split_table("rows#1.csv"), split_table("mysql://me:a#b@host/shop")
    (('rows#1.csv', ''), ('mysql://me:a#b@host/shop', ''))
    >>> split_table("sqlite:////home/me/C#/shop.db")
    ('sqlite:////home/me/C#/shop.db', '')
    """
    before, mark, table = address.rpartition("#")
    is_named = mark and _MAY_NAME.fullmatch(table) and is_database(before)
    if not is_named or _PASSWORD_LAST.search(before) or _is_there(address):
        return address, ""
    return before, table


def _is_there(address: str) -> bool:
    """Whether an address is a file as a whole, after two or three slashes where it has a scheme."""
    path = re.sub(r"^\w+:/(?://?)?", "", address)
    places = (Path(path).expanduser(), Path("/", path)) if path != address else (Path(path),)
    return not SERVER.match(address) and any(place.exists() for place in places)
