"""`modelwright ledger import`: what another system logged."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import json_option, ledger_option, source_options, workspace_option
from modelwright.cli.output import print_json
from modelwright.cli.tables import read_table

if TYPE_CHECKING:
    from modelwright.maintain.log.foreign_log import Imported


@click.command("import")
@click.argument("data")
@click.option("--id", "id_", metavar="COLUMN", default="id", show_default=True, help="Holds ids.")
@click.option(
    "--time", metavar="COLUMN", default="time", show_default=True, help="When it was answered."
)
@click.option("--prediction", metavar="COLUMN", default="", help="The class or number answered.")
@click.option(
    "--probability",
    "probabilities",
    multiple=True,
    metavar="[CLASS=]COLUMN",
    help="Of a class; of two classes, the second one's is enough.",
)
@click.option(
    "--label", metavar="COLUMN", default="", help="What came true. [default: the model's target]"
)
@click.option("--label-time", metavar="COLUMN", default="", help="When that became known.")
@click.option(
    "--input",
    "inputs",
    multiple=True,
    metavar="FEATURE=COLUMN",
    help="A feature that DATA calls otherwise.",
)
@click.option("--bundle", "version", metavar="HASH", default="", help="[default: the champion]")
@click.option("--black-box", is_flag=True, help="The model is not here: begin to watch its log.")
@click.option("--target", metavar="NAME", default="", help="Of --black-box: what it predicts.")
@source_options
@workspace_option
@ledger_option
@json_option
def command(
    data: str,
    workspace: Path,
    *,
    id_: str,
    time: str,
    prediction: str,
    probabilities: tuple[str, ...],
    label: str,
    label_time: str,
    inputs: tuple[str, ...],
    version: str,
    black_box: bool,
    target: str,
    table: str | None,
    query: str | None,
    as_json: bool,
) -> int:
    """Take the answers in DATA, which another system logged, as answers of the workspace's model.

    Then `maintain` judges them like those of `modelwright serve`. A row whose id is there already
    is left as it is, so that an import that was killed is completed by the same command. Answers
    in DATA are compared with the bundle's own. With --black-box the workspace is made, and the
    earlier rows of DATA are what later ones are compared with.

    \b
    Examples:
      modelwright ledger import 'logs/*.parquet' --time at --probability score -w flights-model
      modelwright ledger import log.csv --black-box --target late --prediction said -w their-model
      modelwright ledger import postgresql://me@host/shop --table scores --input age=customer_age
    """
    from modelwright.engineer.project import Project
    from modelwright.maintain.log.foreign_columns import LogColumns

    columns = LogColumns(
        id=id_,
        time=time,
        prediction=prediction,
        probabilities=dict(_pair(each, alone="") for each in probabilities),
        label=label,
        label_time=label_time,
        inputs=dict(_pair(each) for each in inputs),
    )
    if black_box != bool(target):
        raise click.UsageError("--black-box needs --target, and only that does.")
    if black_box and version:
        raise click.UsageError("--bundle is of a model that is here; leave it or --black-box out.")
    rows = read_table(data, table=table, query=query)
    if black_box:
        from modelwright.engineer.care.imports import begin_black_box

        begin_black_box(workspace, rows, columns=columns, target=target, now=datetime.now(UTC))
    imported = Project.open(workspace).import_log(rows, columns=columns, version=version)
    if as_json:
        print_json(imported)
    else:
        click.echo("\n".join(_lines(imported)))
    return 0


def _pair(text: str, *, alone: str | None = None) -> tuple[str, str]:
    name, sign, column = text.partition("=")
    if sign and name and column:
        return name, column
    if alone is None or sign:
        raise click.UsageError(f"{text!r:.80} is no pair. Write NAME=COLUMN.")
    return alone, name


def _lines(imported: "Imported") -> list[str]:
    from modelwright.report.words import plural

    lines = [f"{imported.new:,} of {imported.rows:,} answers are new in the ledger."]
    if imported.unanswered:
        lines.append(
            f"! {plural(imported.unanswered, 'row')} left out: the model has no answer to them."
        )
    if imported.again:
        lines.append(
            f"! {plural(imported.again, 'row')} of the log came under the id of a row before, "
            "which alone is kept."
        )
    if imported.left_out:
        lines.append(
            f"! {plural(imported.left_out, 'label')} of such rows left out: the row that is kept "
            "was answered at another time."
        )
    if imported.labels is not None:
        labels = imported.labels
        lines.append(
            f"{plural(labels.matched, 'label')} joined, {labels.corrected:,} of them corrections."
        )
    if imported.unread:
        told = ", ".join(f"{name} ({count:,})" for name, count in imported.unread.items())
        lines.append(f"! Values that cannot be read count as missing: {told}.")
    if imported.apart:
        lines.append(
            f"! {imported.apart:,} of {imported.compared:,} logged answers are not what the bundle "
            f"answers to the same row, by up to {imported.furthest:.3g}; the first is "
            f"{imported.first_apart!r:.80}. The inputs or the model may be others."
        )
    elif imported.compared:
        lines.append(f"All {imported.compared:,} logged answers are the bundle's own.")
    return lines
