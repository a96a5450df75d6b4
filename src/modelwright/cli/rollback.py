"""`modelwright rollback`: the previous release again."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, why_option, workspace_option
from modelwright.cli.output import print_json, progress


@click.command("rollback")
@workspace_option
@why_option
@json_option
def command(workspace: Path, *, why: str, as_json: bool) -> int:
    """Make the previous release the champion again.

    It needs nothing but the two bundles: neither a build that is at work nor a challenger on trial
    stands in its way.

    \b
    Examples:
      modelwright rollback --workspace flights-model
      modelwright rollback --why "refuses orders from Malta" --workspace flights-model
    """
    from modelwright.engineer.project import Project

    champion = Project.open(workspace, report=progress(quiet=as_json)).roll_back(why=why)
    if as_json:
        print_json({"champion": champion})
    else:
        click.echo(f"The champion is {champion[:12]} again.")
    return 0
