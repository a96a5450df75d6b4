"""What this process holds of memory, has held, and can give back."""

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_GROWN_BYTES = 16 << 20
_alone = threading.Lock()


@dataclass
class _Last:
    """What this process held when memory was last given back."""

    held_bytes: int = 0


_last = _Last()


def peak_memory() -> int:
    """Return the most bytes of memory that this process has held; 0 where nobody can say.

    Examples
    --------
    >>> peak_memory() >= 0
    True
    """
    try:
        import resource
    except ImportError:  # not on Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def held_memory() -> int:
    """Return the bytes of memory that this process holds now, or has held where nobody can say.

    Examples
    --------
    >>> held_memory() >= 0
    True
    """
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return peak_memory()
    return int(pages.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def release_grown_memory() -> None:
    """Give back what was freed, where this process holds much more than after the last time.

    A fit leaves up to 60 MB behind, beside which the next one would take its own. To give it back
    costs a few milliseconds, which would be too many after each fit of a small table.

    Examples
    --------
    >>> release_grown_memory()
    """
    held = held_memory()
    _last.held_bytes = min(_last.held_bytes, held)
    if held - _last.held_bytes > _GROWN_BYTES:
        release_memory()


@contextmanager
def large_for_a_moment() -> Iterator[None]:
    """Do what takes much more memory than it leaves behind: one thread at a time.

    What it has freed is given back at the end. To put a matrix into bins libraries take three times
    the matrix, and two folds did so at once.

    Examples
    --------
    >>> with large_for_a_moment():
    ...     numbers = [0.0] * 1_000
    """
    with _alone:
        yield
    release_grown_memory()


def release_memory() -> None:
    """Give back what was freed and is kept for later; without effect where the system cannot.

    Threads leave freed memory behind in places of their own: after a race of learners on 60,000
    rows it was 80 MB, which a limit must not count.

    Examples
    --------
    >>> release_memory()
    """
    if sys.platform != "linux":
        return
    with suppress(AttributeError):  # another library of C than that of GNU
        ctypes.CDLL(None).malloc_trim(0)
    _last.held_bytes = held_memory()
