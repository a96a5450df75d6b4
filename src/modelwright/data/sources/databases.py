"""Which addresses are databases."""

import re
from pathlib import Path

SERVER = re.compile(r"(postgres(?:ql)?|mysql|mariadb)(?:\+[\w-]+)?:", re.IGNORECASE)
"""How the address of a database server begins."""

_FILE = re.compile(r"(?:duckdb|sqlite):/", re.IGNORECASE)
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
    """
    before, mark, table = address.rpartition("#")
    # What an @ follows is a part of a password.
    is_named = mark and "@" not in table and is_database(before)
    return (before, table) if is_named else (address, "")
