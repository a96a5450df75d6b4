"""`modelwright retraining`: how often the model should learn again."""

from pathlib import Path

import click

from modelwright.cli.options import (
    budget_option,
    json_option,
    quiet_option,
    source_options,
    workspace_option,
)
from modelwright.cli.output import print_json, progress
from modelwright.cli.tables import read_table


@click.command("retraining")
@click.argument("data", required=False)
@click.option(
    "--rows",
    type=click.IntRange(100),
    default=500,
    show_default=True,
    help="In a window; fewer where labels are few.",
)
@budget_option
@source_options
@workspace_option
@quiet_option
@json_option
def command(
    data: str | None,
    workspace: Path,
    *,
    rows: int,
    budget: str | None,
    table: str | None,
    query: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Try on the past how often the model should learn again, and from what.

    The past is DATA, else what the server logged; rows need labels, and are taken in their order.
    Before each window the model learns again from what was known by then, and answers the windows
    after; when the budget is over, or on Ctrl-C, the windows lived through decide. The result is
    written to retraining.json, its picture to reports/retraining.svg. Exits with 1 when no policy
    gains with confidence.

    \b
    Examples:
      modelwright retraining --workspace flights-model
      modelwright retraining november.csv --rows 1000 --workspace flights-model
    """
    from modelwright.engineer.project import Project
    from modelwright.report.pictures.retraining import describe_retraining, draw_retraining

    project = Project.open(workspace, report=progress(quiet=quiet))
    given = None if data is None else read_table(data, table=table, query=query)
    found = project.retraining(given, window_rows=rows, budget=budget)
    project.workspace.write_text("reports/retraining.svg", draw_retraining(found))
    if as_json:
        print_json(found)
    else:
        click.echo(describe_retraining(found))
    return 0 if found.recommended else 1
