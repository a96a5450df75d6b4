"""`modelwright build`: the third room."""

from pathlib import Path

import click

from modelwright.cli.countdown import counted_down
from modelwright.cli.options import (
    budget_option,
    compute_option,
    json_option,
    quiet_option,
    workspace_option,
)
from modelwright.cli.output import give_document
from modelwright.compute.turns import command_began


@click.command("build")
@workspace_option
@budget_option
@click.option(
    "--replay", is_flag=True, help="Build again what the last candidate's schedule records."
)
@compute_option
@quiet_option
@json_option
def command(
    workspace: Path,
    *,
    budget: str | None,
    replay: bool,
    compute: str,
    quiet: bool,
    as_json: bool,
) -> int:
    """Build a candidate inside the budget and judge it once on the holdout.

    Builds from the findings as they stand; makes them first when there are none. Exits with 1
    when a gate is red.

    The candidate records what was done. A replay does the same again, however long it takes, and
    a gate says whether the same bundle came out.

    \b
    Example:
      modelwright build --workspace flights-model --budget 2m
      modelwright build --workspace flights-model --replay
      modelwright build --workspace flights-model --compute ray://10.0.0.1:10001
    """
    began = command_began()
    from modelwright.engineer.project import Project

    with counted_down(quiet=quiet, as_json=as_json, began=began) as report:
        project = Project.open(workspace, report=report, compute=compute)
        candidate = project.replay() if replay else project.build(budget, began=began)
    return give_document(candidate, as_json=as_json)
