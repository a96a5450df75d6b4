"""Lines of the spool that the compiled kernel writes, as `lines.h` says."""

import ctypes
from collections.abc import Callable
from functools import partial

from modelwright.predictor.kernel.library import Library

NOT_WRITTEN, WRITTEN, NEWS = 0, 1, 2
"""What becomes of a line: Python shall write it, it is there, and it is the first since somebody
was told that there are some."""


class _Form(ctypes.Structure):
    _fields_ = (
        ("place", ctypes.c_void_p),
        ("version", ctypes.c_char_p),
        ("rest", ctypes.c_char_p),
        ("version_size", ctypes.c_int64),
        ("rest_size", ctypes.c_int64),
    )


class KernelLines:
    """Writes lines that have much in common, without the interpreter.

    Parameters
    ----------
    place
        Where to, as `Spool.place` has it.
    version
        What stands in each of them behind the time.
    rest
        What stands in each of them behind how long the answer took.
    library
        The compiled kernel, which must log.

    Attributes
    ----------
    write
        Writes a line: its id, row and answer, without a NUL; when it was answered, in microseconds;
        how long that took, in nanoseconds. Returns what became of it.
    """

    write: Callable[..., int]

    def __init__(
        self, place: ctypes.Structure, *, version: bytes, rest: bytes, library: Library
    ) -> None:
        form = _Form(ctypes.addressof(place), version, rest, len(version), len(rest))
        # Kept, because the kernel only has their addresses.
        self._kept = place, form, version, rest
        library.locked.modelwright_mind_cuts()
        self.write = partial(library.locked.modelwright_log, ctypes.addressof(form))
