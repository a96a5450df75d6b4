"""`modelwright ui`: the dashboard in a browser."""

import json
import os
from pathlib import Path

import click

from modelwright.cli.options import json_option
from modelwright.serving.flags import TOKEN_VARIABLE, tokens_of
from modelwright.serving.settings import LOOPBACK

USUAL_PORT = 8010


@click.command("ui")
@click.argument("folder", required=False, default=Path(), type=click.Path(path_type=Path))
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=USUAL_PORT,
    show_default=True,
    help="0 for any free one.",
)
@click.option("--certificate", type=click.Path(path_type=Path), help="A file in PEM, for TLS.")
@click.option("--key", type=click.Path(path_type=Path), help="The key of the certificate, in PEM.")
@click.option(
    "--tokens",
    type=click.Path(path_type=Path),
    help=f"A file with a token a line, beside {TOKEN_VARIABLE}.",
)
@json_option
def command(
    folder: Path,
    *,
    host: str,
    port: int,
    certificate: Path | None,
    key: Path | None,
    tokens: Path | None,
    as_json: bool,
) -> int:
    """Show the workspace in FOLDER, or all those below it, in a browser, until interrupted.

    FOLDER is this folder when it is left out. Whoever is at this machine may read. To act, or to
    read from elsewhere, a person signs in with a token, which the environment variable
    MODELWRIGHT_TOKEN holds.

    \b
    Examples:
      modelwright ui flights-model
      MODELWRIGHT_TOKEN=... modelwright ui projects --port 9000
    """
    from modelwright.serving.settings import Settings
    from modelwright.ui.run import run_dashboard

    settings = Settings(
        host=host,
        port=port,
        certificate=certificate,
        key=key,
        tokens=tokens_of(os.environ, tokens),
    )
    run_dashboard(folder, settings, announce=_as_json if as_json else _as_text)
    return 0


def _as_text(address: str) -> None:
    click.echo(f"The dashboard is on {address}")


def _as_json(address: str) -> None:
    # One line: whoever reads it cannot wait for the end of the output.
    click.echo(json.dumps({"address": address}))
