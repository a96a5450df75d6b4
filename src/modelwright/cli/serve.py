"""`modelwright serve`: answers over HTTP."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modelwright.cli.options import json_option
from modelwright.serving.flags import FLAGS, Flag, settings_of
from modelwright.workspace.ledger.address import ledger_of, parse_address

if TYPE_CHECKING:
    from modelwright.serving.features.source import FeatureSource
    from modelwright.serving.settings import Settings
    from modelwright.serving.workers.supply import Supply
    from modelwright.serving.workers.worker import Around

_KINDS: dict[type, Any] = {Path: click.Path(path_type=Path), str: str}


def _serving_options(command: Callable[..., int]) -> Callable[..., int]:
    for flag in reversed(FLAGS):
        command = _option(flag)(command)
    return command


def _option(flag: Flag) -> Callable[[Callable[..., int]], Callable[..., int]]:
    if flag.kind is bool:
        return click.option(flag.name, is_flag=True, help=flag.help)
    number: Any = click.IntRange if flag.kind is int else click.FloatRange
    return click.option(
        flag.name,
        type=click.Choice(flag.choices)
        if flag.choices
        else _KINDS.get(flag.kind) or number(min=flag.least, max=flag.most),
        multiple=flag.several,
        default=flag.default,
        show_default=flag.default not in (None, ()),
        help=flag.help,
    )


@click.command("serve")
@click.argument("bundle", required=False, type=click.Path(path_type=Path))
@click.option(
    "-w",
    "--workspace",
    type=click.Path(path_type=Path),
    help="Serve its champion and log predictions into it. [default: this folder]",
)
@click.option(
    "--ledger",
    metavar="ADDRESS",
    help="A file or postgresql://… for predictions. [default: the workspace's ledger.db]",
)
@click.option("--ui", is_flag=True, help="Show the dashboard of the workspace at /ui.")
@_serving_options
@json_option
def command(
    bundle: Path | None,
    *,
    workspace: Path | None,
    ledger: str | None,
    ui: bool,
    as_json: bool,
    **values: Any,
) -> int:
    """Serve a BUNDLE, or the champion of a workspace, until interrupted.

    Routes: /predict with named columns, /v2 (Open Inference Protocol), /metrics, /openapi.json.
    A token in the environment variable MODELWRIGHT_TOKEN must be sent as a bearer token.

    A new champion or challenger of the workspace is taken while requests go on; SIGHUP reads the
    bundles again.

    With `--features-from` a row needs only its keys and its moment: the server asks that database
    for the features of related tables, with values bound, read-only and as of the row's moment.
    Rows may still be sent with their features, or with raw related rows.

    \b
    Examples:
      modelwright serve --workspace flights-model
      modelwright serve --workspace flights-model --workers 2 --host 0.0.0.0
      modelwright serve --workspace flights-model --ui
      modelwright serve flights-model/bundles/late-1f2e3d4c5b6a --port 8080
      modelwright serve -w leaving-model --features-from postgresql://me@host/shop
    """
    from modelwright.engineer.champion import lineup_of
    from modelwright.engineer.rollout.rollout import sends_away
    from modelwright.serving.run import announce_address, serve_with
    from modelwright.serving.workers.worker import nothing_around

    if bundle is None:
        workspace = workspace or Path()
    named = bundle or workspace or Path()
    logged = parse_address(ledger) if ledger else workspace and ledger_of(workspace)
    settings = settings_of(values, os.environ, ledger_path=logged)
    if settings.features is not None:
        settings = replace(settings, features=_named_there(settings.features, named))
    announce = _announce_as_json if as_json else announce_address
    around = _dashboard(workspace, settings) if ui else nothing_around
    serve_with(
        lambda: lineup_of(named), settings, announce=announce, act=sends_away(named), around=around
    )
    return 0


def _named_there(source: "FeatureSource", path: Path) -> "FeatureSource":
    """Call related tables as a workspace says that they are called in their database."""
    from modelwright.engineer.question.related import related_of

    related = dict(related_of(path))
    tables = {name: said.table for name, said in related.items() if said.table}
    queries = {
        name: said.query
        for name, said in related.items()
        if said.query and name not in source.tables
    }
    return replace(source, tables={**tables, **source.tables}, queries=queries)


def _dashboard(workspace: Path | None, settings: "Settings") -> "Around":
    from modelwright.serving.settings import is_loopback
    from modelwright.ui.app import create_dashboard
    from modelwright.ui.beside import beside

    if workspace is None:
        raise click.UsageError("A bundle alone has no dashboard: name its --workspace.")
    loopback = is_loopback(settings.host)
    return beside(create_dashboard(workspace, tokens=settings.tokens, loopback=loopback))


def _announce_as_json(address: str, supply: "Supply") -> None:
    # One line: whoever reads it cannot wait for the end of the output.
    click.echo(json.dumps({"address": address, "bundle": str(supply.lineup.champion)}))
