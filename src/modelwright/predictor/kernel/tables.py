"""Memory for tables of the kernel: in a server in large pages, where the system has them.

A row reads a little here and there of megabytes. A processor remembers where some pages lie; for
each other one it asks tables in memory, on a virtual machine several times over.
"""

import mmap
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

_CACHE_LINE = 64
_PAGE = 2 << 20
_Kind = TypeVar("_Kind", bound=np.generic)

_lock = Lock()
_rest: NDArray[np.uint8] | None = None
"""What is left of the last large page; None where tables lie wherever there is room."""


def keep_together() -> None:
    """Lay tables side by side in large pages from now on: for a process that keeps its models.

    Whoever makes many and drops most would keep whole pages for the few tables left in them.
    """
    global _rest
    with _lock:
        if _rest is None:
            _rest = np.empty(0, dtype=np.uint8)


def aligned(rows: int, dtype: np.dtype[Any]) -> NDArray[np.void]:
    """Return zeros that begin with a line of the cache.

    Examples
    --------
    >>> aligned(3, np.dtype([("a", np.int32)])).ctypes.data % 64
    0
    """
    return _room(rows * dtype.itemsize).view(dtype)


def placed(table: NDArray[_Kind]) -> NDArray[_Kind]:
    """Return a copy beside the other tables.

    Examples
    --------
    >>> placed(np.array([[1.0, 2.0]]))
    array([[1., 2.]])
    """
    copy = _room(table.nbytes).view(table.dtype).reshape(table.shape)
    copy[...] = table
    return copy


def _room(size: int) -> NDArray[np.uint8]:
    global _rest
    with _lock:
        if _rest is None:
            return _from(np.zeros(size + _CACHE_LINE, dtype=np.uint8), _CACHE_LINE)[:size]
        if size > len(_rest):
            _rest = _pages(size)
        room, _rest = _rest[:size], _rest[-(-size // _CACHE_LINE) * _CACHE_LINE :]
    return room


def _pages(size: int) -> NDArray[np.uint8]:
    """Return zeros in whole large pages; they are given back when no table is left in them."""
    wanted = -(-max(size, 1) // _PAGE) * _PAGE
    if not hasattr(mmap, "MADV_HUGEPAGE"):
        memory: Any = bytearray(wanted + _PAGE)
    else:
        private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        memory = mmap.mmap(-1, wanted + _PAGE, flags=private)
        with suppress(OSError):
            memory.madvise(mmap.MADV_HUGEPAGE)
    return _from(np.frombuffer(memory, dtype=np.uint8), _PAGE)[:wanted]


def _from(memory: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Return memory from the first address on that is a multiple of a step."""
    return memory[-memory.ctypes.data % step :]
