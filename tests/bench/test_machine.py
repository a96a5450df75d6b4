import os
import subprocess
import sys
from pathlib import Path

from bench.machine import describe, describe_rest, environment_of

ROOT = Path(__file__).parents[2]


def test_all_contestants_get_the_same_threads_and_no_foreign_python() -> None:
    given = {"PATH": "/bin", "PYTHONHOME": "x", "VIRTUAL_ENV": "y", "OMP_NUM_THREADS": "64"}
    variables = environment_of(2, ROOT, given)
    assert variables["OMP_NUM_THREADS"] == variables["LOKY_MAX_CPU_COUNT"] == "2"
    assert variables["PATH"] == "/bin"
    assert variables["PYTHONPATH"] == str(ROOT)
    assert variables.keys().isdisjoint({"PYTHONHOME", "VIRTUAL_ENV"})


def test_pinning_holds_for_what_is_started() -> None:
    script = (
        "import subprocess, sys; from bench.machine import pin; print(pin(1), flush=True);"
        "look = 'import os; print(len(os.sched_getaffinity(0)))';"
        "subprocess.run([sys.executable, '-c', look])"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)
    assert done.stdout.split() == ["1", "1"], done.stderr


def test_the_machine_is_described() -> None:
    assert describe(1).endswith(", 1 core")
    assert "GiB of memory" in describe_rest()
