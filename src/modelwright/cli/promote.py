"""`modelwright promote`: the challenger becomes the champion."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, ledger_option, why_option, workspace_option
from modelwright.cli.output import print_json, progress


@click.command("promote")
@click.option("--force", is_flag=True, help="Though no test says that it is better; needs --why.")
@workspace_option
@ledger_option
@why_option
@json_option
def command(workspace: Path, *, force: bool, why: str, as_json: bool) -> int:
    """Make the challenger the champion, when `modelwright compare` says that it is better.

    The server takes it within a second, while requests go on. The champion before is watched beside
    it: should it turn out to be the better one, `modelwright compare --act` rolls back. Exits with
    1 when the champion stays.

    \b
    Examples:
      modelwright promote --workspace flights-model
      modelwright promote --force --why "the old one reads a column that ends on Friday"
    """
    from modelwright.engineer.project import Project

    promoted = Project.open(workspace, report=progress(quiet=as_json)).promote(force=force, why=why)
    if as_json:
        print_json(promoted)
    else:
        stays = "" if promoted.acted else " still"
        click.echo(f"The champion is{stays} {promoted.champion[:12]}. {promoted.sentence}")
    return 0 if promoted.acted else 1
