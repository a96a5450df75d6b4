"""`modelwright serve`: answers over HTTP."""

import io
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TextIO

import click

from modelwright.cli.options import json_option


@click.command("serve")
@click.argument("bundle", required=False, type=click.Path(path_type=Path))
@click.option(
    "-w",
    "--workspace",
    type=click.Path(path_type=Path),
    help="Serve its champion and log predictions into it. [default: this folder]",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0 for any free one.",
)
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    help="Where predictions are logged. [default: the workspace's ledger.db]",
)
@json_option
def command(
    bundle: Path | None,
    *,
    workspace: Path | None,
    host: str,
    port: int,
    ledger: Path | None,
    as_json: bool,
) -> int:
    """Serve a BUNDLE, or the champion of a workspace, until interrupted.

    Routes: /predict with named columns, /v2 (Open Inference Protocol), /metrics, /openapi.json.
    A token in the environment variable MODELWRIGHT_TOKEN must be sent as a bearer token.

    \b
    Examples:
      modelwright serve --workspace flights-model
      modelwright serve flights-model/bundles/late-1f2e3d4c5b6a --port 8080
    """
    from modelwright.compute.process import free_port
    from modelwright.engineer.champion import bundle_folder
    from modelwright.serving.run import serve

    if bundle is None:
        workspace = workspace or Path()
    folder = bundle_folder(bundle or workspace or Path())
    logged = ledger or (None if workspace is None else workspace / "ledger.db")
    token = os.environ.get("MODELWRIGHT_TOKEN") or None
    if not as_json:
        serve(folder, host=host, port=port, ledger_path=logged, token=token)
        return 0
    port = port or free_port()
    facts = {"address": f"http://{host}:{port}", "bundle": str(folder)}
    with redirect_stdout(_Announcement(facts, sys.stdout)):
        serve(folder, host=host, port=port, ledger_path=logged, token=token)
    return 0


class _Announcement(io.StringIO):
    """Takes what the server says when it listens, and prints its address as JSON instead."""

    def __init__(self, facts: dict[str, str], out: TextIO) -> None:
        super().__init__()
        self._facts = facts
        self._out = out

    def write(self, text: str) -> int:
        if not self.tell():
            # One line: whoever reads it cannot wait for the end of the output.
            print(json.dumps(self._facts), file=self._out, flush=True)
        return super().write(text)
