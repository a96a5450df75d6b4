"""`python -m bench.memory`: what a whole run holds, beside three times its table and 500 MB."""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click
import polars as pl

from bench.command import names_in
from bench.phases import Run, run_command
from bench.suite import Contest, contests_named, read_suite

_BASE_BYTES, _TIMES = 500_000_000, 3
"""Beside so much for Python and its libraries, a run may hold so many times its table."""
_MB = 1e6


@dataclass(frozen=True)
class Held:
    """What a run held.

    Parameters
    ----------
    name
        Of the set.
    table_bytes
        What its table takes once it has been read, before anything is made of it.
    peak_bytes
        The most that the run and the processes it started held together.
    phase
        In which that was.
    """

    name: str
    table_bytes: int
    peak_bytes: int
    phase: str

    @classmethod
    def of(cls, name: str, table_bytes: int, run: Run) -> "Held":
        """Return what a run held of a table."""
        most = max(run.phases, key=lambda phase: phase.peak_mib)
        return cls(name, table_bytes, run.peak_bytes, most.name)

    @property
    def allowed_bytes(self) -> int:
        """What it may hold."""
        return _BASE_BYTES + _TIMES * self.table_bytes

    @property
    def is_kept(self) -> bool:
        """Whether it held no more."""
        return self.peak_bytes <= self.allowed_bytes

    def row(self) -> str:
        """Return a line of a table in Markdown.

        Examples
        --------
        >>> Held("shop", 10_000_000, 540_000_000, "build: Opening").row()
        '| shop | 10.0 | 530 | **540** | build: Opening |'
        """
        held = f"{self.peak_bytes / _MB:.0f}"
        shown = held if self.is_kept else f"**{held}**"
        told = f"{self.table_bytes / _MB:.1f} | {self.allowed_bytes / _MB:.0f} | {shown}"
        return f"| {self.name} | {told} | {self.phase} |"


@click.command(context_settings={"max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--only", default="", metavar="SET,…", help="These sets of the suite.")
@click.option("--suite", default="accuracy", show_default=True)
@click.option("--budget", default="60s", show_default=True, help="Of each run.")
def command(data: Path, *, only: str, suite: str, budget: str) -> None:
    """Run all phases on each set, and compare what they hold with what they may.

    The exit code is 1 when a run holds more.

    \b
    Example:
      python -m bench.memory --data ../data --only adult,letter
    """
    click.echo("| set | table, MB | allowed, MB | held at most, MB | in |\n| --- |" + " --- |" * 4)
    seen = []
    for contest in contests_named(read_suite(data, suite=suite), names_in(only)):
        seen.append(_measure(contest, budget))
        click.echo(seen[-1].row())
    kept = sum(each.is_kept for each in seen)
    click.echo(f"\n{kept} of {len(seen)} kept; load of the machine {os.getloadavg()[0]:.1f}")
    sys.exit(0 if kept == len(seen) else 1)


def _measure(contest: Contest, budget: str) -> Held:
    table = pl.read_parquet(contest.table)
    excluded = [part for name in sorted(contest.dropped) for part in ("--exclude", name)]
    with tempfile.TemporaryDirectory() as folder:
        program = [sys.executable, "-m", "modelwright", "run", str(contest.table)]
        asked = ["--target", contest.target, "--budget", budget, "--workspace", f"{folder}/model"]
        run = run_command([*program, *asked, *excluded])
    return Held.of(contest.name, int(table.estimated_size()), run)


if __name__ == "__main__":
    command()
