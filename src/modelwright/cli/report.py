"""`modelwright report`: one HTML file."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, workspace_option
from modelwright.cli.output import print_json

_LANGUAGES = ("en", "de", "zh")


@click.command("report")
@workspace_option
@click.option(
    "--language",
    type=click.Choice(_LANGUAGES),
    default="en",
    show_default=True,
    help="Of the one-page summary.",
)
@json_option
def command(workspace: Path, *, language: str, as_json: bool) -> int:
    """Write the reports of a workspace, which need no network.

    `report.html` has all of it, for everybody and for engineers; `summary.html` is one page for who
    decides, and prints on one sheet; `summary.md` is the same for a pull request.

    \b
    Examples:
      modelwright report --workspace flights-model
      modelwright report --workspace flights-model --language de
    """
    from modelwright.report.page import write_report
    from modelwright.report.summary import write_summary
    from modelwright.workspace.folder import Workspace

    opened = Workspace.open(workspace)
    summary, markdown = write_summary(opened, language)
    written = {"report": write_report(opened), "summary": summary, "markdown": markdown}
    if as_json:
        print_json({name: str(path) for name, path in written.items()})
    else:
        click.echo("\n".join(str(path) for path in written.values()))
    return 0
