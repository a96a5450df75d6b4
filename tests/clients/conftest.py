"""A real server process for clients that nobody here wrote."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

HERE = Path(__file__).parent
PYTHON = os.environ.get("MODELWRIGHT_PYTHON", str(HERE.parents[1] / ".venv" / "bin" / "python"))
"""The Python that has modelwright; this one has the clients."""

ROWS = [
    {"age": 39.0, "member": True, "job": "clerk", "seen": "2024-03-01T10:00:00"},
    {"age": 20.5, "member": False, "job": "cook", "seen": "2024-12-31"},
]
"""Of the model ``left``, whose answers are ``no`` and ``yes``."""


@pytest.fixture(scope="session")
def bundles(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    subprocess.run([PYTHON, str(HERE / "bundles.py"), str(folder)], check=True)
    return folder


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[str]:
    """Serve as ``python -m modelwright.serving`` does; yield the address."""
    command = [PYTHON, "-m", "modelwright.serving", *arguments, "--end-with-stdin"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    with process:
        line = process.stdout.readline()
        assert " on http" in line, line
        yield line.rsplit(" ", 1)[1].strip().replace("0.0.0.0", "127.0.0.1")
        process.stdin.close()
        assert process.wait(30) == 0


@pytest.fixture(scope="session")
def address(bundles) -> Iterator[str]:
    """Where the model ``left`` answers."""
    with serving(str(bundles / "left"), "--port", "0") as where:
        yield where


@pytest.fixture(scope="session")
def netloc(address) -> str:
    return address.removeprefix("http://")


@pytest.fixture(scope="session")
def expected(address) -> list[dict]:
    """What the model answers to `ROWS`."""
    body = json.dumps({"rows": ROWS}).encode()
    with urlopen(Request(f"{address}/predict", body)) as response:
        return json.load(response)["predictions"]


@pytest.fixture(scope="session")
def labels(expected) -> list[str]:
    return [one["answer"] for one in expected]


@pytest.fixture(scope="session")
def chances(expected) -> list[list[float]]:
    return [list(one["probabilities"].values()) for one in expected]
