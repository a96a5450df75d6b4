"""`modelwright ledger quarantine`: rows that are not judged."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import json_option, ledger_option, workspace_option
from modelwright.cli.output import print_json

if TYPE_CHECKING:
    from modelwright.workspace.ledger.quarantine import SetAside

_SHOWN = 20


@click.command("quarantine")
@click.option("--id", "ids", multiple=True, metavar="ID", help="The answer of it; again for more.")
@click.option("--broken", is_flag=True, help="All rows that break the contract.")
@click.option("--why", metavar="TEXT", default="", help="The reason; --broken knows its own.")
@click.option("--back", is_flag=True, help="Judge the answers named by --id again.")
@workspace_option
@ledger_option
@json_option
def command(
    workspace: Path, *, ids: tuple[str, ...], broken: bool, why: str, back: bool, as_json: bool
) -> int:
    """Set bad rows aside: kept with the reason, and left out of judging and of learning again.

    Without --id and --broken, say what is aside. Exits with 1 when nothing is, or was changed.

    \b
    Examples:
      modelwright ledger quarantine --broken --workspace flights-model
      modelwright ledger quarantine --id 4711 --why "a test of the app" --workspace flights-model
      modelwright ledger quarantine --id 4711 --back --workspace flights-model
    """
    from modelwright.engineer.project import Project

    if back and (broken or not ids):
        raise click.UsageError("--back needs --id, and nothing else.")
    if ids and not (why or back or broken):
        raise click.UsageError('Say why: --why "…"')
    quarantine = Project.open(workspace).quarantine
    if back:
        count = quarantine.let_back(ids)
        return _give(count, _said(count, "judged again"), as_json=as_json)
    if ids or broken:
        # Asked before: a row that comes in between is named in vain, and none is passed over.
        unknown = quarantine.without_answer(ids)
        count = quarantine.set_aside(dict.fromkeys(ids, why))
        count += quarantine.set_aside(quarantine.bad_rows()) if broken else 0
        sentence = "\n".join([_said(count, "set aside"), *_without_answer(unknown)])
        return _give(count, sentence, as_json=as_json, without_answer=unknown)
    found = quarantine.read()
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(_lines(found)))
    return 0 if found else 1


def _said(count: int, what: str) -> str:
    return f"1 answer is {what}." if count == 1 else f"{count:,} answers are {what}."


def _without_answer(ids: tuple[str, ...]) -> list[str]:
    from modelwright.report.words import clip, plural

    if not ids:
        return []
    shown = ", ".join([clip(each) for each in ids[:_SHOWN]] + ["…"] * bool(ids[_SHOWN:]))
    return [
        f"! No answer in the ledger has {plural(len(ids), 'id')}: {shown}. What a server has just "
        "answered comes there a moment later; then run the command again."
    ]


def _give(count: int, sentence: str, *, as_json: bool, without_answer: tuple[str, ...] = ()) -> int:
    if as_json:
        print_json({"answers": count, "without_answer": without_answer})
    else:
        click.echo(sentence)
    return 0 if count else 1


def _lines(found: "tuple[SetAside, ...]") -> list[str]:
    from modelwright.report.words import clip

    lines = [f"{clip(each.id)}: {clip(each.why)}" for each in found[:_SHOWN]]
    more = [f"… and {len(found) - _SHOWN:,} more; --json has all."] if found[_SHOWN:] else []
    return [*lines, *more] or ["Nothing is set aside."]
