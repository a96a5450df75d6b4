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
