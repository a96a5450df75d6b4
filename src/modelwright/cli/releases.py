"""`modelwright releases`: who was champion when."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, workspace_option
from modelwright.cli.output import print_json


@click.command("releases")
@workspace_option
@json_option
def command(workspace: Path, *, as_json: bool) -> int:
    """Show every change of champion and challenger: when, which bundle, who, and why.

    \b
    Example:
      modelwright releases --workspace flights-model
    """
    from modelwright.engineer.project import Project
    from modelwright.report.terminal.releases import describe_releases

    releases = Project.open(workspace).rollout.releases()
    if as_json:
        print_json(releases)
    else:
        click.echo(describe_releases(releases))
    return 0
