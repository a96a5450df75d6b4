"""`modelwright remedy`: what would mend the model."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, quiet_option, workspace_option
from modelwright.cli.output import give_document, print_json, progress


@click.command("remedy")
@click.argument("name", required=False)
@click.option("--apply", "applied", is_flag=True, help="Test its bundle and make it the champion.")
@click.option("--anyway", is_flag=True, help="Also when the past does not speak for it.")
@workspace_option
@quiet_option
@json_option
def command(
    name: str | None,
    workspace: Path,
    *,
    applied: bool,
    anyway: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Show the remedies that `maintain --propose` tested, or the one of NAME, or apply it.

    What is applied is the bundle that was tested, after the tests that every release passes.
    Exits with 1 when a gate is red, so that nothing was applied. `modelwright rollback` returns to
    what was before.

    \b
    Examples:
      modelwright remedy --workspace flights-model
      modelwright remedy "fix units" --apply --workspace flights-model
    """
    from modelwright.engineer.project import Project

    if applied:
        if name is None:
            raise click.UsageError('Name the remedy to apply: modelwright remedy "NAME" --apply')
        project = Project.open(workspace, report=progress(quiet=quiet))
        return give_document(project.apply_remedy(name, anyway=anyway), as_json=as_json)
    return _show(name, workspace, as_json=as_json)


def _show(name: str | None, workspace: Path, *, as_json: bool) -> int:
    from modelwright.documents import Health
    from modelwright.engineer.archive import read
    from modelwright.engineer.care.proposals import proposal_named
    from modelwright.report.remedies import describe_remedies
    from modelwright.workspace.folder import Workspace

    health = read(Health, Workspace.open(workspace))
    shown = health.remedies if name is None else (proposal_named(health, name),)
    if as_json:
        print_json(shown)
    else:
        click.echo(describe_remedies(shown, metric=health.metric))
    return 0
