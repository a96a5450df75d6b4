"""Races in fresh processes of this Python, with the floor as contestant."""

import os
import sys
from pathlib import Path

import pytest

from bench.environments import ROOT, Environment
from bench.job import Job
from bench.machine import environment_of
from bench.meeting import Meeting, hold
from bench.race import Lane, RaceError, run_race
from bench.results import Result
from bench.roster import entrants_named
from bench.suite import lay_out, read_suite

HERE = Environment(folder=sys.prefix, fingerprint="here", versions={}, size_bytes=1)


def test_a_meeting_is_held_and_not_held_again(folder: Path, tmp_path: Path) -> None:
    meeting = Meeting(
        contests=read_suite(folder, suite="accuracy")[:1],
        entrants=entrants_named(["lightgbm", "mljar"]),
        budgets_s=[60.0],
        seed=0,
        rows=None,
        cores=1,
        machine="m",
        work=tmp_path / "work",
    )
    said: list[str] = []
    shown: list[list[Result]] = []
    held = hold(
        meeting, {"lightgbm": HERE}, say=said.append, show=shown.append, variables=os.environ
    )
    assert [result.conditions.contestant for result in held] == ["lightgbm"]
    assert held[0].failure == ""
    assert held[0].figures is not None
    assert 0 <= held[0].figures.score <= 1
    assert held[0].figures.artifact_bytes > 0
    assert said[-1].startswith("[1/1] visits, 60 s, lightgbm: roc_auc")
    assert not (tmp_path / "work" / "jobs" / "visits-60s-lightgbm" / "artifact").exists()
    assert (
        hold(meeting, {"lightgbm": HERE}, say=said.append, show=shown.append, variables=os.environ)
        == held
    )
    assert "0 to run" in said[-1]
    assert shown == [held]


def test_a_contestant_that_crashes_says_why(folder: Path, tmp_path: Path) -> None:
    job = Job(
        task="binary",
        metric="roc_auc",
        takes="probabilities",
        target="y",
        budget_s=60.0,
        seed=0,
        cores=1,
        train="",
        test="",
        folder=str(tmp_path / "job"),
    )
    lane = Lane(
        peer="nobody", environment=HERE, variables=environment_of(1, ROOT, dict(os.environ))
    )
    rows = lay_out(read_suite(folder, suite="accuracy")[0], rows=None, seed=0)
    with pytest.raises(RaceError, match=r"could not learn: .*No module named"):
        run_race(job, lane, rows)
