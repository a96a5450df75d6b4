from pathlib import Path

import pytest
from click.testing import CliRunner

from bench import __main__ as program
from bench.environments import Environment
from bench.meeting import Meeting
from bench_results import result
from modelwright.errors import BriefError, MissingDependencyError

HERE = Environment(folder="x", fingerprint="f", versions={"flaml": "2"}, size_bytes=1)


@pytest.fixture
def meetings(monkeypatch: pytest.MonkeyPatch) -> list[Meeting]:
    """Hold no meeting, but remember what was asked for."""
    held: list[Meeting] = []

    def hold(meeting, environments, **rest):
        held.append(meeting)
        return [result("flaml", "visits", 0.5, budget_s=20)]

    def make(peer, *, folder, say):
        if peer == "mljar":
            raise MissingDependencyError("The environment of mljar could not be made.")
        return HERE

    monkeypatch.setattr(program, "hold", hold)
    monkeypatch.setattr("bench.environments.make_environment", make)
    monkeypatch.setattr(program, "pin", lambda cores: cores or 2)
    return held


def run(*arguments: str):
    return CliRunner().invoke(program.command, arguments, catch_exceptions=False)


def test_quick_takes_two_tables(folder: Path, tmp_path: Path, meetings: list[Meeting]) -> None:
    done = run("--data", str(folder), "--quick", "--work", str(tmp_path / "work"))
    assert done.exit_code == 0, done.output
    assert len(meetings[0].contests) == 2
    assert meetings[0].budgets_s == [30.0]
    text = (tmp_path / "work" / "results.md").read_text()
    assert "| visits | roc_auc" in text
    assert "mljar did not take part" in text


def test_what_is_asked_for_is_run(folder: Path, tmp_path: Path, meetings: list[Meeting]) -> None:
    page = tmp_path / "page.md"
    done = run(
        *("--data", str(folder), "--only", "kinds,visits", "--contestants", "flaml"),
        *("--budget", "1m", "--budget", "4m", "--rows", "1000", "--seed", "3", "--again"),
        *("--work", str(tmp_path / "work"), "--page", str(page)),
    )
    assert done.exit_code == 0, done.output
    meeting = meetings[0]
    assert [contest.name for contest in meeting.contests] == ["visits", "kinds"]
    assert [entrant.name for entrant in meeting.entrants] == ["flaml"]
    assert (meeting.budgets_s, meeting.rows, meeting.seed) == ([60.0, 240.0], 1000, 3)
    assert meeting.again
    assert page.exists()


def test_the_folder_of_tables_may_stand_in_the_environment(
    folder: Path, tmp_path: Path, meetings: list[Meeting], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELWRIGHT_BENCH_DATA", str(folder))
    assert run("--quick", "--work", str(tmp_path)).exit_code == 0
    monkeypatch.delenv("MODELWRIGHT_BENCH_DATA")
    assert "--data" in run("--quick").output


def test_a_contestant_that_is_not_there_is_named(folder: Path, meetings: list[Meeting]) -> None:
    with pytest.raises(BriefError, match="'mljar'"):
        run("--data", str(folder), "--contestants", "mjlar")
