"""Prometheus' own judge of what it reads."""

import shutil
import subprocess
from urllib.request import urlopen

import pytest


@pytest.mark.usefixtures("labels")
def test_the_metrics_have_no_fault(address):
    program = shutil.which("promtool") or pytest.skip("promtool is not installed")
    with urlopen(f"{address}/metrics") as response:
        counts = response.read()
    assert b"modelwright_requests_total" in counts
    run = subprocess.run(
        [program, "check", "metrics"], input=counts, capture_output=True, timeout=60
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")
