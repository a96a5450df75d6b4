"""A process that is killed in the middle of its work, and one whose disk is full."""

import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from modelwright.workspace.folder import Workspace
from throwaway_postgresql import Server, run_server

Kill = Callable[..., None]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with run_server() as running:
        yield running


@pytest.fixture
def postgresql(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The address of a ledger that is not there yet; its password is in the environment."""
    monkeypatch.setenv("PGPASSWORD", server.password)
    monkeypatch.setenv("MODELWRIGHT_SPOOL", str(tmp_path / "spools"))
    schema = f"ledger_{secrets.token_hex(6)}"
    return f"postgresql://{server.user}@127.0.0.1:{server.port}/postgres?schema={schema}"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "flights")


@pytest.fixture
def kill_during() -> Kill:
    """Run a script with arguments until it prints a line, wait a moment, kill it hard."""

    def kill(script: str, *arguments: object, after_s: float) -> None:
        command = [sys.executable, "-c", script, *map(str, arguments)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            time.sleep(after_s)
            process.kill()

    return kill


@pytest.fixture
def run_with_file_limit() -> Callable[..., str]:
    """Run a script in which no file may grow beyond so many bytes, and return what it prints."""

    def run(script: str, *arguments: object, limit_bytes: int) -> str:
        limited = (
            "import resource\n"
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit_bytes}, {limit_bytes}))\n" + script
        )
        command = [sys.executable, "-c", limited, *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    return run
