"""`modelwright label`: what really happened."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import json_option, ledger_option, source_options, workspace_option
from modelwright.cli.output import print_json
from modelwright.cli.tables import read_table

if TYPE_CHECKING:
    from modelwright.workspace.ledger.rows import LabelCount


@click.command("label")
@click.argument("data")
@click.option(
    "--id", "id_column", metavar="COLUMN", default="id", show_default=True, help="It holds the ids."
)
@click.option(
    "--target", metavar="COLUMN", help="It holds the labels. [default: the model's target]"
)
@click.option("--time", metavar="COLUMN", default="", help="When each label became known.")
@source_options
@workspace_option
@ledger_option
@json_option
def command(
    data: str,
    workspace: Path,
    *,
    id_column: str,
    target: str | None,
    time: str,
    table: str | None,
    query: str | None,
    as_json: bool,
) -> int:
    """Join the labels in DATA with the predictions of the same ids that the server logged.

    Of several labels of one id the one with the latest time counts. Without --time, that is now.

    \b
    Examples:
      modelwright label arrived.csv --id id --target late --workspace flights-model
      modelwright label arrived.csv --time landed_at --workspace flights-model
    """
    from modelwright.engineer.project import Project

    project = Project.open(workspace)
    labels = read_table(data, table=table, query=query)
    count = project.label(labels, id_column=id_column, target=target, time_column=time)
    if as_json:
        print_json(
            {
                "matched": count.matched,
                "corrected": count.corrected,
                "unknown": count.unknown,
                "outdated": count.outdated,
            }
        )
        return 0
    click.echo("; ".join(_told(count)) + ".")
    return 0


def _told(count: "LabelCount") -> list[str]:
    from modelwright.report.words import plural

    told = [
        f"{plural(count.matched, 'label')} joined, {count.corrected:,} of them corrections",
        f"{count.unknown:,} belong to no logged prediction yet",
    ]
    if count.outdated:
        told.append(f"{count.outdated:,} came before one that is there, and so do not count")
    return told
