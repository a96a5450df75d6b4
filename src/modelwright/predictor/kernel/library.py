"""The compiled library, where there is one."""

import ctypes
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

SWITCH = "MODELWRIGHT_KERNEL"
"""Environment variable; ``off`` lets NumPy do the work."""

FEW_ROWS = 32
"""Up to here a call keeps the interpreter's lock: it is over sooner than the lock could be had back
from a busy thread."""

_FILE = Path(__file__).with_name("modelwright_kernel.so")
_VERSION = 2
"""Of the functions' arguments, as `kernel.c` states it; an older library is left alone."""


@dataclass(frozen=True)
class Library:
    """The compiled functions, with and without the interpreter's lock."""

    locked: ctypes.PyDLL
    unlocked: ctypes.CDLL

    @property
    def multiplies(self) -> bool:
        """Whether the library reads linear forms as they lie now; an older one does not."""
        return hasattr(self.locked, "modelwright_multiply")

    def follows(self, kind: int) -> bool:
        """Say whether the library follows instructions of a kind; an older one does not know it."""
        counted = getattr(self.locked, "modelwright_kinds", None)
        return counted is not None and counted() > kind

    @property
    def walks_codes(self) -> bool:
        """Whether the library walks trees of counts of thresholds; an older one does not."""
        return hasattr(self.locked, "modelwright_walk_codes")

    @property
    def bends(self) -> bool:
        """Whether the library bends the sums of units; an older one does not."""
        return hasattr(self.locked, "modelwright_silu")

    @property
    def shares(self) -> bool:
        """Whether the library shares leaves out among columns; an older one does not."""
        return hasattr(self.locked, "modelwright_share")

    @property
    def cuts(self) -> bool:
        """Whether the library reads cells of comma-separated values; an older one does not."""
        return hasattr(self.locked, "modelwright_cut")

    @property
    def reads(self) -> bool:
        """Whether the library reads rows in JSON; an older one does not."""
        return hasattr(self.locked, "modelwright_read")

    @property
    def answers(self) -> bool:
        """Whether the library reads and answers a row in one call; an older one does not."""
        return hasattr(self.locked, "modelwright_answer")

    @property
    def logs(self) -> bool:
        """Whether the library writes lines of the spool; an older one does not."""
        return hasattr(self.locked, "modelwright_mind_cuts")

    def scans(self, rows: int) -> bool:
        """Say whether the library scans so many rows at once; an older one does not."""
        counted = getattr(self.locked, "modelwright_scan_rows", None)
        return counted is not None and counted() == rows

    def for_rows(self, rows: int) -> ctypes.CDLL:
        """Return the functions to call for so many rows."""
        return self.locked if rows <= FEW_ROWS else self.unlocked


def kernel_available() -> bool:
    """Say whether the compiled kernel answers; otherwise NumPy does, to the same bits.

    Examples
    --------
    >>> kernel_available() in (True, False)
    True
    """
    return library() is not None


@cache
def library() -> Library | None:
    """Return the library that was built beside this file; None where there is none.

    The environment is read once, at the first call.
    """
    return None if os.environ.get(SWITCH) == "off" else open_library(_FILE)


def open_library(file: Path) -> Library | None:
    """Open a library; None where it is not there, or not for this machine or this version.

    Parameters
    ----------
    file
        The library; it is code and runs.
    """
    if not file.exists():
        return None
    try:
        opened = Library(ctypes.PyDLL(str(file)), ctypes.CDLL(str(file)))
    except OSError:
        # Built for another processor or C library, as in a folder that two systems share.
        return None
    if opened.locked.modelwright_kernel_version() != _VERSION:
        return None
    for functions in (opened.locked, opened.unlocked):
        _declare(functions)
    return opened


def address_of(array: NDArray[Any]) -> Any:
    """Return where a contiguous array begins, as the functions take it.

    NumPy's own `ctypes.data` takes longer than a small call of the kernel.
    """
    if array.size and array.flags.writeable:
        buffer: Any = array
        return ctypes.byref(ctypes.c_byte.from_buffer(buffer))
    return array.ctypes.data


def _declare(functions: ctypes.CDLL) -> None:
    address, count = ctypes.c_void_p, ctypes.c_int64
    functions.modelwright_trees.argtypes = (address, address, count, count, address)
    functions.modelwright_trees.restype = ctypes.c_int32
    if hasattr(functions, "modelwright_scan"):
        functions.modelwright_scan.argtypes = (address, address, count, count, address)
        functions.modelwright_scan.restype = ctypes.c_int32
        functions.modelwright_scan_rows.restype = count
    if hasattr(functions, "modelwright_multiply"):
        functions.modelwright_multiply.argtypes = (address, address, count, address)
        functions.modelwright_multiply.restype = None
    if hasattr(functions, "modelwright_walk_codes"):
        functions.modelwright_walk_codes.argtypes = (address, address, count, count, address)
        functions.modelwright_walk_codes.restype = None
    if hasattr(functions, "modelwright_silu"):
        functions.modelwright_below_zero.argtypes = (address, ctypes.c_double, address, count)
        functions.modelwright_below_zero.restype = None
        for bend in (functions.modelwright_silu, functions.modelwright_tanh):
            bend.argtypes = (address, address, address, count)
            bend.restype = None
    if hasattr(functions, "modelwright_cut"):
        text = ctypes.c_char_p
        functions.modelwright_cut.argtypes = (
            text, count, ctypes.c_char, count, count, count, count, address, address, address,
        )  # fmt: skip
        functions.modelwright_cut.restype = None
        functions.modelwright_numbers.argtypes = (text, address, address, count, address, address)
        functions.modelwright_numbers.restype = count
        functions.modelwright_groups.argtypes = (
            text, address, address, count, address, count, address, address,
        )  # fmt: skip
        functions.modelwright_groups.restype = count
    if hasattr(functions, "modelwright_share"):
        functions.modelwright_share.argtypes = (address, address, count, count, address)
        functions.modelwright_share.restype = ctypes.c_int32
    if hasattr(functions, "modelwright_follow"):
        functions.modelwright_follow.argtypes = (address, count, address, count, count)
        functions.modelwright_follow.restype = ctypes.c_int32
    _declare_serving(functions)


def _declare_serving(functions: ctypes.CDLL) -> None:
    address, text, count = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64
    if hasattr(functions, "modelwright_read"):
        functions.modelwright_read.argtypes = (address, text, count, address)
        functions.modelwright_read.restype = ctypes.c_int32
        functions.modelwright_index.argtypes = (address, count, address, count)
        functions.modelwright_index.restype = ctypes.c_int32
    if hasattr(functions, "modelwright_answer"):
        functions.modelwright_answer.argtypes = (
            address, text, count, address, count, address, count,
        )  # fmt: skip
        functions.modelwright_answer.restype = ctypes.c_int32
    if hasattr(functions, "modelwright_mind_cuts"):
        functions.modelwright_mind_cuts.argtypes = ()
        functions.modelwright_mind_cuts.restype = None
        functions.modelwright_log.argtypes = (address, text, text, text, count, count)
        functions.modelwright_log.restype = ctypes.c_int32
