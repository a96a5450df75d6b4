"""Who asks: a name for the audit trail."""

import getpass
import os
import platform
import sys


def whoever_asks() -> str:
    """Return the person at work and the machine, as well as the system knows them."""
    try:
        person = getpass.getuser()
    except (KeyError, OSError):
        # In a container the number of the user often has no name.
        person = "somebody" if sys.platform == "win32" else f"user {os.getuid()}"
    return f"{person}@{platform.node() or 'this machine'}"
