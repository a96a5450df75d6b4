"""`python -m bench.ledger_kills`: what a server and a command acknowledged, after many hard kills.

The server is killed at random moments while clients ask, and begun again; every answer that a
client got must be in the ledger. `modelwright label` is killed while it writes labels; every label
that a finished command acknowledged must stay, and doing it again must complete the work. Where the
ledger is says MODELWRIGHT_LEDGER: a schema of PostgreSQL that is empty, or else a file.
"""

import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from bench.serve.table import SMALL, first_rows
from modelwright.compute.process import BackgroundProcess, free_port
from modelwright.workspace.ledger.address import LedgerAddress, ledger_of
from modelwright.workspace.ledger.ledger import Ledger

_WORK = Path("~/.cache/modelwright-bench/serve")
_CLIENTS = 3
_PATIENCE_S = 60.0
_LABELS = 2_000
"""In one table, at most: more take a command so long that hardly any ends."""


@dataclass(kw_only=True)
class Kept:
    """What is left after kills.

    Parameters
    ----------
    kills
        How many.
    acknowledged
        What was promised, by id: the row of an answer, or a label.
    missing
        What of it is not in the ledger, or differs.
    """

    kills: int = 0
    acknowledged: dict[str, object] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def kill_servers(
    bundle: Path,
    ledger: LedgerAddress,
    rows: Sequence[Mapping[str, object]],
    *,
    kills: int,
    seed: int,
) -> Kept:
    """Kill a server again and again while clients ask; return what became of their answers."""
    chance, kept = random.Random(seed), Kept()
    for number in range(kills):
        port = free_port()
        command = [sys.executable, "-m", "modelwright.serving", str(bundle), "--port", str(port)]
        server = BackgroundProcess(
            [*command, "--ledger", str(ledger)],
            ready=partial(_is_ready, port),
            timeout_s=_PATIENCE_S,
        )
        with server:
            clients = [
                threading.Thread(target=_ask, args=(port, rows, f"k{number}-{client}", kept))
                for client in range(_CLIENTS)
            ]
            for client in clients:
                client.start()
            time.sleep(chance.uniform(0.05, 0.8))
            os.kill(server.pid, signal.SIGKILL)
            for client in clients:
                client.join()
        kept.kills += 1
    with Ledger.open(ledger) as opened:
        found = {row.id: row.inputs for row in opened.read_window()}
    kept.missing = [name for name, row in kept.acknowledged.items() if found.get(name) != row]
    return kept


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/v2/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _ask(port: int, rows: Sequence[Mapping[str, object]], prefix: str, kept: Kept) -> None:
    """Ask until the server is gone, and note every answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with suppress(OSError, http.client.HTTPException):
        for number in range(10**9):
            row, name = rows[number % len(rows)], f"{prefix}-{number}"
            # A row alone is logged in another way than one that has an id.
            asked = row if number % 2 else {"rows": [row], "ids": [name]}
            connection.request("POST", "/predict", json.dumps(asked))
            (answer,) = json.loads(connection.getresponse().read())["predictions"]
            if number % 2 or answer["id"] == name:
                kept.acknowledged[answer["id"]] = row
    connection.close()


def kill_commands(workspace: Path, *, kills: int, seed: int) -> Kept:
    """Kill `label` and `maintain` again and again; return what became of labels.

    Parameters
    ----------
    workspace
        Its ledger holds predictions of its champion.
    kills
        How many; after each pair of them, a `label` is left to end, which acknowledges its labels.
    seed
        Of the moments.
    """
    chance, kept = random.Random(seed), Kept()
    with Ledger.open(ledger_of(workspace)) as ledger:
        names = [row.id for row in ledger.read_window()]
    for number in range(kills):
        some = chance.sample(names, min(len(names), _LABELS))
        truth = {name: chance.choice(("yes", "no")) for name in some}
        command = _label(workspace, truth) if number % 2 else ["maintain", "--quiet"]
        with _command(workspace, command) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.3, 2.5))
            process.kill()
        kept.kills += 1
        if number % 2:
            with _command(workspace, _label(workspace, truth)) as process:
                if process.wait() == 0:
                    kept.acknowledged |= truth
    with Ledger.open(ledger_of(workspace)) as ledger:
        found = {row.id: row.label for row in ledger.read_window()}
    kept.missing = [name for name, label in kept.acknowledged.items() if found.get(name) != label]
    kept.missing += [name for name in names if name not in found]
    return kept


def _label(workspace: Path, truth: Mapping[str, str]) -> list[str]:
    table = workspace / "arrived.csv"
    lines = [f"{name},{label}" for name, label in truth.items()]
    table.write_text("\n".join(["id,left", *lines, ""]), encoding="utf-8")
    return ["label", str(table)]


def _command(workspace: Path, words: Sequence[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "modelwright", *words, "--workspace", str(workspace)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@click.command()
@click.option("--kills", type=click.IntRange(2), default=200, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--work", type=click.Path(path_type=Path), default=_WORK, help="Where bench.serve made models."
)
def command(*, kills: int, seed: int, work: Path) -> None:
    """Kill servers and commands hard, and count what they had acknowledged and lost."""
    small = work.expanduser() / SMALL.name
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder, "workspace")
        shutil.copytree(small / "workspace", workspace)
        (workspace / "ledger.db").unlink(missing_ok=True)
        (bundle,) = (workspace / "bundles").iterdir()
        rows = first_rows(small / "table.csv", 50)
        began = time.monotonic()
        servers = kill_servers(bundle, ledger_of(workspace), rows, kills=kills // 2, seed=seed)
        _tell("servers", "answers", servers, time.monotonic() - began)
        began = time.monotonic()
        commands = kill_commands(workspace, kills=kills - kills // 2, seed=seed)
        _tell("`label` and `maintain`", "labels", commands, time.monotonic() - began)
    sys.exit(bool(servers.missing or commands.missing))


def _tell(who: str, what: str, kept: Kept, seconds: float) -> None:
    click.echo(
        f"{kept.kills} kills of {who}: {len(kept.acknowledged):,} {what} acknowledged, "
        f"{len(kept.missing):,} missing; {seconds:.0f} s"
    )


if __name__ == "__main__":
    command()
