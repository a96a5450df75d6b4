"""`python -m bench.kills`: a batch job that is killed again and again answers every row once."""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import polars as pl

from modelwright.data.sources.open import open_source
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.testing.examples import EXAMPLE_RECORDS, example_bundle

_POLL_S = 0.005
_GIVE_UP_S = 120.0
KINDS = ("answers.csv", "answers.parquet", "answers/", "answers.db", "answers.duckdb")


@dataclass(frozen=True)
class Trial:
    """A job, and what it ought to give.

    Parameters
    ----------
    folder
        With the bundle and the rows.
    rows
        How many there are.
    to
        Where the answers go, a name in the folder.
    jobs
        Processes.
    """

    folder: Path
    rows: int
    to: str
    jobs: int = 1

    @classmethod
    def prepare(cls, folder: Path, *, rows: int, to: str, jobs: int = 1) -> "Trial":
        """Write a bundle and rows with a key."""
        write_bundle(example_bundle(), folder / "bundle")
        many = pl.DataFrame(EXAMPLE_RECORDS).sample(rows, with_replacement=True, seed=0)
        keyed = many.with_columns(id=pl.Series(np.arange(rows)))
        keyed.write_parquet(folder / "rows.parquet")
        return cls(folder, rows, to, jobs)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the job, or go on with it."""
        command = [sys.executable, "-m", "modelwright", "predict", "bundle", "rows.parquet"]
        command += ["--to", self.to, "--key", "id", "--columns", "id", "--rows", "100", "--quiet"]
        command += ["--jobs", str(self.jobs), "--contract", "ignore"]
        if self.to.endswith((".db", ".duckdb")):
            command += ["--to-table", "answers"]
        return subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE)

    def answered(self) -> Sequence[int]:
        """Return the keys that are answered, in order."""
        path = self.folder / self.to
        table = "answers" if self.to.endswith((".db", ".duckdb")) else None
        address = f"{path}/*.parquet" if self.to.endswith("/") else str(path)
        keys = open_source(address, table=table).read()["id"].cast(pl.Int64)
        return keys.sort().to_list()


def kill_again_and_again(trial: Trial, *, kills: int, seed: int) -> int:
    """Kill a job so often, then let it end; return how many kills fell into its work.

    Raises
    ------
    AssertionError
        When a row is missing or there twice, or the job fails.
    """
    draw, met = random.Random(seed), 0
    for _ in range(kills):
        process = trial.start()
        # From before its first breath to well into its work.
        wait_s = draw.uniform(0.0, 2.5)
        began = time.monotonic()
        while process.poll() is None and time.monotonic() - began < wait_s:
            time.sleep(_POLL_S)
        met += process.poll() is None
        process.kill()
        process.communicate()
    process = trial.start()
    _, said = process.communicate(timeout=_GIVE_UP_S)
    assert process.returncode == 0, said.decode()
    assert trial.answered() == list(range(trial.rows))
    return met


@click.command()
@click.option("--kills", type=click.IntRange(1), default=200, show_default=True)
@click.option("--rows", type=click.IntRange(1), default=40_000, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
def command(*, kills: int, rows: int, seed: int) -> None:
    """Kill batch jobs into every kind of destination, and count their rows."""
    each = max(1, kills // len(KINDS))
    for number, kind in enumerate(KINDS):
        with tempfile.TemporaryDirectory() as folder:
            trial = Trial.prepare(Path(folder), rows=rows, to=kind, jobs=1 + number % 2)
            met = kill_again_and_again(trial, kills=each, seed=seed + number)
        click.echo(f"{kind}: {each} kills, {met} of them at work; {rows:,} rows, each once")


if __name__ == "__main__":
    command()
