"""`modelwright report`: one HTML file."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, workspace_option
from modelwright.cli.output import print_json


@click.command("report")
@workspace_option
@json_option
def command(workspace: Path, *, as_json: bool) -> int:
    """Write the report of a workspace as one HTML file that needs no network.

    \b
    Example:
      modelwright report --workspace flights-model
    """
    from modelwright.report.page import write_report
    from modelwright.workspace.folder import Workspace

    page = write_report(Workspace.open(workspace))
    if as_json:
        print_json({"report": str(page)})
    else:
        click.echo(page)
    return 0
