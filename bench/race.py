"""A race: one contestant learns one table in a fresh process, and answers in another."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.environments import Environment, bytes_below
from bench.job import ANSWERED_FILE, ANSWERS_FILE, JOB_FILE, LEARNED_FILE, Job, write_job
from bench.process import Watched, run_watched
from bench.results import Figures
from bench.scoring import read_answers, score
from bench.suite import Rows
from modelwright.errors import InputError

_PATIENCE = 3
"""Learning that takes so many budgets has failed."""

_START_S = 60.0
"""For imports, reading and saving, beside learning."""

_ANSWER_S = 900.0
_SHOWN = 300


class RaceError(InputError):
    """A contestant did not finish."""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """Where and how a contestant runs.

    Parameters
    ----------
    peer
        Its module in `bench.contestants`.
    environment
        Its Python.
    variables
        The environment variables.
    """

    peer: str
    environment: Environment
    variables: Mapping[str, str]


def run_race(job: Job, lane: Lane, rows: Rows) -> Figures:
    """Let a contestant learn, save, load and answer, and score it.

    Raises
    ------
    RaceError
        It crashed, took far too long, or answered badly.
    """
    folder = Path(job.folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_job(job)
    learning = _stage("learn", job, lane, timeout_s=_PATIENCE * job.budget_s + _START_S)
    learned = _report(folder / LEARNED_FILE)
    if learned["fit_s"] > _PATIENCE * job.budget_s:
        raise RaceError(f"It learned for {learned['fit_s']:.0f} s of {job.budget_s:g} s.")
    answering = _stage("answer", job, lane, timeout_s=_ANSWER_S)
    answered = _report(folder / ANSWERED_FILE)
    return Figures(
        score=score(read_answers(folder / ANSWERS_FILE), rows),
        fit_s=learned["fit_s"],
        build_s=learned["saved_at"] - learning.started,
        learn_bytes=max(learning.peak_bytes, learned["peak_bytes"]),
        serve_bytes=answered["peak_bytes"],
        load_s=answered["load_s"],
        cold_s=answered["answered_at"] - answering.started,
        latency_ms=answered["latency_ms"],
        rows_refused=answered["rows_refused"],
        rows_per_s=answered["rows_per_s"],
        artifact_bytes=bytes_below(job.artifact),
        environment_bytes=lane.environment.size_bytes,
    )


def clear(job: Job) -> None:
    """Remove what a race left, but for its logs, reports and answers."""
    for path in Path(job.folder).iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def _stage(name: str, job: Job, lane: Lane, *, timeout_s: float) -> Watched:
    folder = Path(job.folder)
    module = f"bench.contestants.{lane.peer}"
    command: list[str | Path] = [lane.environment.python, "-m", module, name, folder / JOB_FILE]
    log = folder / f"{name}.log"
    watched = run_watched(command, env=lane.variables, log=log, timeout_s=timeout_s)
    if watched.timed_out:
        raise RaceError(f"It did not {name} within {timeout_s:.0f} s.")
    if watched.exit_code:
        raise RaceError(f"It could not {name}: {_last_line(log)}")
    return watched


def _report(path: Path) -> dict[str, Any]:
    try:
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RaceError(f"It wrote no {path.name}.") from error
    return report


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:_SHOWN] if lines else "it said nothing"
