import os
import sys
from pathlib import Path

from bench.process import run_watched

MEGABYTE = 2**20
CHILD_TAKES = f"""
import subprocess, sys, time
take = "import time; kept = b'x' * (80 * {MEGABYTE}); time.sleep(0.6)"
subprocess.run([sys.executable, "-c", take], start_new_session=True)
"""
LEAVES = """
import pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                         start_new_session=True)
pathlib.Path("child").write_text(str(child.pid))
"""


def run(script: str, folder: Path, *, timeout_s: float = 30):
    command = [sys.executable, "-c", script]
    return run_watched(command, env=os.environ, log=folder / "said.log", timeout_s=timeout_s)


def test_what_it_says_and_its_exit_code(tmp_path: Path) -> None:
    watched = run("import sys; print('out'); sys.exit('err')", tmp_path)
    assert watched.exit_code == 1
    assert not watched.timed_out
    assert sorted((tmp_path / "said.log").read_text().split()) == ["err", "out"]


def test_memory_of_children_counts_also_in_sessions_of_their_own(tmp_path: Path) -> None:
    assert run(CHILD_TAKES, tmp_path).peak_bytes > 80 * MEGABYTE


def test_a_process_whose_time_is_up_is_ended(tmp_path: Path) -> None:
    watched = run("import time; time.sleep(60)", tmp_path, timeout_s=0.3)
    assert watched.timed_out
    assert watched.exit_code < 0
    assert watched.elapsed_s < 30


def test_what_it_leaves_behind_is_ended(tmp_path: Path) -> None:
    assert run(LEAVES, tmp_path).exit_code == 0
    state = Path(f"/proc/{(tmp_path / 'child').read_text()}/stat")
    assert not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z"
