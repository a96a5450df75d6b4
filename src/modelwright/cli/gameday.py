"""`modelwright gameday`: a drill of what watches the model."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, quiet_option, source_options, workspace_option
from modelwright.cli.output import print_json, progress
from modelwright.cli.tables import read_table


@click.command("gameday")
@click.argument("data", required=False)
@click.option(
    "--fault", "faults", multiple=True, metavar="NAME", help="Only this one. [default: all]"
)
@click.option(
    "--rows",
    type=click.IntRange(100),
    default=500,
    show_default=True,
    help="In a window; fewer where the traffic is short.",
)
@click.option(
    "--starts",
    type=click.IntRange(1, 50),
    default=1,
    show_default=True,
    help="At how many places of the traffic each fault begins.",
)
@click.option(
    "--columns",
    type=click.IntRange(1, 50),
    default=2,
    show_default=True,
    help="How many columns each fault tries, the weightiest first.",
)
@click.option("--mend", is_flag=True, help="Try remedies on what is found; takes longer.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn.")
@source_options
@workspace_option
@quiet_option
@json_option
def command(
    data: str | None,
    workspace: Path,
    *,
    faults: tuple[str, ...],
    rows: int,
    starts: int,
    columns: int,
    mend: bool,
    seed: int,
    table: str | None,
    query: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Inject known faults into a copy of traffic, and see what maintenance finds.

    Traffic is DATA, else the rows that the server logged, else the holdout of the workspace. Rows
    are taken in their order and stay as they are. The outcome is kept in gameday.json, which the
    dashboard shows. Exits with 1 when a fault that does harm was not found.

    Faults: unit change, swapped columns, stuck values, missing values, renamed categories, new
    categories, repeated rows, resent rows, mixed-up rows, shifted clock, late labels, retrained
    encoder, covariate drift, concept drift, harmless season; and those of packages.

    \b
    Examples:
      modelwright gameday --workspace flights-model
      modelwright gameday --mend --workspace flights-model
      modelwright gameday november.csv --fault "unit change" --workspace flights-model
    """
    from modelwright.engineer.project import Project
    from modelwright.maintain.gameday.drill import Drill
    from modelwright.maintain.gameday.faults.registry import faults_named
    from modelwright.report.terminal.gameday import describe_gameday

    drill = Drill(
        faults=faults_named(faults), starts=starts, columns=columns, seed=seed, mends=mend
    )
    project = Project.open(workspace, report=progress(quiet=quiet))
    given = None if data is None else read_table(data, table=table, query=query)
    gameday = project.gameday(given, drill=drill, window_rows=rows, source=data)
    if as_json:
        print_json(gameday)
    else:
        click.echo(describe_gameday(gameday))
    return 0 if gameday.passed else 1
