"""Where a ledger is: a SQLite file, or a schema of a PostgreSQL database."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

LedgerAddress: TypeAlias = Path | str
"""A file, or an address such as ``postgresql://user@host/database``."""

VARIABLE = "MODELWRIGHT_LEDGER"
"""The environment variable with the address, for servers and commands alike."""

SPOOLS_VARIABLE = "MODELWRIGHT_SPOOL"
"""The environment variable with the folder where answers wait for a database."""


def is_database(address: LedgerAddress) -> bool:
    """Say whether an address is one of a database server."""
    return isinstance(address, str) and "://" in address


def parse_address(text: str) -> LedgerAddress:
    """Return an address as a person writes it.

    Examples
    --------
    >>> parse_address("postgresql://me@host/shop"), parse_address("run/ledger.db").name
    ('postgresql://me@host/shop', 'ledger.db')
    """
    return text if is_database(text) else Path(text)


def ledger_of(workspace: Path, environment: Mapping[str, str] = os.environ) -> LedgerAddress:
    """Return where the ledger of a workspace is: where the environment says, else in its folder."""
    return parse_address(environment.get(VARIABLE) or str(workspace / "ledger.db"))


def standing_ledger(
    workspace: Path, environment: Mapping[str, str] = os.environ
) -> LedgerAddress | None:
    """Return where the ledger of a workspace is; None where there is no such file."""
    address = ledger_of(workspace, environment)
    return address if is_database(address) or Path(address).is_file() else None


def spool_folder(address: LedgerAddress, environment: Mapping[str, str] = os.environ) -> Path:
    """Return where the answers of this machine wait for a ledger: beside a file, else at home."""
    if not is_database(address):
        path = Path(address)
        return path.with_name(f"{path.name}.spool")
    named = environment.get(SPOOLS_VARIABLE)
    spools = Path(named) if named else Path("~/.cache/modelwright/spool").expanduser()
    return spools / hashlib.sha256(str(address).encode()).hexdigest()[:16]
