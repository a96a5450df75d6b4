"""`modelwright build`: the third room."""

from pathlib import Path

import click

from modelwright.cli.options import budget_option, json_option, quiet_option, workspace_option
from modelwright.cli.output import give_document, progress


@click.command("build")
@workspace_option
@budget_option
@quiet_option
@json_option
def command(workspace: Path, *, budget: str | None, quiet: bool, as_json: bool) -> int:
    """Build a candidate inside the budget and judge it once on the holdout.

    Builds from the findings as they stand; makes them first when there are none. Leaves with 1
    when a gate is red.

    \b
    Example:
      modelwright build --workspace flights-model --budget 2m
    """
    from modelwright.engineer.project import Project

    project = Project.open(workspace, report=progress(quiet=quiet))
    return give_document(project.build(budget), as_json=as_json)
