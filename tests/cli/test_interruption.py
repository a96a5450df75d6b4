"""Ctrl-C, kill -9 and a full disk, at any moment: the same command goes on and ends well."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from modelwright.workspace.folder import Workspace
from orders_example import TARGET, choose_scheme, orders

ASKED = ["orders.csv", "--target", TARGET, "--budget", "20s", "--json"]
COMMAND = [sys.executable, "-m", "modelwright", "run", *ASKED]
MOMENTS = ("Trying learners", "Writing the data contract", "Opening the holdout", "Serving")
"""What the progress says in each of the rooms."""


@pytest.fixture(autouse=True)
def data(folder) -> Path:
    orders(300, seed=0).write_csv("orders.csv")
    return Path("orders.csv")


def _run_until(moment: str, number: int, *, wait_s: float = 0.0) -> tuple[int, str]:
    """Run, send a signal when the progress says a word; return exit code and last words."""
    with subprocess.Popen(
        COMMAND, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if moment in line:
                time.sleep(wait_s)
                process.send_signal(number)
                break
        rest = process.stderr.read()
    return process.returncode, rest


def _limited(size: int) -> Callable[[], None]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def _made_at() -> dict[str, str]:
    """Return when each document was made; all of them must be readable."""
    found = {
        path.name: json.loads(path.read_bytes()) for path in Path("orders-model").glob("*.json")
    }
    return {name: document["made_at"] for name, document in found.items() if "made_at" in document}


def _goes_on() -> None:
    """Assert that the same command ends well and makes nothing again."""
    before = _made_at()
    done = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert json.loads(done.stdout)["target"] == TARGET
    after = _made_at()
    assert {name: after[name] for name in before} == before
    left = [path for path in Path("orders-model").rglob("*") if path.name.endswith(".draft")]
    assert not left


def test_an_interrupted_run_says_so():
    code, said = _run_until("Trying learners", signal.SIGTERM)
    assert code == 2
    assert said.splitlines()[-1].startswith("modelwright: Interrupted.")
    assert "Traceback" not in said


@pytest.fixture
def planned(call) -> None:
    """The least that can be built is planned: what is learned is not the point."""
    assert call("plan", *ASKED).code == 0
    choose_scheme(Workspace.open(Path("orders-model")), "readable")


def test_an_interrupted_run_takes_its_server_along(planned):
    code, said = _run_until("Serving", signal.SIGINT, wait_s=0.2)
    assert code == 2
    assert said.splitlines()[-1].startswith("modelwright: Interrupted.")
    assert not _servers()


def test_killed_again_and_again_it_ends_well():
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(COMMAND, timeout=0.6, capture_output=True, check=False)
    for moment in MOMENTS:
        if moment == MOMENTS[2]:
            # What is learned is not the point.
            choose_scheme(Workspace.open(Path("orders-model")), "readable")
        code, _ = _run_until(moment, signal.SIGKILL)
        assert code in (-signal.SIGKILL, 0, 1)
    for pid in _servers():
        os.kill(pid, signal.SIGKILL)
    _goes_on()


def test_a_disk_that_was_full_from_the_beginning_is_told():
    _finds_no_room(300)


def test_a_full_disk_is_told_and_harmless(planned):
    _finds_no_room(50_000)
    _goes_on()


def _finds_no_room(size: int) -> None:
    done = subprocess.run(
        COMMAND, capture_output=True, text=True, check=False, preexec_fn=_limited(size)
    )
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith("modelwright: ")
    assert "could not be" in last
    assert "Traceback" not in done.stderr


def _servers() -> list[int]:
    """Return the processes that serve a bundle of this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            here = (entry / "cwd").resolve() == Path.cwd()
        except OSError:  # it has ended meanwhile
            continue
        if here and b"modelwright.serving" in words:
            found.append(int(entry.name))
    return found
