"""`modelwright maintain`: how the released model does."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, quiet_option, source_options, workspace_option
from modelwright.cli.output import give_document, progress
from modelwright.cli.tables import read_table


@click.command("maintain")
@click.argument("data", required=False)
@source_options
@workspace_option
@quiet_option
@json_option
def command(
    data: str | None,
    workspace: Path,
    *,
    table: str | None,
    query: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Judge the released model on the rows that the server logged, or on DATA.

    Leaves with 1 when something has to be done.

    \b
    Examples:
      modelwright maintain --workspace flights-model
      modelwright maintain november.csv --workspace flights-model
    """
    from modelwright.engineer.project import Project
    from modelwright.report.page import write_report

    project = Project.open(workspace, report=progress(quiet=quiet))
    rows = None if data is None else read_table(data, table=table, query=query)
    health = project.maintain(rows)
    write_report(project.workspace)
    return give_document(health, as_json=as_json)
