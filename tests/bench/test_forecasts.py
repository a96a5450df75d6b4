"""Forecasts are compared with what came, each from other tables."""

from pathlib import Path

import msgspec
from click.testing import CliRunner

from bench.forecasts import leave_one_out, main
from modelwright.plan.cost import shipped_runs
from modelwright.workspace.history import PastRun, remember_run


def test_a_run_is_foreseen_without_the_runs_of_its_own_table() -> None:
    one, *others = shipped_runs()
    odd = msgspec.structs.replace(one, rows=123, features=45, seconds=one.budget_s * 900)
    (first, *_) = leave_one_out([odd, *others])
    assert first.seconds.value < odd.seconds / 100
    assert first.runs == len(others)


def test_the_command_tells_shipped_runs_and_those_of_a_history(tmp_path: Path) -> None:
    history = tmp_path / "runs.jsonl"
    for seconds in (20.0, 21.0, 90.0):
        run = PastRun(
            rows=900, features=5, outputs=2, budget_s=30.0, seconds=seconds,
            memory_bytes=4 * 10**8, size_bytes=10**5,
        )  # fmt: skip
        remember_run(history, run)
    told = CliRunner().invoke(main, ["--history", str(history)]).output
    assert told.count("wall time: median error") == 3
    assert "those of them that kept their budget: 2" in told
