"""How little of a busy machine a process asks for."""

import os
import sys
from contextlib import suppress
from pathlib import Path

_LOWEST = 19
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


def give_way_to_all() -> None:
    """Let everybody else go first: work while the processor has nothing else to do.

    At the lowest priority alone a process that is at work stays so for a millisecond or more when
    another wakes up; of this policy, which Linux has, nobody waits for the end of its turn.
    """
    give_way(_LOWEST)
    if hasattr(os, "SCHED_IDLE"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
