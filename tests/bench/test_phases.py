import sys

import pytest

from bench.phases import run_command

SAYING = """
import sys
print("    0.1 s  data      Reading /tmp/rows.parquet", file=sys.stderr, flush=True)
kept = bytearray(80_000_000)
print("    1 min  build     Learning from 1,000 rows", file=sys.stderr, flush=True)
sum(range(10_000_000))
"""


@pytest.fixture(scope="module")
def run():
    return run_command([sys.executable, "-c", SAYING])


def test_each_sentence_begins_a_phase(run):
    names = [phase.name for phase in run.phases]
    assert names == ["start: Python", "data: Reading", "build: Learning from rows"]


def test_memory_and_processors_are_seen(run):
    assert run.peak_bytes > 80_000_000
    assert run.cpu_s > 0
    assert max(phase.peak_mib for phase in run.phases) > 75


def test_how_a_command_ends_is_told():
    run = run_command([sys.executable, "-c", "print('no'); raise SystemExit(3)"])
    assert run.exit_code == 3
    assert run.said == ["no"]
