"""`modelwright maintain`: how the released model does."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import (
    json_option,
    ledger_option,
    quiet_option,
    source_options,
    workspace_option,
)
from modelwright.cli.output import give_document, progress
from modelwright.cli.tables import read_table

if TYPE_CHECKING:
    from modelwright.documents import Health, Release
    from modelwright.engineer.project import Project


@click.command("maintain")
@click.argument("data", required=False)
@click.option("--propose", is_flag=True, help="Test on past rows what would mend the model.")
@click.option("--act", is_flag=True, help="Apply the best remedy that may act alone.")
@click.option("--new", "only_new", is_flag=True, help="Judge each window that is new.")
@click.option("--watch", "keep_on", is_flag=True, help="The same, on and on, until told to stop.")
@click.option(
    "--skew-against", "against", metavar="TABLE", help="Compare what was served with its rows."
)
@click.option("--on", metavar="COLUMN", default="id", show_default=True, help="That table's key.")
@click.option("--budget", metavar="TIME", help="Of --propose and --act: wall time, such as 5m.")
@click.option(
    "--every",
    metavar="TIME",
    default="1h",
    show_default=True,
    help="Of --new and --watch: how long a window is.",
)
@click.option(
    "--rows",
    "fewest",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="Of --new and --watch: the fewest rows of a window.",
)
@source_options
@workspace_option
@ledger_option
@quiet_option
@json_option
def command(
    data: str | None,
    workspace: Path,
    *,
    propose: bool,
    act: bool,
    against: str | None,
    on: str,
    budget: str | None,
    only_new: bool,
    keep_on: bool,
    every: str,
    fewest: int,
    table: str | None,
    query: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Judge the released model on the rows that the server logged, or on DATA.

    Says how good the answers are, or, before labels come, how good they should be, and why the loss
    changed where something is wrong. Exits with 1 when something has to be done. With --propose,
    remedies are fitted on past rows and scored on the rows after, and ranked by what they spare.
    With --skew-against, each column that the server saw is compared with a table of the same rows.
    With --act, the best of those that modelwright.toml allows is applied too. With --watch it
    exits with 0, on SIGTERM or Ctrl-C.

    \b
    Examples:
      modelwright maintain --workspace flights-model
      modelwright maintain november.csv --workspace flights-model
      modelwright maintain november.csv --propose --workspace flights-model
      modelwright maintain --skew-against orders.csv --on order_id --workspace flights-model
      modelwright maintain --new --every 1d --workspace flights-model
      modelwright maintain --watch --every 1h --workspace flights-model
    """
    if budget is not None and not (propose or act):
        raise click.UsageError("--budget is the time for --propose or --act.")
    if against is not None and (data is not None or propose or act or only_new or keep_on):
        raise click.UsageError("--skew-against compares what the server logged, and goes alone.")
    if (only_new or keep_on) and (data is not None or propose or act):
        raise click.UsageError("--new and --watch judge what the server logged, and nothing else.")
    from modelwright.engineer.project import Project
    from modelwright.report.page import write_report

    project = Project.open(workspace, report=progress(quiet=quiet))
    if only_new or keep_on:
        from modelwright.cli.watching import watch

        return watch(project, every=every, rows=fewest, keep_on=keep_on, as_json=as_json)
    if against is not None:
        other = read_table(against, table=table, query=query)
        health, release = project.maintain(against=other, on=on), None
    else:
        rows = None if data is None else read_table(data, table=table, query=query)
        health, release = _judge(project, rows, propose=propose, act=act, budget=budget)
    write_report(project.workspace)
    code = give_document(health, as_json=as_json)
    return code if release is None else give_document(release, as_json=as_json)


def _judge(
    project: "Project", rows: object, *, propose: bool, act: bool, budget: str | None
) -> tuple["Health", "Release | None"]:
    if act:
        return project.act(rows, budget=budget)
    health = project.propose(rows, budget=budget) if propose else project.maintain(rows)
    return health, None
