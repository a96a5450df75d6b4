"""What several commands take."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from modelwright.workspace.ledger.address import VARIABLE

Command = TypeVar("Command", bound=Callable[..., Any])


def workspace_option(command: Command) -> Command:
    """Add `--workspace`."""
    return click.option(
        "-w",
        "--workspace",
        type=click.Path(path_type=Path),
        default=Path(),
        help="The workspace folder. [default: this folder]",
    )(command)


def ledger_option(command: Command) -> Command:
    """Add `--ledger`, which says for one command what the environment variable says for all."""
    return click.option(
        "--ledger",
        metavar="ADDRESS",
        expose_value=False,
        callback=_name_ledger,
        help="A file or postgresql://… [default: MODELWRIGHT_LEDGER, or the workspace's ledger.db]",
    )(command)


def _name_ledger(context: click.Context, _: click.Parameter, address: str | None) -> None:
    if address is None:
        return
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = address

    def restore() -> None:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before

    context.call_on_close(restore)


def json_option(command: Command) -> Command:
    """Add `--json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print the result as JSON, and nothing else."
    )(command)


def quiet_option(command: Command) -> Command:
    """Add `--quiet`."""
    return click.option("-q", "--quiet", is_flag=True, help="Say nothing while at work.")(command)


def why_option(command: Command) -> Command:
    """Add `--why`."""
    return click.option(
        "--why", metavar="TEXT", default="", help="The reason; `modelwright releases` shows it."
    )(command)


def budget_option(command: Command) -> Command:
    """Add `--budget`."""
    return click.option(
        "--budget",
        metavar="TIME",
        help="Wall time for everything, such as 90s or 5m. [default: that of the brief; 5m]",
    )(command)


def compute_option(command: Command) -> Command:
    """Add `--compute`."""
    return click.option(
        "--compute",
        metavar="WHO",
        default="here",
        help="Who does the work: here, processes, ray or ray://HOST:PORT. [default: here]",
    )(command)


def source_options(command: Command) -> Command:
    """Add `--table` and `--query`."""
    table = click.option("--table", metavar="NAME", help="Which table of a database or workbook.")
    query = click.option("--query", metavar="SQL", help="A SELECT whose rows are the table.")
    return table(query(command))
