import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from modelwright.compute.process import free_port
from modelwright.deploy.targets.local import TARGET


@pytest.fixture
def ctl(delivery, out):
    TARGET.write(delivery, out)
    port = free_port()
    environment = {**os.environ, "PYTHON": sys.executable, "PORT": str(port), "no_proxy": "*"}

    def run(*arguments):
        return subprocess.run(
            [out / "ctl", *arguments], env=environment, capture_output=True, text=True, timeout=60
        )

    run.port = port
    yield run
    run("stop")


def test_a_server_is_started_watched_and_stopped(ctl, delivery, out):
    assert ctl("status").returncode == 3
    assert "16 of 16 recorded answers, bit for bit" in ctl("check").stdout
    started = ctl("start")
    assert (started.returncode, started.stderr) == (0, "")
    assert started.stdout.startswith(f"Serving {delivery.bundle.hash[:12]} on http://127.0.0.1:")
    assert ctl("status").stdout == started.stdout
    again = ctl("start")
    assert (again.returncode, again.stderr[:23]) == (2, "The server runs already")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{ctl.port}/") as answer:
        assert json.load(answer)["model"] == delivery.bundle.hash
    assert "Serving 'left'" in ctl("logs").stdout
    assert ctl("stop").returncode == 0
    assert ctl("status").returncode == 3
    assert ctl("stop").returncode == 0


def test_a_server_that_was_killed_does_not_run(ctl, out):
    ctl("start")
    os.kill(int((out / "run" / "server.pid").read_text()), signal.SIGKILL)
    # The number of this very process: another one than the server has it by now.
    (out / "run" / "server.pid").write_text(str(os.getpid()))
    assert ctl("status").returncode == 3
    assert ctl("start").returncode == 0


def test_another_server_on_its_port_is_not_taken_for_it(ctl, delivery, out):
    other = out.with_name("other")
    TARGET.write(delivery, other)
    ctl("start")
    beside = subprocess.run(
        [other / "ctl", "start"],
        env={**os.environ, "PYTHON": sys.executable, "PORT": str(ctl.port), "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert beside.returncode == 2
    assert beside.stderr.startswith(f"Another server answers on http://127.0.0.1:{ctl.port}.")
    assert not (other / "run").exists()


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="no /proc tells folders")
def test_a_copy_of_a_folder_that_runs_leaves_the_other_server_alone(ctl, out):
    ctl("start")
    copy = out.with_name("copy")
    shutil.copytree(out, copy)
    told, stopped = (
        subprocess.run([copy / "ctl", order], capture_output=True, text=True, timeout=60)
        for order in ("status", "stop")
    )
    assert (told.returncode, stopped.returncode) == (3, 0)
    assert ctl("status").returncode == 0


def test_a_server_that_cannot_start_says_why(ctl, out):
    (out / "bundle" / "facts.json").write_text("{}")
    done = ctl("start")
    assert done.returncode == 2
    assert "facts.json is not what was written" in done.stderr
    assert ctl("dance").returncode == 2
