"""`modelwright show`: a document of the workspace."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, workspace_option
from modelwright.cli.output import print_json, print_text

_NAMES = ("plan", "findings", "candidate", "release", "health")


@click.command("show")
@click.argument("document", type=click.Choice(_NAMES))
@workspace_option
@json_option
def command(document: str, workspace: Path, *, as_json: bool) -> int:
    """Show a DOCUMENT of the workspace: plan, findings, candidate, release or health.

    \b
    Example:
      modelwright show plan --workspace flights-model --json
    """
    from modelwright.documents import DOCUMENTS
    from modelwright.engineer.archive import read
    from modelwright.workspace.folder import Workspace

    found = read(DOCUMENTS[document], Workspace.open(workspace))
    if as_json:
        print_json(found)
    else:
        print_text(found)
    return 0
