"""Open files by their number, on every system: who owns one, and parts of it at some place."""

import os
import sys

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # a locked byte cannot be read there, so it lies beyond what is written

    def lock_handle(handle: int) -> None:
        """Own a file, as long as it is open.

        Raises
        ------
        OSError
            When another process owns it, or the disk knows no locks.
        """
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def unlock_handle(handle: int) -> None:
        """Own it no longer."""
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

    def write_at(handle: int, data: bytes, place: int) -> int:
        """Write at a place, and return how many bytes were.

        Raises
        ------
        OSError
            When the disk is full.
        """
        os.lseek(handle, place, os.SEEK_SET)
        return os.write(handle, data)

    def read_at(handle: int, size: int, place: int) -> bytes:
        """Read at a place."""
        os.lseek(handle, place, os.SEEK_SET)
        return os.read(handle, size)

    BINARY = os.O_BINARY
    """How to open a file whose bytes stay as they are."""

else:
    import fcntl

    def lock_handle(handle: int) -> None:
        """Own a file, as long as it is open.

        Raises
        ------
        OSError
            When another process owns it, or the disk knows no locks.
        """
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def unlock_handle(handle: int) -> None:
        """Own it no longer."""
        fcntl.flock(handle, fcntl.LOCK_UN)

    write_at, read_at, BINARY = os.pwrite, os.pread, 0
