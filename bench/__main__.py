"""`python -m bench`: run what is not yet measured, one job after another, and write the page."""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bench.command import end_in_words, names_in, shareable
from bench.environments import ROOT, Environment, held_alone, make_environments
from bench.machine import describe, describe_rest, pin
from bench.meeting import Meeting, hold
from bench.page import Run, results_as_markdown, write_page
from bench.results import Result
from bench.roster import ROSTER, entrants_named
from bench.suite import contests_named, read_suite, smallest
from modelwright.compute.budget import format_duration, parse_duration

BUDGETS = ("60s", "240s")
QUICK_BUDGETS = ("30s",)
SUITE = "accuracy"
PAGE = ROOT / "docs" / "benchmarks" / "automl.md"

INTERIM = "results.md"
"""In the work folder, after each job: what is finished so far."""

_OVERHEAD_S = 25.0
"""About what a job takes beside its budget."""

_PACKAGES = {"autogluon": "autogluon.tabular", "mljar": "mljar-supervised"}
"""Peers whose package has another name."""


@click.command(context_settings={"max_content_width": 100})
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    envvar="MODELWRIGHT_BENCH_DATA",
    required=True,
    help="The folder of tables: catalog.json, SET/TABLE.parquet, SET/split.parquet.",
)
@click.option("--budget", "budgets", multiple=True, metavar="TIME", help="[default: 60s and 240s]")
@click.option("--contestants", metavar="A,B", default="", help=f"Of {', '.join(ROSTER)}.")
@click.option("--only", metavar="SET,…", default="", help="These sets of the suite.")
@click.option("--suite", metavar="NAME", default=SUITE, help="[default: accuracy]")
@click.option("--rows", type=click.IntRange(100), help="At most so many training rows.")
@click.option("--quick", is_flag=True, help="The two smallest sets at 30 s.")
@click.option("--seed", type=int, default=0, help="[default: 0]")
@click.option("--cores", type=click.IntRange(1), help="The first cores. [default: all]")
@click.option("--again", is_flag=True, help="Run also what is finished.")
@click.option("--keep", is_flag=True, help="Keep the fitted models.")
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("~/.cache/modelwright-bench"),
    help="Tables, logs, results. [default: ~/.cache/modelwright-bench]",
)
@click.option("--envs", type=click.Path(path_type=Path), help="[default: WORK/envs]")
@click.option(
    "--page",
    type=click.Path(path_type=Path),
    help="Where the tables go. [default: docs/benchmarks/ of a whole run, else WORK/results.md]",
)
def command(
    *,
    data: Path,
    budgets: Sequence[str],
    contestants: str,
    only: str,
    suite: str,
    rows: int | None,
    quick: bool,
    seed: int,
    cores: int | None,
    again: bool,
    keep: bool,
    work: Path,
    envs: Path | None,
    page: Path | None,
) -> None:
    """Compare modelwright with its peers: one after another, each in its own environment."""
    work = work.expanduser().absolute()
    used = pin(cores)
    contests = contests_named(read_suite(data, suite=suite), names_in(only))
    meeting = Meeting(
        contests=smallest(contests) if quick else contests,
        entrants=entrants_named(names_in(contestants)),
        budgets_s=[parse_duration(b) for b in budgets or (QUICK_BUDGETS if quick else BUDGETS)],
        seed=seed,
        rows=rows,
        cores=used,
        machine=describe(used),
        work=work,
        again=again,
        keep=keep,
    )
    whole = not (quick or only or contestants or rows or suite != SUITE)
    target = page or (PAGE if whole else work / INTERIM)
    with held_alone((envs or work / "envs").expanduser().absolute()) as folder:
        _run(meeting, folder, target)


def _run(meeting: Meeting, envs: Path, target: Path) -> None:
    peers = (entrant.peer for entrant in meeting.entrants)
    environments, missing = make_environments(peers, folder=envs, say=click.echo)
    click.echo(f"at most {format_duration(_longest_s(meeting))} when nothing is finished")
    run = Run(
        command=shareable("bench", sys.argv[1:]),
        machine=f"{meeting.machine}, {describe_rest()}",
        versions=_versions(environments),
        day=datetime.now(UTC).date().isoformat(),
        missing=missing,
    )

    def show(results: Sequence[Result]) -> None:
        write_page(meeting.work / INTERIM, results_as_markdown(results, run))

    results = hold(meeting, environments, say=click.echo, show=show, variables=os.environ)
    write_page(target, results_as_markdown(results, run))
    click.echo(f"wrote {target}")


def _longest_s(meeting: Meeting) -> float:
    lanes = len(meeting.contests) * len(meeting.entrants)
    return sum(lanes * (budget_s + _OVERHEAD_S) for budget_s in meeting.budgets_s)


def _versions(environments: dict[str, Environment]) -> str:
    """Return each peer's version from its own environment."""
    told = (
        f"{package} {environment.versions[package]}"
        for peer, environment in environments.items()
        if (package := _PACKAGES.get(peer, peer)) in environment.versions
    )
    return ", ".join(told)


if __name__ == "__main__":
    end_in_words(command)
