"""`modelwright ledger`: what was logged, here and elsewhere, and what is taken out of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.ledger_import import command as import_
from modelwright.cli.ledger_quarantine import command as quarantine
from modelwright.cli.options import json_option, ledger_option, workspace_option
from modelwright.cli.output import print_json

if TYPE_CHECKING:
    from modelwright.workspace.ledger.ledger import Ledger
    from modelwright.workspace.ledger.summary import Summary


@click.group("ledger")
def command() -> None:
    """See what was logged, import what others logged, erase rows, forget old ones; with --json.

    \b
    Example:
      modelwright ledger show --workspace flights-model
    """


command.add_command(import_)
command.add_command(quarantine)


@command.command("show")
@workspace_option
@ledger_option
@json_option
def show(workspace: Path, *, as_json: bool) -> int:
    """Show who answered how many rows, how many have labels, and how late these come.

    \b
    Example:
      modelwright ledger show --workspace flights-model
    """
    with _opened(workspace) as ledger:
        summary = ledger.summary()
    if as_json:
        print_json(summary)
    else:
        click.echo("\n".join(_lines(summary)))
    return 0


@command.command("erase")
@click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="Rows with it; again: both.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="The answer of it; again: both.")
@click.option("--yes", is_flag=True, help="Erase without asking.")
@workspace_option
@ledger_option
@json_option
def erase(
    workspace: Path, *, where: tuple[str, ...], ids: tuple[str, ...], yes: bool, as_json: bool
) -> int:
    """Erase the rows of one person: their inputs, answers and labels, also from the file.

    Backups and copies of the ledger, and tables that models learned from, are not touched. Exits
    with 1 when there is no such row, or the question is answered with no.

    \b
    Example:
      modelwright ledger erase --where customer_id=4711 --workspace flights-model
    """
    wanted = dict(_condition(each) for each in where)
    if not wanted and not ids:
        raise click.UsageError("Name what to erase: --where COLUMN=VALUE or --id ID.")
    with _opened(workspace) as ledger:
        found = ledger.find(wanted) if wanted else None
        chosen = tuple(dict.fromkeys([*ids, *(found.ids if found else ())]))
        if found and found.without_inputs:
            click.echo(
                f"{found.without_inputs:,} answers have no inputs, so nobody can tell whose they "
                "are. Name them by --id.",
                err=True,
            )
        sure = bool(chosen) and (
            yes or click.confirm(f"Erase the answers to {len(chosen):,} ids for good?", err=True)
        )
        if sure:
            # First here: a run that is killed between the two finds the rows in the ledger again.
            _erase_kept(workspace, chosen)
        erased = ledger.erase(chosen) if sure else 0
    if as_json:
        print_json({"found": len(chosen), "erased": erased})
    else:
        from modelwright.report.words import plural

        click.echo(f"{plural(erased, 'answer')} erased." if chosen else "There is no such answer.")
    return 0 if erased else 1


@command.command("keep")
@click.argument("age")
@workspace_option
@ledger_option
@json_option
def keep(age: str, workspace: Path, *, as_json: bool) -> int:
    """Forget answers, with their labels, that are older than AGE, such as 90d.

    \b
    Example:
      modelwright ledger keep 90d --workspace flights-model
    """
    from modelwright.workspace.age import parse_age
    from modelwright.workspace.ledger.ledger import microseconds

    before = datetime.now(UTC) - parse_age(age)
    _erase_kept(workspace, before=microseconds(before))
    with _opened(workspace) as ledger:
        forgotten = ledger.forget_before(microseconds(before))
        if forgotten:
            ledger.shrink()
    if as_json:
        print_json({"before": before.isoformat(), "forgotten": forgotten})
    else:
        click.echo(f"{forgotten:,} answers from before {before:%Y-%m-%d %H:%M} UTC are forgotten.")
    return 0


def _erase_kept(folder: Path, ids: Iterable[str] = (), *, before: int = 0) -> None:
    """Erase the same rows where maintain keeps or shows some; a ledger may have no workspace."""
    from modelwright.maintain.watch.erasure import erase_kept
    from modelwright.report.page import write_report
    from modelwright.workspace.folder import Workspace, is_workspace

    if is_workspace(folder):
        workspace = Workspace.open(folder)
        erase_kept(workspace, ids, before=before)
        if workspace.has("reports/report.html"):
            write_report(workspace)


def _opened(workspace: Path) -> "Ledger":
    from modelwright.errors import WorkspaceError
    from modelwright.workspace.ledger.address import ledger_of, standing_ledger
    from modelwright.workspace.ledger.ledger import Ledger

    address = standing_ledger(workspace)
    if address is None:
        raise WorkspaceError(
            f"There is no ledger {ledger_of(workspace)}.",
            "Name the workspace, or the ledger by --ledger.",
        )
    return Ledger.open(address)


def _condition(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise click.UsageError(f"{text!r:.80} is no condition. Write COLUMN=VALUE.")
    return name, value


def _lines(summary: "Summary") -> list[str]:
    lines = [
        f"{share.version[:12]} as {share.role}: {share.answers:,} answers from "
        f"{_moment(share.since)} to {_moment(share.until)}, {share.labelled:,} with a label, "
        f"{share.with_inputs:,} with inputs, from {share.hosts:,} "
        f"{'machine' if share.hosts == 1 else 'machines'}"
        for share in summary.shares
    ]
    if summary.delays_s:
        half, most, nearly = (timedelta(seconds=round(delay)) for delay in summary.delays_s)
        lines.append(
            f"Labels come after {half} (half of them), {most} (9 of 10), {nearly} (99 of 100); "
            f"{summary.corrected:,} were given again."
        )
    if summary.missing:
        lines.append(f"{summary.missing:,} answers that clients got could not be logged.")
    return lines or ["Nothing is logged yet."]


def _moment(microseconds: int) -> str:
    return f"{datetime.fromtimestamp(microseconds / 1e6, UTC):%Y-%m-%d %H:%M}"
