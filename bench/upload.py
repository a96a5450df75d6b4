"""`python -m bench.upload`: files of rows sent to a server, in rows for a processor's second.

The models are those of `python -m bench.serve`. With ``--boosters`` only the boosters of the small
one's blend answer: 696 trees.
"""

import csv
import http.client
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import click
import msgspec

from bench.ledger import folder_of
from bench.serve.running import Running, running
from bench.serve.table import REAL, SMALL, first_rows
from modelwright.compute.process import free_port
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.predictor.operations.answers import Blend
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Program
from modelwright.serving.rows.upload import CSV, LINES, PARQUET

_WORK = Path("~/.cache/modelwright-bench/serve")
_DIFFERENT = 5_000


@click.command()
@click.option("--rows", type=click.IntRange(1), default=100_000, show_default=True, help="A file.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True)
@click.option("--real", is_flag=True, help="The model of real size. [default: the small one]")
@click.option("--boosters", is_flag=True, help="Without the networks of its blend.")
@click.option("--ledger", is_flag=True, help="Log the answers, in SQLite.")
@click.option(
    "--work", type=click.Path(path_type=Path), default=_WORK, help="Where bench.serve made models."
)
def command(
    *, rows: int, rounds: int, real: bool, boosters: bool, ledger: bool, work: Path
) -> None:
    """Measure uploads; make the models first by python -m bench.serve."""
    folder = work.expanduser() / folder_of(REAL if real else SMALL)
    (found,) = (folder / "workspace" / "bundles").iterdir()
    records = first_rows(folder / "table.csv", _DIFFERENT)
    with tempfile.TemporaryDirectory() as place:
        bundle = read_bundle(found)
        if boosters:
            bundle = _boosters_of(bundle)
        write_bundle(bundle, Path(place, "bundle"))
        known = [{name: row[name] for name in bundle.schema.names} for row in records]
        sent = list(islice(cycle(known), rows))
        with _server(Path(place), ledger=ledger) as server:
            _tell(server, sent, rounds)


def _server(place: Path, *, ledger: bool) -> AbstractContextManager[Running]:
    port = free_port()
    command = [sys.executable, "-m", "modelwright.serving", str(place / "bundle")]
    command += ["--ledger", str(place / "ledger.db")] if ledger else []
    return running(
        [*command, "--port", str(port)],
        port=port,
        ready="/v2/health/ready",
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        log=place / "server.log",
    )


def _tell(server: Running, rows: Sequence[dict[str, object]], rounds: int) -> None:
    click.echo("| file | rows a second | for a processor's second | of which µs a row |")
    click.echo("|---|---|---|---|")
    for kind, body in _files(rows):
        seconds, processor = [], []
        for _ in range(rounds):
            began, before = time.perf_counter(), server.cpu_s()
            _send(server.port, kind, body, len(rows))
            seconds.append(time.perf_counter() - began)
            processor.append(server.cpu_s() - before)
        wall, cpu = min(seconds), min(processor)
        click.echo(
            f"| {kind} | {len(rows) / wall:,.0f} | {len(rows) / cpu:,.0f} "
            f"| {cpu / len(rows) * 1e6:.1f} |"
        )


def _send(port: int, kind: str, body: bytes, rows: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("POST", "/predict/batch", body, {"Content-Type": kind})
    answered = connection.getresponse()
    lines = answered.read().count(b"\n") - (kind != LINES)
    if (answered.status, lines) != (200, rows):
        raise SystemExit(f"bench: {kind} was answered with {answered.status} and {lines:,} lines.")
    connection.close()


def _files(rows: Sequence[dict[str, object]]) -> Iterator[tuple[str, bytes]]:
    import pyarrow as pa
    from pyarrow import parquet

    text, file = io.StringIO(), io.BytesIO()
    writer = csv.DictWriter(text, [*rows[0]])
    writer.writeheader()
    writer.writerows(rows)
    yield CSV, text.getvalue().encode()
    yield LINES, b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    parquet.write_table(pa.Table.from_pylist(list(rows)), file)
    yield PARQUET, file.getvalue()


def _boosters_of(bundle: Bundle) -> Bundle:
    """Return a bundle whose blend holds nothing that multiplies with weights."""
    program = bundle.program
    steps = {step.output: step for step in program.steps}
    blend = steps[program.answer]
    if not isinstance(blend, Blend):
        raise SystemExit("bench: the model ends in no blend.")
    kept = [name for name in blend.inputs if not _multiplies(program, name)]
    weights = tuple(1 / len(kept) for _ in kept)
    steps[blend.output] = msgspec.structs.replace(blend, inputs=tuple(kept), weights=weights)
    needed: set[str] = set()
    asked = [program.answer]
    while asked:
        name = asked.pop()
        if name in steps and name not in needed:
            needed.add(name)
            asked += steps[name].inputs
    left = tuple(steps[step.output] for step in program.steps if step.output in needed)
    return replace(bundle, program=msgspec.structs.replace(program, steps=left), cases=())


def _multiplies(program: Program, name: str) -> bool:
    steps = {step.output: step for step in program.steps}
    if name not in steps:
        return False
    step = steps[name]
    return isinstance(step, Linear) or any(_multiplies(program, each) for each in step.inputs)


if __name__ == "__main__":
    command()
