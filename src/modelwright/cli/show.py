"""`modelwright show`: a document of the workspace."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, workspace_option
from modelwright.cli.output import print_json, print_text

_NAMES = ("plan", "findings", "candidate", "release", "health")


@click.command("show")
@click.argument("document", type=click.Choice(_NAMES))
@click.option("--history", is_flag=True, help="Of health: what every judgement said.")
@workspace_option
@json_option
def command(document: str, workspace: Path, *, history: bool, as_json: bool) -> int:
    """Show a DOCUMENT of the workspace: plan, findings, candidate, release or health.

    \b
    Examples:
      modelwright show plan --workspace flights-model --json
      modelwright show health --history --workspace flights-model
    """
    if history:
        return _show_history(document, workspace, as_json=as_json)
    from modelwright.documents import DOCUMENTS
    from modelwright.engineer.archive import read
    from modelwright.workspace.folder import Workspace

    found = read(DOCUMENTS[document], Workspace.open(workspace))
    if as_json:
        print_json(found)
    else:
        print_text(found)
    return 0


def _show_history(document: str, workspace: Path, *, as_json: bool) -> int:
    from modelwright.engineer.care.alarms import Alarms
    from modelwright.report.terminal.alarms import describe_history
    from modelwright.workspace.folder import Workspace
    from modelwright.workspace.journal import utc_now

    if document != "health":
        raise click.UsageError("--history is of health: modelwright show health --history")
    judgements = Alarms(Workspace.open(workspace), utc_now).health()
    if as_json:
        print_json(judgements)
    else:
        click.echo(describe_history(judgements))
    return 0
