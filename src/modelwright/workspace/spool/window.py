"""The end of a file as memory: what stands there is in the file, whatever becomes of the process.

To write a line there takes a tenth of the time of a call of the system. A disk that is full must
not show only then, because the system would kill the process: so the memory is always a part of the
file that has its place on the disk already, and only of file systems that write it in that place.
Where somebody else makes the file shorter, the kernel, which writes, hears of it (`torn.h`).
"""

import ctypes
import errno
import mmap
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from modelwright.workspace.handles import write_at

_STEP = 1 << 17
"""How much of a file is memory at a time."""
_RETRY_S = 1.0
"""How long the system is asked for each piece where there was no place for as much."""
_LARGEST = _STEP // 4
"""Longer pieces are not worth their zeros."""
_MOUNTS = Path("/proc/self/mountinfo")
_IN_PLACE = frozenset({"ext2", "ext3", "ext4", "tmpfs"})
"""File systems that write into the place that a file has; others take a new one for each change,
or, as xfs does, after somebody has made a copy that shares it."""
_POPULATE_WRITE = 23
"""What tells Linux to make memory ready to be written all at once (MADV_POPULATE_WRITE)."""


class Span(ctypes.Structure):
    """What is memory of a file, as the compiled kernel reads it.

    Attributes
    ----------
    memory
        Where it begins.
    begin, end
        Of it, in the file; the same where nothing is.
    size
        Of what was written in the file.
    """

    _fields_ = (
        ("memory", ctypes.c_void_p),
        ("begin", ctypes.c_int64),
        ("end", ctypes.c_int64),
        ("size", ctypes.c_int64),
    )


class FileWindow:
    """Memory of what follows behind that which stands in a file.

    Parameters
    ----------
    handle
        Of the file, open for reading and writing.

    Attributes
    ----------
    span
        What is memory just now; its size may be set to zero when all of the file has been.

    Examples
    --------
    >>> from tempfile import TemporaryFile
    >>> with TemporaryFile() as file:
    ...     window = FileWindow(file.fileno())
    ...     window.reach(3)
    ...     _ = ctypes.memmove(window.span.memory, b"one", 3)
    ...     window.close()
    ...     file.read(5)
    b'one\\x00\\x00'
    """

    def __init__(self, handle: int) -> None:
        self.span = Span()
        self._handle = handle
        self._memory: mmap.mmap | None = None
        self._refused_at, self._again = 0, 0.0

    def reach(self, room: int) -> None:
        """Go on to behind what was written, where so many bytes no longer fit.

        What lies behind it in the file are zeros, then and later.
        """
        span = self.span
        if span.begin <= span.size and span.size + room <= span.end:
            return
        self.close()
        if room <= _LARGEST and self._may_open() and not self._map():
            self._refused_at, self._again = span.size, time.monotonic() + _RETRY_S

    def close(self) -> None:
        """Let go of the memory; the file may change its length."""
        self.span.end = self.span.begin = 0
        if self._memory is not None:
            self._memory.close()
        self._memory = None

    def _may_open(self) -> bool:
        """Say whether it is worth a try: not soon after one that failed, unless rows went since."""
        return self.span.size < self._refused_at or time.monotonic() >= self._again

    def _map(self) -> bool:
        begin = self.span.size - self.span.size % mmap.ALLOCATIONGRANULARITY
        try:
            _take_place(self._handle, begin + _STEP)
            memory = mmap.mmap(self._handle, _STEP, offset=begin)
        except (OSError, ValueError):
            return False
        try:
            # Otherwise each page is made ready when it is first written, which takes longer.
            memory.madvise(_POPULATE_WRITE)
        except OSError as error:
            # Linux before 5.14 knows no such thing; all else would meet whoever writes there.
            if error.errno != errno.EINVAL:
                memory.close()
                return False
        self._memory = memory
        self.span.memory = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        self.span.begin, self.span.end = begin, begin + _STEP
        return True


def writes_in_place(handle: int) -> bool:
    """Whether a file may be written through memory: its place on the disk stays the same."""
    if sys.platform != "linux":
        return False
    device = os.fstat(handle).st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    with suppress(OSError):
        for line in _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
            about, _, system = line.partition(" - ")
            if about.split()[2:3] == [wanted]:
                return system.split(" ", 1)[0] in _IN_PLACE
    return False


def _take_place(handle: int, size: int) -> None:
    """Make a file so long with zeros that have their place on the disk, or leave it as it is."""
    former = os.fstat(handle).st_size
    zeros = bytes(max(0, size - former))
    try:
        written = 0
        while written < len(zeros):
            written += write_at(handle, zeros[written:], former + written)
    except OSError:
        os.ftruncate(handle, former)
        raise
