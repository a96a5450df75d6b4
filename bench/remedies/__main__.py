"""`python -m bench.remedies`: how much of the loss that a fault does is brought back.

On each set that is ordered in time a model learns from the rows before its split. The faults of
`gameday` are injected into the rows after, one at a time, for eight windows of 500 rows. After each
window the remedies are tested on what is known by then, as `modelwright maintain --propose` does,
and the best that helps with confidence is applied; where none does, and the one before has done
worse than the model as it stood, that is taken back. An oracle beside it learns again before every
window from all labels by then, in the best of three ways as it turns out.
With `--drawn` worlds that change in a known way stand in for tables and faults.
What lies between the untouched model and the oracle from the second window on is the recoverable
loss. A clairvoyant oracle learns from labels that come later too.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from bench.command import names_in
from bench.remedies.course import live_with_remedies
from bench.remedies.drawn import WORLDS, draw_stage
from bench.remedies.oracle import ask_oracle
from bench.remedies.stage import CLEAN, LASTS, WINDOW, Stage, set_up
from bench.remedies.told import Told, summed
from modelwright.compute.threads import one_thread_each
from modelwright.errors import ModelwrightError
from modelwright.maintain.gameday.faults.base import Fault, Injection
from modelwright.maintain.gameday.faults.registry import faults_named

_SETS = ("weather_aus", "elec2", "bike_hourly", "pm25_beijing", "employment_ma")
_FAULTS = (
    "unit change",
    "swapped columns",
    "stuck values",
    "missing values",
    "renamed categories",
    "new categories",
    "covariate drift",
    "concept drift",
)


@click.command(context_settings={"max_content_width": 100})
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    envvar="MODELWRIGHT_BENCH_DATA",
    help="The folder of tables, as python -m bench has it.",
)
@click.option("--drawn", is_flag=True, help="Instead: worlds that are drawn here.")
@click.option("--only", default="", metavar="NAME,…", help="These sets, or these worlds.")
@click.option("--fault", default=",".join(_FAULTS), metavar="NAME,…", help="These faults.")
@click.option("--asked-after", default="", metavar="N,…", help="Windows; by default each.")
@click.option("--columns", default=1, show_default=True, help="That each fault tries.")
@one_thread_each()
def main(
    data: Path | None, *, drawn: bool, only: str, fault: str, asked_after: str, columns: int
) -> None:
    """Measure which part of the recoverable loss remedies recover.

    \b
    Examples:
      python -m bench.remedies --data ../data --only weather_aus
      python -m bench.remedies --drawn --only turns-1000-classes
    """
    if data is None and not drawn:
        raise click.UsageError("Name the folder of tables, --data, or say --drawn.")
    asked = tuple(map(int, names_in(asked_after))) or tuple(range(1, LASTS))
    every, names = list[Told](), names_in(only)
    faults = faults_named(names_in(fault))
    cases = _drawn(names) if data is None or drawn else _faulty(data, names, faults, columns)
    for stage, name, injection in cases:
        try:
            every.append(measure(stage, name, injection, asked))
        except ModelwrightError as error:
            click.echo(f"{stage.name}, {name}: {error}", err=True)
            continue
        click.echo(str(every[-1]))
    for key in dict.fromkeys([*(each.fault for each in every), *(each.table for each in every)]):
        click.echo(f"{key}: {summed([each for each in every if key in (each.fault, each.table)])}")
    click.echo(f"all: {summed(every)}")


def measure(stage: Stage, fault: str, injection: Injection | None, asked: Sequence[int]) -> Told:
    """Return what a fault costs, and what remedies and the oracle bring back.

    Parameters
    ----------
    stage
        The model and its traffic.
    fault, injection
        What is injected; None for the rows as they are.
    asked
        After which windows remedies are tested.
    """
    rows, later = stage.rows(injection), slice(CLEAN + WINDOW, None)
    mended, names = live_with_remedies(stage, rows, asked)
    return Told(
        table=stage.name,
        fault=fault,
        remedies=names,
        plain=float(stage.losses(stage.rows())[later].mean()),
        usual=float(stage.losses(rows)[later].mean()),
        mended=float(mended[later].mean()),
        oracle=float(ask_oracle(stage, rows, clairvoyant=False)[later].mean()),
        clairvoyant=float(ask_oracle(stage, rows, clairvoyant=True)[later].mean()),
    )


def _drawn(names: Sequence[str]) -> Iterator[tuple[Stage, str, None]]:
    for world in WORLDS.values():
        if not names or world.name in names:
            yield draw_stage(world), "drawn", None


def _faulty(
    data: Path, names: Sequence[str], faults: tuple[Fault, ...], columns: int
) -> Iterator[tuple[Stage, str, Injection]]:
    for stage in _stages(data, names or _SETS):
        for name, injection in stage.injections(faults, columns=columns):
            yield stage, name, injection


def _stages(data: Path, names: Sequence[str]) -> Iterator[Stage]:
    """Yield a stage for each set; of one that has too few rows it is said why not."""
    for entry in json.loads((data / "catalog.json").read_text(encoding="utf-8"))["datasets"]:
        if entry["name"] not in names:
            continue
        try:
            yield set_up(entry, data / entry["name"])
        except ModelwrightError as error:
            click.echo(f"{entry['name']}: {error}", err=True)


if __name__ == "__main__":
    main()
