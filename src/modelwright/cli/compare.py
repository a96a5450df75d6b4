"""`modelwright compare`: champion against challenger."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, ledger_option, workspace_option
from modelwright.cli.output import print_json, progress


@click.command("compare")
@click.option("--act", is_flag=True, help="Do what [rollout] in modelwright.toml allows.")
@workspace_option
@ledger_option
@json_option
def command(workspace: Path, *, act: bool, as_json: bool) -> int:
    """Compare champion and challenger on the labelled rows: promote, wait or give up.

    Look as often as you like: over all looks together, the chance of a wrong verdict is the
    error_rate of [rollout], 5 % unless told otherwise. Exits with 0 when the challenger is better,
    1 otherwise.

    \b
    Examples:
      modelwright compare --workspace flights-model
      modelwright compare --act --workspace flights-model
    """
    from modelwright.engineer.project import Project
    from modelwright.maintain.contest.description import describe_contest

    rollout = Project.open(workspace, report=progress(quiet=as_json)).rollout
    contest = rollout.compare()
    done = rollout.act(contest) if act else None
    if as_json:
        print_json(contest if done is None else {"contest": contest, "done": done})
    else:
        click.echo(describe_contest(contest))
        if done is not None:
            changed = f"{done.gone[:12]} went" if done.acted else "The workspace stays as it is"
            click.echo(f"{changed}; the champion is {done.champion[:12]}.")
    return 0 if contest.verdict == "promote" else 1
