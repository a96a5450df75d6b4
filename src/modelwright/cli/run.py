"""`modelwright run`: the whole job."""

from typing import TYPE_CHECKING, Any

import click

from modelwright.cli.countdown import counted_down
from modelwright.cli.options import compute_option, json_option, quiet_option
from modelwright.cli.output import give_release
from modelwright.cli.question import open_project, question_options
from modelwright.compute.turns import command_began

if TYPE_CHECKING:
    from modelwright.documents import Candidate, Release


@click.command("run")
@question_options
@compute_option
@quiet_option
@json_option
def command(data: str | None, *, quiet: bool, as_json: bool, **question: Any) -> int:
    """Do the whole job on DATA: a file, a folder, a glob or a database URL.

    Without DATA, the workspace's `modelwright.toml` says what to do. The same command goes on
    where an interrupted one ended. Exits with 1 when nothing was released.

    \b
    Examples:
      modelwright run flights.csv --target late --budget 5m
      modelwright run postgresql://me@host/shop --query "select * from orders" --target returned
      modelwright run --workspace flights-model
    """
    # What takes a second to import is inside the budget.
    began = command_began()
    from modelwright.documents import Candidate, Findings, read_document
    from modelwright.report.page import write_report
    from modelwright.report.terminal.findings import doubted_lines

    with counted_down(quiet=quiet, as_json=as_json, began=began) as report:
        project = open_project(data, report=report, **question)
        release = project.run(began=began)
    page = write_report(project.workspace)
    candidate = read_document(Candidate, project.workspace)
    exit_code = give_release(release, candidate, as_json=as_json)
    if not as_json:
        for line in doubted_lines(read_document(Findings, project.workspace)):
            click.echo(line)
        click.echo(f"Report    {page}")
        if release.bundle_path:
            click.echo(f"Bundle    {project.workspace.path / release.bundle_path}")
        click.echo(f"Next      {_next(candidate, release)} --workspace {project.workspace.path}")
    return exit_code


def _next(candidate: "Candidate", release: "Release") -> str:
    from modelwright.report.advice import is_late, longer_run

    if release.bundle_path:
        return "modelwright serve"
    if candidate.is_baseline or is_late([gate for gate in release.gates if not gate.passed]):
        return longer_run(candidate)
    return "modelwright show findings"
