"""`modelwright deploy`: the fourth room."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, quiet_option, workspace_option
from modelwright.cli.output import give_document, progress


@click.command("deploy")
@workspace_option
@quiet_option
@json_option
def command(workspace: Path, *, quiet: bool, as_json: bool) -> int:
    """Test the candidate's bundle as a client would, and release it when every gate is green.

    Leaves with 1 when a gate is red and nothing was released.

    \b
    Example:
      modelwright deploy --workspace flights-model
    """
    from modelwright.engineer.project import Project

    project = Project.open(workspace, report=progress(quiet=quiet))
    return give_document(project.deploy(), as_json=as_json)
