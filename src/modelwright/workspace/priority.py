"""How little of a busy machine a process asks for."""

import os
import sys
from contextlib import suppress
from pathlib import Path

_GROUP = Path("/proc/self/autogroup")


def give_way(nice: int) -> None:
    """Let others go first, as far as the host allows that to be said.

    Parameters
    ----------
    nice
        From 1 to 19, the lowest priority.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError):
        os.nice(nice)
    # Many Linux hosts weigh each session as a whole; this is one of its own.
    with suppress(OSError):
        _GROUP.write_text(str(nice))
