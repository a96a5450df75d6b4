"""A server that runs: how soon it was ready, and what memory it takes."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from modelwright.errors import ServiceError

_PROC = Path("/proc")
_PATIENCE_S = 120.0
_GRACE_S = 20.0


@dataclass(frozen=True, kw_only=True)
class Running:
    """A server that answers.

    Parameters
    ----------
    pid
        Of its first process.
    port
        Of this machine.
    start_s
        From the start of the process to the first answer that it is ready.
    """

    pid: int
    port: int
    start_s: float

    def memory_bytes(self) -> int:
        """Return the memory of all its processes; what they share counts once (PSS)."""
        return sum(_proportional_bytes(pid) for pid in _tree(self.pid))

    def cpu_s(self) -> float:
        """Return the seconds of a processor that all its processes have had."""
        return sum(_processor_s(pid) for pid in _tree(self.pid))


@contextmanager
def running(
    command: Sequence[str], *, port: int, ready: str, env: Mapping[str, str], log: Path
) -> Iterator[Running]:
    """Start a server, wait until it is ready, and end it at the end.

    Raises
    ------
    ServiceError
        When it ends, or is not ready in two minutes; with its last words.
    """
    began = time.monotonic()
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, env=dict(env), stdout=said, stderr=said, start_new_session=True
        )
    try:
        while not _is_ready(port, ready):
            if process.poll() is not None or time.monotonic() - began > _PATIENCE_S:
                words = log.read_text(encoding="utf-8", errors="replace")[-800:]
                raise ServiceError(f"{command[0]} did not become ready.", words)
            time.sleep(0.01)
        yield Running(pid=process.pid, port=port, start_s=time.monotonic() - began)
    finally:
        _end(process)


def _is_ready(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for tasks in (_PROC / str(pid) / "task").glob("*/children"):
        for child in tasks.read_text().split():
            yield from _tree(int(child))


def _proportional_bytes(pid: int) -> int:
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


def _processor_s(pid: int) -> float:
    # Behind the name, which may hold anything; the 12th and 13th fields are its own time.
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
