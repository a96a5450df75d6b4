"""`modelwright track`: what became of the question, written to a tracking server."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import json_option, quiet_option, workspace_option
from modelwright.cli.output import print_json, progress

if TYPE_CHECKING:
    from modelwright.engineer.tracking.track import Tracked


@click.command("track")
@workspace_option
@click.option("--to", default="", metavar="URL", help="The server. [default: that of the brief]")
@click.option("--experiment", default="", metavar="NAME", help="[default: the workspace's name]")
@click.option("--model", default="", metavar="NAME", help="[default: the workspace's name]")
@quiet_option
@json_option
def command(
    workspace: Path, *, to: str, experiment: str, model: str, quiet: bool, as_json: bool
) -> int:
    """Write to a tracking server of MLflow what it lacks of a workspace.

    The candidate becomes a run with its trials, the documents its artifacts, the release a version
    of a registered model, and champion and challenger its aliases. With `to` below [tracking] in
    modelwright.toml every release, promotion and rollback is followed by this by itself.

    \b
    Examples:
      modelwright track --workspace flights-model --to http://127.0.0.1:5000
      modelwright track --workspace flights-model --to databricks --experiment /Shared/flights
    """
    from modelwright.engineer.tracking.following import Where, track
    from modelwright.workspace.folder import Workspace

    say = progress(quiet=quiet or as_json)
    tracked = track(
        Workspace.open(workspace),
        Where(to, experiment, model),
        lambda sentence: say("track", sentence),
    )
    if as_json:
        print_json(tracked)
    elif not quiet:
        click.echo("\n".join(_told(tracked)))
    return 0


def _told(tracked: "Tracked") -> list[str]:
    from modelwright.report.terminal.layout import aligned

    rows = [(alias, f"version {version}") for alias, version in tracked.aliases.items()]
    rows += [(f"version {each}", digest[:12]) for digest, each in tracked.versions.items()]
    rows += [(f"run {run[:12]}", digest[:12]) for digest, run in tracked.runs.items()]
    return list(aligned(rows))
