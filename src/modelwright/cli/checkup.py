"""`modelwright checkup`: one verdict over the model and all that it stands on."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, workspace_option
from modelwright.cli.output import print_json


@click.command("checkup")
@click.option("--address", metavar="URL", default="", help="Of the server, to look at it too.")
@click.option(
    "--online", is_flag=True, help="Ask api.osv.dev about the versions of installed packages."
)
@workspace_option
@json_option
def command(workspace: Path, *, address: str, online: bool, as_json: bool) -> int:
    """Look at model, rows, labels, contract, server, certificate, disk and dependencies.

    Exits with 1 when one of them is at fault. What could not be looked at is named; it is no fault.

    \b
    Examples:
      modelwright checkup --workspace flights-model
      modelwright checkup --address https://models.example.org --online --json
    """
    from modelwright.engineer.checkup.verdict import describe_checkup
    from modelwright.engineer.project import Project

    checkup = Project.open(workspace).checkup(address=address, online=online)
    if as_json:
        print_json(checkup)
    else:
        click.echo(describe_checkup(checkup))
    return 0 if checkup.passed else 1
