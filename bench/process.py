"""A watched process: how long it and its children ran, and how much memory they took together."""

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_POLL_S = 0.1
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_MARK = "MODELWRIGHT_BENCH_PROCESS"
"""An environment variable that all processes of a tree inherit, also those that leave it."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What was seen of a process.

    Parameters
    ----------
    exit_code
        0 when all went well; below zero the signal that ended it.
    timed_out
        Whether it was killed because its time was up.
    started
        On the machine's monotonic clock, in seconds.
    elapsed_s
        Until it ended.
    peak_bytes
        The most memory that it and its children had at once.
    """

    exit_code: int
    timed_out: bool
    started: float
    elapsed_s: float
    peak_bytes: int


def run_watched(
    command: Sequence[str | Path], *, env: Mapping[str, str], log: Path, timeout_s: float
) -> Watched:
    """Run a program to its end, then end all that it left behind.

    Parameters
    ----------
    command
        The program and its arguments; it runs in the folder of the log.
    env
        Its whole environment.
    log
        What it says goes here.
    timeout_s
        After so many seconds it is killed.

    Notes
    -----
    Memory is read ten times a second: the sum of what is private to each process, and once the
    most that one of them shares, so that libraries in five workers count once.
    """
    mark = uuid.uuid4().hex
    tree = _Tree(mark)
    started, peak = time.monotonic(), 0
    with log.open("wb") as said:
        process = subprocess.Popen(
            [str(part) for part in command],
            env={**env, _MARK: mark},
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while not _ended(process) and time.monotonic() - started < timeout_s:
                peak = max(peak, tree.memory_bytes())
            ended, elapsed = process.poll() is not None, time.monotonic() - started
        finally:
            tree.kill()
            process.kill()
            process.wait()
    return Watched(
        exit_code=process.returncode,
        timed_out=not ended,
        started=started,
        elapsed_s=elapsed,
        peak_bytes=peak,
    )


class _Tree:
    """The processes that carry a mark in their environment."""

    def __init__(self, mark: str) -> None:
        self._mark = f"{_MARK}={mark}".encode()
        self._strangers = set(_pids())

    def memory_bytes(self) -> int:
        sizes = [size for pid in self._members() if (size := _resident_and_shared(pid))]
        private = sum(resident - shared for resident, shared in sizes)
        return (private + max((shared for _, shared in sizes), default=0)) * _PAGE_BYTES

    def kill(self) -> None:
        while members := list(self._members()):
            for pid in members:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_POLL_S / 10)

    def _members(self) -> Iterator[int]:
        present = set(_pids())
        self._strangers &= present
        for pid in present - self._strangers:
            environment = _read(pid, "environ")
            if self._mark in environment.split(b"\0"):
                yield pid


def _ended(process: subprocess.Popen[bytes]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(_POLL_S)
    return process.poll() is not None


def _pids() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _resident_and_shared(pid: int) -> tuple[int, int] | None:
    """Return pages, or None of a process that has ended."""
    fields = _read(pid, "statm").split()
    return (int(fields[1]), int(fields[2])) if fields else None


def _read(pid: int, name: str) -> bytes:
    try:
        return (_PROC / str(pid) / name).read_bytes()
    except OSError:  # it has ended, or is not ours
        return b""
