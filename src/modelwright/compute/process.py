"""Fresh Python processes, servers in the background, free ports."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from modelwright.errors import ServiceError

_KEPT_BYTES = 1 << 20
_SHOWN_CHARACTERS = 2000
_POLL_S = 0.02
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has only the second
_PIPE_S = 2.0
_SAFE_PATH = "PYTHONSAFEPATH"
_environment_changes = threading.Lock()


@dataclass(frozen=True)
class Completed:
    """What a process left behind.

    Parameters
    ----------
    exit_code
        0 when all went well; below zero the signal that ended it.
    stdout, stderr
        The last mebibyte of each.
    timed_out
        Whether it was killed because its time was up.
    elapsed_s
        How long it ran, in seconds.
    """

    exit_code: int
    stdout: str
    stderr: str
    timed_out: bool
    elapsed_s: float


def python(*arguments: str) -> list[str]:
    """Return the command of a fresh Python of this environment.

    It takes no module from the folder where it is started: a file there may be named like one.

    Parameters
    ----------
    arguments
        What follows ``python``.

    Examples
    --------
    >>> python("-m", "modelwright", "--help")[1:]
    ['-P', '-m', 'modelwright', '--help']
    """
    return [sys.executable, "-P", *arguments]


@contextmanager
def safe_path() -> Iterator[None]:
    """Have every Python that is started meanwhile do as :func:`python` does.

    It is for pools of processes, which write their command themselves.

    Examples
    --------
    >>> with safe_path():
    ...     os.environ["PYTHONSAFEPATH"]
    '1'
    """
    with _environment_changes:
        before = os.environ.get(_SAFE_PATH)
        os.environ[_SAFE_PATH] = "1"
        try:
            yield
        finally:
            os.environ.pop(_SAFE_PATH)
            if before is not None:
                os.environ[_SAFE_PATH] = before


def run_isolated(
    arguments: Sequence[str],
    *,
    timeout_s: float,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> Completed:
    """Run a fresh Python of this environment and wait for its end.

    Parameters
    ----------
    arguments
        What follows ``python``: ``["-c", "print(1)"]``, ``["-m", "modelwright", "--help"]``.
    timeout_s
        After so many seconds it is killed, with every process that it started.
    env
        The whole environment; by default this process's.
    stdin
        What it reads from standard input; by default nothing.

    Notes
    -----
    A process that it started and that outlives it is killed too.

    Examples
    --------
    >>> run_isolated(["-c", "print(6 * 7)"], timeout_s=30).stdout
    '42\\n'
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as given:
        given.write(stdin or b"")
        given.seek(0)
        process = _start(python(*arguments), env=env, stdin=given)
    stdout, stderr = _Tail(process.stdout), _Tail(process.stderr)
    timed_out = False
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        timed_out = True
    finally:
        _finish(process, stdout, stderr)
    return Completed(
        exit_code=process.returncode,
        stdout=stdout.text,
        stderr=stderr.text,
        timed_out=timed_out,
        elapsed_s=time.monotonic() - started,
    )


class BackgroundProcess:
    """A process that is ready when the block begins and gone when it ends.

    Parameters
    ----------
    command
        The program and its arguments.
    ready
        Asked again and again whether it is ready.
    timeout_s
        The seconds that it has to become ready.
    env
        The whole environment; by default this process's.
    grace_s
        The seconds that it has to end by itself before it is killed.

    Raises
    ------
    ServiceError
        On entering, when it cannot be started, ends, or is not ready in time; with its last words.

    Examples
    --------
    >>> command = [sys.executable, "-c", "import time; time.sleep(60)"]
    >>> with BackgroundProcess(command, ready=lambda: True, timeout_s=30) as process:
    ...     process.exit_code is None
    True
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        ready: Callable[[], bool],
        timeout_s: float,
        env: Mapping[str, str] | None = None,
        grace_s: float = 5.0,
    ) -> None:
        self._command = tuple(command)
        self._ready = ready
        self._timeout_s = timeout_s
        self._env = env
        self._grace_s = grace_s

    def __enter__(self) -> Self:
        # Its standard input ends with this process, however that ends: what watches it ends too.
        self._process = _start(self._command, env=self._env, stdin=subprocess.PIPE)
        self._stdout = _Tail(self._process.stdout)
        self._stderr = _Tail(self._process.stderr)
        try:
            self._wait_until_ready()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.poll()

    @property
    def stdout(self) -> str:
        """The last mebibyte of its standard output so far."""
        return self._stdout.text

    @property
    def stderr(self) -> str:
        """The last mebibyte of its standard error so far."""
        return self._stderr.text

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self._timeout_s
        while not self._ready():
            if self.exit_code is not None:
                self._end()
                raise self._failure(f"ended with exit code {self.exit_code} before it was ready")
            if time.monotonic() > deadline:
                self._end()
                raise self._failure(f"was not ready after {self._timeout_s:g} seconds")
            time.sleep(_POLL_S)

    def _failure(self, what: str) -> ServiceError:
        # Only the program's name: an argument may hold a password.
        said = self.stderr[-_SHOWN_CHARACTERS:].strip() or "nothing"
        return ServiceError(f"{Path(self._command[0]).name} {what}.", f"Its last words:\n{said}")

    def _end(self) -> None:
        if self._process.poll() is None:
            _signal(self._process, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):  # then it is killed below
                self._process.wait(self._grace_s)
        _finish(self._process, self._stdout, self._stderr)


def free_port() -> int:
    """Return a TCP port of this machine's loopback that nobody listens on just now.

    Examples
    --------
    >>> 1024 <= free_port() <= 65535
    True
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class _Tail:
    """Reads a pipe to its end in a thread and keeps the last of it, so that it never fills."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        assert pipe is not None
        self._pipe = pipe
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def text(self) -> str:
        return bytes(self._kept).decode(errors="replace")

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _read(self) -> None:
        with self._pipe:
            while chunk := os.read(self._pipe.fileno(), 1 << 16):
                self._kept += chunk
                del self._kept[:-_KEPT_BYTES]


def _start(
    command: Sequence[str], *, env: Mapping[str, str] | None, stdin: int | IO[bytes]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            env=env,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that it can be ended together with its children
        )
    except OSError as error:
        name = Path(command[0]).name
        raise ServiceError(f"{name} could not be started: {error.strerror}.") from error


def _finish(process: subprocess.Popen[bytes], *tails: _Tail) -> None:
    """Kill what is left of a process and its children, and read what they said."""
    _signal(process, _KILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
    for tail in tails:
        tail.join(_PIPE_S)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it has ended meanwhile
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, number)
