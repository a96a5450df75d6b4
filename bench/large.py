"""`python -m bench.large`: a table larger than memory, from a Parquet folder to a gated bundle."""

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from bench.batch.table import TARGET, write_table
from bench.phases import MIB, Phase, Run, run_command
from modelwright.compute.budget import format_duration, parse_duration
from modelwright.compute.limits import format_bytes, parse_bytes

_PARTS = 10


@click.command(context_settings={"max_content_width": 100})
@click.option("--rows", default=10_000_000, show_default=True, help="Of 30 columns.")
@click.option("--memory", default="8GB", show_default=True, help="What the run may hold.")
@click.option("--budget", default="28m", show_default=True, help="For the whole run.")
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    help="Keep table and workspace there, and use the table that is there. [default: thrown away]",
)
def command(*, rows: int, memory: str, budget: str, work: Path | None) -> None:
    """Run all phases on a made-up table, and print what each takes.

    Beside the seconds of the clock stand those of processors: on a machine that others use too
    they say what a quiet one would take. The exit code is 0 if the run was released within its
    budget and its memory, and learned from rows beyond the sample or said why not.

    \b
    Example:
      python -m bench.large --rows 3000000 --memory 2GB --budget 10m
    """
    with tempfile.TemporaryDirectory() as thrown_away:
        folder = (work or Path(thrown_away)).expanduser()
        table, workspace = folder / f"rows-{rows}", folder / f"model-{rows}"
        if not table.exists():
            click.echo(f"Writing {rows:,} rows of 30 columns", err=True)
            _write(table, rows)
        program = [sys.executable, "-m", "modelwright", "run", str(table), "--target", TARGET]
        asked = ["--memory", memory, "--budget", budget, "--workspace", str(workspace)]
        run = run_command([*program, "--exclude", "id", *asked], echo=True)
        click.echo(_told(run.phases))
        faults = _faults(run, memory, budget)
        click.echo(_summary(run, workspace))
    for fault in faults:
        click.echo(f"Missed: {fault}")
    sys.exit(1 if faults else 0)


def _write(folder: Path, rows: int) -> None:
    folder.mkdir(parents=True)
    each = -(-rows // _PARTS)
    for part in range(_PARTS):
        count = min(each, rows - part * each)
        if count > 0:
            write_table(folder / f"part-{part:02}.parquet", count, seed=part, missing=0.05)


def _told(phases: Sequence[Phase]) -> str:
    lines = ["", f"{'seconds':>9} {'of a CPU':>9} {'MiB':>7}  phase"]
    lines += [
        f"{each.seconds:9.1f} {each.cpu_s:9.1f} {each.peak_mib:7,.0f}  {each.name}"
        for each in phases
    ]
    return "\n".join(lines)


def _summary(run: Run, workspace: Path) -> str:
    seconds = sum(phase.seconds for phase in run.phases)
    told = (
        f"In all {format_duration(seconds)}, {run.cpu_s:,.0f} s of processors, at most "
        f"{format_bytes(run.peak_bytes)}; load of the machine {os.getloadavg()[0]:.1f}."
    )
    candidate = workspace / "candidate.json"
    if not candidate.exists():
        return told
    streaming = json.loads(candidate.read_bytes()).get("streaming") or {}
    return f"{told} {streaming.get('sentence', '')}"


def _faults(run: Run, memory: str, budget: str) -> list[str]:
    seconds = sum(phase.seconds for phase in run.phases)
    faults = []
    if run.exit_code:
        faults.append(f"the run ended with {run.exit_code}.")
    if run.peak_bytes > parse_bytes(memory):
        over = (run.peak_bytes - parse_bytes(memory)) / MIB
        faults.append(f"it held {over:,.0f} MiB more than {memory}.")
    if seconds > parse_duration(budget):
        faults.append(f"it took {format_duration(seconds)}, more than {budget}.")
    return faults


if __name__ == "__main__":
    command()
