"""`modelwright challenge`: another bundle beside the champion."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import json_option, ledger_option, why_option, workspace_option
from modelwright.cli.output import print_json, progress

if TYPE_CHECKING:
    from modelwright.engineer.project import Project
    from modelwright.workspace.trial import Trial


@click.command("challenge")
@click.argument("bundle", required=False)
@click.option("--shadow", is_flag=True, help="It answers what the champion answered, unseen.")
@click.option("--canary", metavar="SHARE", help="It answers a share of the traffic, such as 10%.")
@click.option("--key", metavar="COLUMN", default="", help="Who is alike in it has the same model.")
@click.option("--backfill", metavar="TABLE", help="It has columns that clients do not send yet.")
@click.option("--on", metavar="COLUMN", default="id", show_default=True, help="The table's key.")
@click.option("--stop", is_flag=True, help="Try the challenger no longer.")
@workspace_option
@ledger_option
@why_option
@json_option
def command(
    bundle: str | None,
    workspace: Path,
    *,
    shadow: bool,
    canary: str | None,
    key: str,
    backfill: str | None,
    on: str,
    stop: bool,
    why: str,
    as_json: bool,
) -> int:
    """Try BUNDLE, a folder, a workspace or a hash of `modelwright releases`, beside the champion.

    The server of the workspace takes it within a second, while requests go on. Without BUNDLE, says
    who is on trial; exits with 1 when nobody is.

    \b
    Examples:
      modelwright challenge new-model --shadow --workspace flights-model
      modelwright challenge 5c8e0f1a2b3c --canary 10% --key customer --why "the shadow was better"
      modelwright challenge wider-model --shadow --backfill incomes.csv --on customer
      modelwright challenge --stop --why "too slow"
    """
    from msgspec.structs import replace

    from modelwright.engineer.project import Project

    project = Project.open(workspace, report=progress(quiet=as_json))
    if stop:
        given = [bundle, canary, shadow or None, key or None]
        _require(given.count(None) == len(given), "--stop takes no bundle and no trial.")
        gone = project.rollout.withdraw(why=why)
        return _tell(f"{gone[:12]} is on trial no longer.", {"withdrawn": gone}, as_json=as_json)
    if bundle is None and backfill is not None:
        return _fill(project, backfill, on, as_json=as_json)
    if bundle is None:
        _require(not (shadow or canary), "Name the bundle that shall be tried.")
        return _show(project, as_json=as_json)
    trial = _trial(canary, key, shadow=shadow)
    if backfill is not None:
        from modelwright.engineer.rollout.backfill import read_backfill

        _require(shadow, "--backfill is for a challenger in the shadow.")
        trial = replace(trial, live=False)
        # A table that cannot be read begins no trial.
        read_backfill(backfill, on=on)
    digest = project.challenge(bundle, trial=trial, why=why)
    if backfill is not None:
        return _fill(project, backfill, on, as_json=as_json)
    said = f"{digest[:12]} is on trial: {trial.sentence}."
    return _tell(said, {"challenger": digest, "trial": trial}, as_json=as_json)


def _trial(canary: str | None, key: str, *, shadow: bool) -> "Trial":
    from modelwright.workspace.trial import Trial, parse_share

    _require(shadow != (canary is not None), "Say --shadow, or --canary with a share.")
    _require(not (shadow and key), "--key is for a canary: in the shadow all rows are answered.")
    if canary is None:
        return Trial(role="shadow")
    return Trial(role="canary", share=parse_share(canary), key=key)


def _fill(project: "Project", table: str, on: str, *, as_json: bool) -> int:
    answered = project.rollout.backfill(table, on=on)
    said = f"The challenger has answered {answered:,} logged rows with columns of {table}."
    if not answered:
        said += (
            " It answers those whose key is in the table and that were logged after both models "
            "were built: of earlier ones it may have learned."
        )
    return _tell(said, {"answered": answered}, as_json=as_json)


def _show(project: "Project", *, as_json: bool) -> int:
    from modelwright.workspace.aliases import Aliases

    challenge = Aliases.read(project.workspace).challenge
    if challenge is None or challenge.bundle is None or challenge.trial is None:
        _tell("Nobody is on trial.", {"challenger": None}, as_json=as_json)
        return 1
    said = f"{challenge.bundle[:12]} is on trial: {challenge.trial.sentence}."
    told = {"challenger": challenge.bundle, "trial": challenge.trial}
    return _tell(said, told, as_json=as_json)


def _tell(sentence: str, told: dict[str, object], *, as_json: bool) -> int:
    if as_json:
        print_json(told)
    else:
        click.echo(sentence)
    return 0


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise click.UsageError(sentence, click.get_current_context())
