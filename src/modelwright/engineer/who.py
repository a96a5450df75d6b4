"""Who asks: a name for the audit trail."""

import getpass
import os
import platform


def whoever_asks() -> str:
    """Return the person at work and the machine, as well as the system knows them."""
    try:
        person = getpass.getuser()
    except (KeyError, OSError):
        # In a container the number of the user often has no name.
        person = f"user {os.getuid()}"
    return f"{person}@{platform.node() or 'this machine'}"
