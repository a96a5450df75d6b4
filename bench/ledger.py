"""`python -m bench.ledger`: what it costs a server to log its answers.

The same server, without a ledger and with one, is asked in turn by one client that waits, and then
by many at once; each round asks all of them, so that none has the quiet moments to itself. Two
servers that are the same differ by a few in a hundred for as long as they live, by where their
memory lies: so all of them are started again and again.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import click

from bench.serve.client import Times, as_request, ask_at_once, ask_in_turn
from bench.serve.running import Running, running
from bench.serve.table import REAL, SMALL, Shape, first_rows
from modelwright.compute.process import free_port

_WORK = Path("~/.cache/modelwright-bench/serve")
_NONE = "no ledger"
_SETTLED_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A server, and what was seen of it.

    Parameters
    ----------
    name
        Where it logs.
    turns, crowds
        A round each.
    turns_cpu, crowds_cpu
        Seconds of a processor for a row, in each.
    """

    name: str
    turns: list[Times] = field(default_factory=list)
    crowds: list[Times] = field(default_factory=list)
    turns_cpu: list[float] = field(default_factory=list)
    crowds_cpu: list[float] = field(default_factory=list)

    def in_turn(self, server: Running, requests: Sequence[bytes], count: int) -> None:
        """Ask one row after another."""
        before = server.cpu_s()
        self.turns.append(ask_in_turn(server.port, requests, count=count))
        self.turns_cpu.append((_settled_cpu_s(server) - before) / count)

    def at_once(self, server: Running, request: bytes, seconds: float) -> None:
        """Ask sixteen rows at a time."""
        before = server.cpu_s()
        times = ask_at_once(server.port, request, connections=16, seconds=seconds)
        self.crowds.append(times)
        self.crowds_cpu.append((_settled_cpu_s(server) - before) / (times.rate * seconds))


def _settled_cpu_s(server: Running) -> float:
    # What waits for the ledger belongs to the rows that were just answered.
    time.sleep(_SETTLED_S)
    return server.cpu_s()


@click.command()
@click.option("--starts", type=click.IntRange(1), default=8, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=2, show_default=True, help="Of a start.")
@click.option("--count", type=click.IntRange(100), default=1000, show_default=True, help="A round.")
@click.option("--seconds", type=float, default=1.5, show_default=True, help="Of a crowd.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option("--real", is_flag=True, help="A model of real size. [default: a small one]")
@click.option("--postgresql", metavar="URL", help="A ledger there too; password in PGPASSWORD.")
@click.option(
    "--work", type=click.Path(path_type=Path), default=_WORK, help="Where bench.serve made models."
)
def command(
    *,
    starts: int,
    rounds: int,
    count: int,
    seconds: float,
    workers: int,
    real: bool,
    postgresql: str | None,
    work: Path,
) -> None:
    """Measure what logging costs; make the models first by python -m bench.serve."""
    folder = work.expanduser() / folder_of(REAL if real else SMALL)
    table = folder / "table.csv"
    if not table.is_file():
        raise click.UsageError(f"There is no model in {folder}. Make it first: make bench-serve")
    rows = first_rows(table, 50)
    requests = [as_request(json.dumps(row).encode(), "/predict") for row in rows]
    (bundle,) = (folder / "workspace" / "bundles").iterdir()
    options = ["--workers", str(workers)]
    seen = [
        Logged(name=name) for name in (_NONE, "SQLite", *(["PostgreSQL"] if postgresql else []))
    ]
    for _ in range(starts):
        with ExitStack() as stack:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            where = {"SQLite": str(place / "ledger.db"), "PostgreSQL": postgresql}
            servers = [
                _start(each.name, [str(bundle), *options, *_logging(where.get(each.name))], stack)
                for each in seen
            ]
            pairs = [*zip(seen, servers, strict=True)]
            _ask(pairs, requests, rounds=rounds, count=count, seconds=seconds)
    _tell(seen)


def folder_of(shape: Shape) -> str:
    """Return the name of the folder in which bench.serve made a model."""
    return shape.name.replace(" ", "-")


def _logging(where: str | None) -> list[str]:
    return [] if where is None else ["--ledger", where]


def _start(name: str, options: Sequence[str], stack: ExitStack) -> Running:
    port = free_port()
    command = [sys.executable, "-m", "modelwright.serving", *options, "--port", str(port)]
    log = Path(stack.enter_context(tempfile.TemporaryDirectory()), f"{name}.log")
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return stack.enter_context(
        running(command, port=port, ready="/v2/health/ready", env=environment, log=log)
    )


def _ask(
    pairs: Sequence[tuple[Logged, Running]],
    requests: Sequence[bytes],
    *,
    rounds: int,
    count: int,
    seconds: float,
) -> None:
    for number in range(rounds):
        # Whoever comes first in a round shall not always be the same.
        order = pairs[:: -1 if number % 2 else 1]
        for logged, server in order:
            logged.in_turn(server, requests, count)
        for logged, server in order:
            logged.at_once(server, requests[0], seconds)


def _tell(seen: Sequence[Logged]) -> None:
    base = seen[0]
    click.echo(
        "| | p50, ms | p99, ms | beside none | rows/s of 16 at once | beside none |", nl=False
    )
    click.echo(" processor for a row, µs | beside none | of 16 at once | beside none |")
    click.echo("|---|---|---|---|---|---|---|---|---|---|")
    for each in seen:
        p50, p99 = (1000 * median(getattr(t, name) for t in each.turns) for name in _PERCENTILES)
        # Paired by round: what disturbs the machine disturbs both.
        slower = median(
            mine.p50_s / other.p50_s for mine, other in zip(each.turns, base.turns, strict=True)
        )
        rate = median(times.rate for times in each.crowds)
        share = median(
            mine.rate / other.rate for mine, other in zip(each.crowds, base.crowds, strict=True)
        )
        click.echo(
            f"| {each.name} | {p50:.3f} | {p99:.3f} | {slower:.3f} | {rate:,.0f} | {share:.3f} |"
            f"{_processor(each.turns_cpu, base.turns_cpu)}"
            f"{_processor(each.crowds_cpu, base.crowds_cpu)}"
        )


def _processor(mine: Sequence[float], other: Sequence[float]) -> str:
    more = median(one / two for one, two in zip(mine, other, strict=True))
    return f" {median(mine) * 1e6:.0f} | {more:.3f} |"


_PERCENTILES = ("p50_s", "p99_s")

if __name__ == "__main__":
    command()
