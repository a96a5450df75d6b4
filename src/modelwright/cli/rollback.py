"""`modelwright rollback`: the previous release again."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, workspace_option
from modelwright.cli.output import print_json


@click.command("rollback")
@workspace_option
@json_option
def command(workspace: Path, *, as_json: bool) -> int:
    """Make the previous release the champion again.

    \b
    Example:
      modelwright rollback --workspace flights-model
    """
    from modelwright.engineer.project import Project

    champion = Project.open(workspace).roll_back()
    if as_json:
        print_json({"champion": champion})
    else:
        click.echo(f"The champion is {champion[:12]} again.")
    return 0
