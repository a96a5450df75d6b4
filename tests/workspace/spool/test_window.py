import ctypes
import errno
import mmap
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwright.workspace.spool import window as file_window
from modelwright.workspace.spool.window import FileWindow, writes_in_place


@pytest.fixture
def handle(tmp_path: Path) -> Iterator[int]:
    opened = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    yield opened
    os.close(opened)


def _written(window: FileWindow, data: bytes) -> bool:
    """Write as the kernel does, where there is memory for it."""
    window.reach(len(data))
    span = window.span
    if not span.end:
        return False
    ctypes.memmove(span.memory + span.size - span.begin, data, len(data))
    span.size += len(data)
    return True


def test_what_is_written_is_in_the_file_at_once(handle: int) -> None:
    window = FileWindow(handle)
    pieces = [bytes([number % 255 + 1]) * (1 + number % 900) for number in range(900)]
    for piece in pieces:
        assert _written(window, piece)
        assert os.pread(handle, len(piece), window.span.size - len(piece)) == piece
    whole = b"".join(pieces)
    content = os.pread(handle, 1 << 22, 0)
    assert content[: len(whole)] == whole
    assert not any(content[len(whole) :])
    window.close()


def test_after_the_file_is_emptied_it_begins_anew(handle: int) -> None:
    window = FileWindow(handle)
    for _ in range(10):
        assert _written(window, b"x" * 30_000)
    window.span.size = 0
    assert _written(window, b"y")
    assert os.pread(handle, 2, 0) == b"yx"
    window.close()


def test_a_long_piece_is_left_to_the_system(handle: int) -> None:
    window = FileWindow(handle)
    assert _written(window, b"x")
    assert not _written(window, b"y" * (1 << 17))
    # Whoever wrote it says so, and the next one goes behind it.
    window.span.size += os.pwrite(handle, b"y" * (1 << 17), 1)
    assert _written(window, b"z")
    assert os.pread(handle, 3, 1 << 17) == b"yz\0"
    window.close()


def test_a_full_disk_leaves_the_file_as_it_is(handle: int, monkeypatch: pytest.MonkeyPatch) -> None:
    window = FileWindow(handle)
    taken = iter([9_000])

    def pwrite(number: int, data: bytes, at: int) -> int:
        if left := next(taken, 0):
            return write(number, data[:left], at)
        raise OSError(28, "No space left on device")

    write = os.pwrite
    monkeypatch.setattr(file_window, "write_at", pwrite)
    assert not _written(window, b"x")
    assert (os.fstat(handle).st_size, window.span.size, window.span.end) == (0, 0, 0)


def test_after_a_refusal_the_system_is_asked_for_a_while(
    handle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, now = [], [0.0]

    def refuse(handle: int, size: int) -> None:
        tries.append(size)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file_window, "_take_place", refuse)
    monkeypatch.setattr(file_window.time, "monotonic", lambda: now[0] + 100)
    window = FileWindow(handle)
    window.span.size = 5
    assert not _written(window, b"x")
    assert not _written(window, b"x")
    assert len(tries) == 1
    now[0] += 1
    assert not _written(window, b"x")
    assert len(tries) == 2
    # The rows were moved: the file has room.
    window.span.size = 0
    assert not _written(window, b"x")
    assert not _written(window, b"x")
    assert len(tries) == 3


@pytest.mark.parametrize(("number", "writes"), [(errno.EINVAL, True), (errno.EFAULT, False)])
def test_memory_that_cannot_be_made_ready_is_not_written(
    handle: int, monkeypatch: pytest.MonkeyPatch, number: int, writes: bool
) -> None:
    class Memory(mmap.mmap):
        def madvise(self, *_: int) -> None:
            raise OSError(number, "no")

    monkeypatch.setattr(file_window.mmap, "mmap", Memory)
    window = FileWindow(handle)
    assert _written(window, b"x") is writes
    window.close()


def test_only_known_file_systems_write_in_place(
    handle: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = os.fstat(handle).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    mounts = tmp_path / "mountinfo"
    monkeypatch.setattr(file_window, "_MOUNTS", mounts)
    assert not writes_in_place(handle)
    for system, expected in (("ext4", True), ("tmpfs", True), ("xfs", False), ("overlay", False)):
        mounts.write_text(
            f"1 0 0:99 / /other rw shared:1 - btrfs none rw\n2 1 {number} / / rw - {system} x rw\n"
        )
        assert writes_in_place(handle) is expected
    mounts.write_text("1 0 0:99 / /other rw - ext4 none rw\n")
    assert not writes_in_place(handle)
