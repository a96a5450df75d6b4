"""`modelwright alarms`: the alarms about the live model, and the answers of people."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelwright.cli.options import json_option, workspace_option
from modelwright.cli.output import print_json

if TYPE_CHECKING:
    from modelwright.engineer.care.alarms import Alarms
    from modelwright.workspace.alarm import Alarm
    from modelwright.workspace.outbox import Waiting

_by = click.option("--by", required=True, metavar="NAME", help="Who you are.")
_note = click.option("--note", default="", metavar="TEXT", help="What to remember.")


@click.group("alarms", invoke_without_command=True)
@click.option("--all", "closed", is_flag=True, help="Those that are closed too.")
@workspace_option
@json_option
@click.pass_context
def command(context: click.Context, workspace: Path, *, closed: bool, as_json: bool) -> int:
    """List the alarms that `maintain` raised and that are not closed, or answer one.

    Exits with 1 when there is one that nobody has answered.

    \b
    Examples:
      modelwright alarms --workspace flights-model
      modelwright alarms acknowledge 3 --by Ann --note "asked the carrier"
      modelwright alarms snooze 3 --for 3d --by Ann --json
    """
    if context.invoked_subcommand is not None:
        # A workspace that is named before the answer counts for the answer.
        context.default_map = {context.invoked_subcommand: {"workspace": workspace}}
        return 0
    from modelwright.report.terminal.alarms import describe_alarms

    alarms = _alarms(workspace).all(closed=closed)
    if as_json:
        print_json(alarms)
    else:
        click.echo(describe_alarms(alarms, waiting=_waiting(workspace)))
    return 1 if any(alarm.state == "open" for alarm in alarms) else 0


@command.command("acknowledge")
@click.argument("number", type=int)
@_by
@_note
@workspace_option
@json_option
def acknowledge(number: int, workspace: Path, *, by: str, note: str, as_json: bool) -> int:
    """Say that you know of the alarm NUMBER. It closes by itself when its trouble is gone.

    \b
    Example:
      modelwright alarms acknowledge 3 --by Ann --note "asked the carrier"
    """
    return _give(_alarms(workspace).acknowledge(number, by=by, note=note), as_json=as_json)


@command.command("snooze")
@click.argument("number", type=int)
@click.option("--for", "length", metavar="TIME", help="How long: 3d, 12h or 90m.")
@click.option("--until", metavar="MOMENT", help="Until when: 2026-03-01 or 2026-03-01T08:00+01:00.")
@_by
@_note
@workspace_option
@json_option
def snooze(
    number: int,
    workspace: Path,
    *,
    length: str | None,
    until: str | None,
    by: str,
    note: str,
    as_json: bool,
) -> int:
    """Be silent about the alarm NUMBER for a while.

    When its trouble is seen later, the alarm is open and told again.

    \b
    Examples:
      modelwright alarms snooze 3 --for 3d --by Ann
      modelwright alarms snooze 3 --until 2026-12-24 --by Ann --note "the sale ends"
    """
    end = _end(length, until)
    return _give(_alarms(workspace).snooze(number, end, by=by, note=note), as_json=as_json)


@command.command("test")
@click.argument("channels", nargs=-1)
@workspace_option
@json_option
def test(channels: tuple[str, ...], workspace: Path, *, as_json: bool) -> int:
    """Send a test message over CHANNELS of `modelwright.toml`, by default over all.

    Exits with 1 when one was not taken.

    \b
    Examples:
      modelwright alarms test --workspace flights-model
      modelwright alarms test team --workspace flights-model
    """
    from modelwright.engineer.project import Project

    outcome = Project.open(workspace).messages.test(*channels)
    if as_json:
        print_json(outcome)
    else:
        for name, error in outcome.items():
            click.echo(f"✗ {name}: {error}" if error else f"✓ {name} took the message.")
    return 1 if any(outcome.values()) else 0


def _end(length: str | None, until: str | None) -> datetime | timedelta:
    from modelwright.engineer.question.brief_file import parse_delay
    from modelwright.errors import InputError

    if (length is None) == (until is None):
        raise click.UsageError("Give either --for or --until.")
    if length is not None:
        return timedelta(seconds=parse_delay(length))
    try:
        moment = datetime.fromisoformat(until or "")
    except ValueError as error:
        raise InputError(
            f"{until!r} is no moment.", "Write it as 2026-03-01 or 2026-03-01T08:00+01:00."
        ) from error
    # One without a zone is meant as the clock on this wall shows it.
    return moment if moment.tzinfo else moment.astimezone()


def _alarms(workspace: Path) -> "Alarms":
    from modelwright.engineer.care.alarms import Alarms
    from modelwright.workspace.folder import Workspace
    from modelwright.workspace.journal import utc_now

    return Alarms(Workspace.open(workspace), utc_now)


def _waiting(workspace: Path) -> "tuple[Waiting, ...]":
    from modelwright.workspace.logbook import LOGBOOK, Logbook

    with Logbook.open(workspace / LOGBOOK) as logbook:
        return logbook.outbox.waiting()


def _give(alarm: "Alarm", *, as_json: bool) -> int:
    from modelwright.report.terminal.alarms import describe_alarms

    if as_json:
        print_json(alarm)
    else:
        click.echo(describe_alarms([alarm]))
    return 0
