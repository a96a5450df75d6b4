"""`python -m bench.maintain`: what watches a model, beside others that watch."""

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bench.command import end_in_words, names_in, shareable
from bench.environments import ROOT, Environment, held_alone, make_environments
from bench.machine import describe, describe_rest
from bench.maintain.answers import Told, ask, seen_of
from bench.maintain.drill import is_laid_out
from bench.maintain.laying import Size, lay_out
from bench.maintain.roster import ROSTER, Contestant, contestants_named
from bench.maintain.tables import as_tables
from bench.maintain.worlds import TWENTY, faults_of, make_named, world_names
from bench.page import write_page
from bench.suite import Contest, read_suite
from modelwright.errors import BriefError, InputError, ServiceError, nearest

PAGE = ROOT / "docs" / "benchmarks" / "monitors.md"
MARKS = ("<!-- watching: written by python -m bench.maintain -->", "<!-- end of watching -->")
INTERIM = "results.md"
_QUICK = ("bike_hourly", TWENTY)


@click.command(context_settings={"max_content_width": 100})
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    envvar="MODELWRIGHT_BENCH_DATA",
    required=True,
    help="The folder of tables, as python -m bench has it.",
)
@click.option("--suite", metavar="NAME", default="accuracy", show_default=True)
@click.option("--only", metavar="WORLD,…", default="", help="Sets, SET-shuffled, twenty-columns.")
@click.option("--contestants", metavar="A,B", default="", help=f"Of {', '.join(ROSTER)}.")
@click.option("--starts", type=click.IntRange(1), default=2, show_default=True, help="Places.")
@click.option("--windows", type=click.IntRange(8), default=30, show_default=True, help="Of a set.")
@click.option("--quick", is_flag=True, help="One set and the twenty columns, one place.")
@click.option("--again", is_flag=True, help="Ask also who was asked.")
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("~/.cache/modelwright-bench/maintain"),
    help="Models, windows, answers. [default: ~/.cache/modelwright-bench/maintain]",
)
@click.option("--envs", type=click.Path(path_type=Path), help="[default: WORK/../envs]")
@click.option(
    "--page",
    type=click.Path(path_type=Path),
    help="[default: docs/benchmarks/monitors.md of a whole run, else WORK/results.md]",
)
def command(
    *,
    data: Path,
    suite: str,
    only: str,
    contestants: str,
    starts: int,
    windows: int,
    quick: bool,
    again: bool,
    work: Path,
    envs: Path | None,
    page: Path | None,
) -> None:
    """Let modelwright and its peers watch the same windows, untouched and with known faults."""
    work = work.expanduser().absolute()
    contests = read_suite(data, suite=suite)
    names = _chosen(only, quick, world_names(contests))
    size = Size(starts=1 if quick else starts, windows=windows)
    drills = work / f"drills-{size.windows}-{size.starts}"
    with held_alone((envs or work.parent / "envs").expanduser().absolute()) as folder:
        chosen = contestants_named(names_in(contestants))
        made, missing = make_environments(
            (each.name for each in chosen), folder=folder, say=click.echo
        )
        environments = {each: made[each.name] for each in chosen if each.name in made}
        worlds = []
        for name in names:
            try:
                _lay(name, contests, drills=drills, size=size)
                worlds.append(name)
            except InputError as error:
                missing.append(f"{name} took no part: {error}")
                click.echo(missing[-1])
        told = _ask(worlds, environments, drills, missing, again=again)
    worlds = _judged_by_all(worlds, told, missing)
    seen = [
        each
        for contestant in environments
        for each in seen_of(told[contestant.name], drills, environments[contestant])
    ]
    text = f"{_head(environments)}\n{as_tables(seen, worlds)}"
    if missing:
        text += "\n" + "\n".join(f"- {sentence}" for sentence in missing) + "\n"
    target = page or (work / INTERIM if only or quick or contestants else PAGE)
    write_page(target, text, marks=MARKS)
    click.echo(f"wrote {target}")


def _chosen(only: str, quick: bool, known: Sequence[str]) -> list[str]:
    wanted = names_in(only) or [name for name in known if not quick or name in _QUICK]
    for name in wanted:
        if name not in known:
            raise BriefError(f"There is no world {name!r}.", nearest(name, known))
    return wanted


def _lay(name: str, contests: tuple[Contest, ...], *, drills: Path, size: Size) -> None:
    """Lay a world out, unless that was done."""
    if not is_laid_out(drills / name):
        click.echo(f"laying out {name}")
        lay_out(make_named(name, contests), faults_of(name), drills / name, size=size)


def _ask(
    worlds: Sequence[str],
    environments: Mapping[Contestant, Environment],
    drills: Path,
    missing: list[str],
    *,
    again: bool,
) -> dict[str, dict[str, list[Told]]]:
    """Ask all contestants about each world in turn; who breaks off is missing there."""
    told: dict[str, dict[str, list[Told]]] = {each.name: {} for each in environments}
    for world in worlds:
        for contestant, environment in environments.items():
            click.echo(f"{world}: {contestant.name}")
            try:
                said = ask(
                    contestant, drills / world, environment, again=again, variables=os.environ
                )
            except ServiceError as error:
                missing.append(f"{contestant.name} broke off on {world}: {error}")
                click.echo(missing[-1])
                continue
            told[contestant.name][world] = said
    return told


def _judged_by_all(
    worlds: Sequence[str], told: Mapping[str, Mapping[str, list[Told]]], missing: list[str]
) -> list[str]:
    """Return the worlds in which nobody failed on every window, so that all rows compare alike."""
    kept = list(worlds)
    for contestant, by_world in told.items():
        for world in worlds:
            said = by_world.get(world, [])
            if said and all(each.readings for each in said):
                continue
            why = next((each.failed[0] for each in said if each.failed), "it broke off")
            missing.append(f"{world} is in no table: {contestant} judged no window ({_line(why)}).")
            kept = [name for name in kept if name != world]
    return kept


def _line(text: str) -> str:
    return " ".join(text.split())


def _head(environments: Mapping[Contestant, Environment]) -> str:
    versions = ", ".join(
        f"{package} {environment.versions[package]}"
        for contestant, environment in environments.items()
        for package in contestant.packages
        if package in environment.versions
    )
    day, machine = datetime.now(UTC).date().isoformat(), describe(len(os.sched_getaffinity(0)))
    told = f"{day}; {machine}, {describe_rest()}; {versions}."
    return f"```\n{shareable('bench.maintain', sys.argv[1:])}\n```\n\n{told}\n"


if __name__ == "__main__":
    end_in_words(command)
