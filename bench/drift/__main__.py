"""`python -m bench.drift`: which faults are found and named, and how often nothing is."""

from collections.abc import Sequence
from pathlib import Path

import click

from bench.command import names_in
from bench.drift.estimated import estimate_windows, in_words
from bench.drift.measured import drill, watch_year
from bench.drift.worlds import make_world
from bench.suite import contests_named, read_suite
from modelwright.documents.gameday import Gameday


@click.command(context_settings={"max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--work", type=click.Path(path_type=Path), required=True, help="Keeps the models.")
@click.option("--only", default="", metavar="SET,…", help="These sets. [default: all]")
@click.option("--shuffled", is_flag=True, help="Rows in an order drawn at random.")
@click.option("--starts", default=2, show_default=True, help="Places at which each fault begins.")
@click.option("--budget", default="20s", show_default=True, help="For each model.")
@click.option("--year", default=0, metavar="ROWS", help="Instead: a year of checks of so many.")
@click.option("--estimates", is_flag=True, help="Instead: estimated scores beside realised ones.")
def main(
    data: Path,
    work: Path,
    *,
    only: str,
    shuffled: bool,
    starts: int,
    budget: str,
    year: int,
    estimates: bool,
) -> None:
    """Build a model on the first half of each set, and drill what watches it on the second.

    Example: python -m bench.drift --data ../tables --work /tmp/drift --only elec2,adult
    """
    contests = contests_named(read_suite(data, suite="accuracy"), names_in(only))
    drilled = list[Gameday]()
    for contest in contests:
        world = make_world(contest, work, shuffled=shuffled, budget=budget)
        if estimates:
            for late in (None, 1):
                click.echo(f"{world.name}, {in_words(estimate_windows(world, late=late), late)}")
            continue
        if year:
            told = watch_year(world, rows=year)
            click.echo(
                f"{world.name}: {told.alarms} alarms in {told.checks:,} checks of {told.rows:,} "
                f"rows, {told.seconds:.0f} s, {told.memory_bytes / 1e6:.0f} MB"
            )
            continue
        drilled.append(drill(world, starts=starts))
        click.echo(_row(world.name, drilled[-1:]))
    if len(drilled) > 1:
        click.echo(_row("all", drilled))


def _row(name: str, gamedays: Sequence[Gameday]) -> str:
    """Return a row of the table."""
    outcomes = [each for gameday in gamedays for each in gameday.outcomes]
    harmful = [each for each in outcomes if each.harm == "harmful"]
    harmless = [each for each in outcomes if each.harm == "harmless"]
    at_once = sum(each.late == 0 for each in harmful)
    right = sum(each.is_right for each in harmful)
    alarms = sum(len(gameday.false_alarms) for gameday in gamedays)
    windows = sum(gameday.windows for gameday in gamedays)
    told = sum(each.found for each in harmless)
    return (
        f"| {name} | {len(harmful)} | {at_once} | {right} | {told} of {len(harmless)} | "
        f"{alarms} of {windows} |"
    )


if __name__ == "__main__":
    main()
