"""A meeting: every contestant races on every table with every budget, one after another."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.environments import ROOT, Environment
from bench.job import Job
from bench.machine import environment_of
from bench.race import Lane, RaceError, clear, run_race
from bench.results import Conditions, Figures, Result, append_result, read_results
from bench.roster import Entrant
from bench.suite import TARGET, Contest, Rows, fingerprint, lay_out
from modelwright.errors import InputError

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What is run.

    Parameters
    ----------
    budgets_s
        Seconds.
    rows
        The cap on training rows; None for none.
    cores, machine
        How many all may use, and what machine it is in words: results of others do not count.
    work
        Where tables, jobs and ``results.jsonl`` are kept.
    again
        Whether finished jobs are run again.
    keep
        Whether artifacts are kept.
    """

    contests: Sequence[Contest]
    entrants: Sequence[Entrant]
    budgets_s: Sequence[float]
    seed: int
    rows: int | None
    cores: int
    machine: str
    work: Path
    again: bool = False
    keep: bool = False

    @property
    def ledger(self) -> Path:
        """The file of results."""
        return self.work / "results.jsonl"


@dataclass(frozen=True, kw_only=True)
class _Heat:
    """One job of a meeting, before it is laid out."""

    contest: Contest
    entrant: Entrant
    conditions: Conditions


def hold(
    meeting: Meeting,
    environments: Mapping[str, Environment],
    *,
    say: Say,
    show: Callable[[list[Result]], None],
    variables: Mapping[str, str],
) -> list[Result]:
    """Run what is not finished yet and return all results of the meeting.

    Parameters
    ----------
    environments
        By peer; entrants without one do not take part.
    say
        Told before and after each job.
    show
        Given all results so far after each job.
    variables
        This process's environment variables.
    """
    heats = [
        heat for contest in meeting.contests for heat in _heats(meeting, contest, environments)
    ]
    known = {} if meeting.again else read_results(meeting.ledger)
    open_heats = [heat for heat in heats if heat.conditions not in known]
    say(f"{len(heats)} jobs, {len(open_heats)} to run; results in {meeting.ledger}")
    done, laid, program = dict(known), _Laid(meeting), _copied(meeting.work)
    for number, heat in enumerate(open_heats, 1):
        environment = environments[heat.entrant.peer]
        lane = Lane(
            peer=heat.entrant.peer,
            environment=environment,
            variables=environment_of(meeting.cores, program, variables),
        )
        result = _run(meeting, heat, lane, laid.rows_of(heat.contest))
        append_result(meeting.ledger, result)
        done[heat.conditions] = result
        say(f"[{number}/{len(open_heats)}] {_told(result)}")
        show(_finished(heats, done))
    return _finished(heats, done)


def _finished(heats: Sequence[_Heat], done: Mapping[Conditions, Result]) -> list[Result]:
    return [done[heat.conditions] for heat in heats if heat.conditions in done]


def _copied(work: Path) -> Path:
    """Copy the contestants' programs, so that later edits do not reach a run of hours."""
    program = work / "program"
    shutil.rmtree(program, ignore_errors=True)
    shutil.copytree(ROOT / "bench", program / "bench")
    return program


class _Laid:
    """The rows of the contest that is being raced, laid out once."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._name = ""

    def rows_of(self, contest: Contest) -> Rows:
        if contest.name != self._name:
            self._rows = lay_out(contest, rows=self._meeting.rows, seed=self._meeting.seed)
            self._name = contest.name
            folder = _tables(self._meeting, contest)
            folder.mkdir(parents=True, exist_ok=True)
            self._rows.train.write_parquet(folder / "train.parquet")
            self._rows.test.write_parquet(folder / "test.parquet")
        return self._rows


def _heats(
    meeting: Meeting, contest: Contest, environments: Mapping[str, Environment]
) -> list[_Heat]:
    data = fingerprint(contest)
    return [
        _Heat(
            contest=contest,
            entrant=entrant,
            conditions=Conditions(
                contestant=entrant.name,
                contest=contest.name,
                budget_s=budget_s,
                seed=meeting.seed,
                rows=meeting.rows,
                data=data,
                environment=environments[entrant.peer].fingerprint,
                machine=meeting.machine,
            ),
        )
        for budget_s in meeting.budgets_s
        for entrant in meeting.entrants
        if entrant.peer in environments
    ]


def _run(meeting: Meeting, heat: _Heat, lane: Lane, rows: Rows) -> Result:
    job = _job(meeting, heat, rows)
    figures: Figures | None = None
    failure = ""
    try:
        figures = run_race(job, lane, rows)
    except (RaceError, InputError) as error:
        failure = str(error)
    if not meeting.keep:
        clear(job)
    return Result(
        conditions=heat.conditions,
        task=rows.task.kind,
        metric=rows.metric.name,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        figures=figures,
        failure=failure,
    )


def _job(meeting: Meeting, heat: _Heat, rows: Rows) -> Job:
    tables = _tables(meeting, heat.contest)
    conditions = heat.conditions
    name = f"{conditions.contest}-{conditions.budget_s:g}s-{conditions.contestant}"
    return Job(
        task=rows.task.kind,
        metric=rows.metric.name,
        takes=rows.metric.takes,
        target=TARGET,
        budget_s=conditions.budget_s,
        seed=meeting.seed,
        cores=meeting.cores,
        train=str(tables / "train.parquet"),
        test=str(tables / "test.parquet"),
        folder=str(meeting.work / "jobs" / name),
        options=heat.entrant.options,
    )


def _tables(meeting: Meeting, contest: Contest) -> Path:
    return meeting.work / "tables" / contest.name


def _told(result: Result) -> str:
    who = result.conditions
    head = f"{who.contest}, {who.budget_s:g} s, {who.contestant}:"
    if result.figures is None:
        return f"{head} failed. {result.failure}"
    figures = result.figures
    p50 = min(way["p50"] for way in figures.latency_ms.values())
    return (
        f"{head} {result.metric} {figures.score:.5g}, learned in {figures.fit_s:.1f} s, "
        f"{p50:.3g} ms a row, {figures.artifact_bytes / 1e6:.3g} MB"
    )
