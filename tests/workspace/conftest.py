"""A process that is killed in the middle of its work, and one whose disk is full."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from modelwright.workspace.folder import Workspace

Kill = Callable[..., None]


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
