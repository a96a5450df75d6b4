"""`modelwright features`: what related tables are worth, and the SQL that makes their features."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, workspace_option
from modelwright.cli.output import print_json


@click.command("features")
@workspace_option
@click.option(
    "--sql",
    "dialect",
    metavar="DIALECT",
    help="Print one query: duckdb, postgresql, mysql or sqlite.",
)
@click.option("--main", metavar="NAME", help="What the question's table is called in the query.")
@json_option
def command(workspace: Path, *, dialect: str | None, main: str | None, as_json: bool) -> int:
    """List the features of related tables, the worthiest first, and what supplied data is worth.

    The gain is by how much the metric is better with the features than without, on the training
    rows' folds, with an interval that is corrected for the number of proposals tried.

    With `--sql`, print the query that computes the features which are kept, each as it was known
    strictly before its row's moment.

    \b
    Examples:
      modelwright features --workspace flights-model
      modelwright features --workspace flights-model --sql postgresql > features.sql
    """
    from modelwright.data.relations.moment_sql import require_readable
    from modelwright.documents import Findings
    from modelwright.engineer.archive import read
    from modelwright.report.related import describe_features
    from modelwright.workspace.folder import Workspace

    findings = read(Findings, Workspace.open(workspace))
    if dialect:
        require_readable(findings.features)
        home = findings.plan.home
        click.echo(home.query(findings.features, dialect=dialect, main=main or "") + ";")
    elif as_json:
        print_json({"requests": findings.requests, "supplied": findings.supplied})
    else:
        click.echo(describe_features(findings))
    return 0
