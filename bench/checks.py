"""`python -m bench.checks`: eight rules on two million rows, beside pandera.

Each side is a fresh process that reads the same Parquet file and tests the same rules, strictly one
after the other and in turn; pandera runs in an environment of its own, over polars
and over pandas.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import polars as pl

from modelwright.data.checks.levels import Levels
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.texts import TextLength
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.odcs.writer import write_contract
from modelwright.data.schema import Column, Kind

_TOLD = """
import json, resource
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(
    json.dumps(
        {
            "check_s": checked - read,
            "cpu_s": checked_cpu - read_cpu,
            "whole_s": checked - began,
            "memory_mb": memory,
        }
    )
)
"""
_OURS = """
import sys, time
began = time.monotonic()
from pathlib import Path
import polars as pl
from modelwright.data.contracts.contract import check_table
from modelwright.data.odcs.reader import read_contract
contract = read_contract(Path(sys.argv[2]).read_text())
table = pl.read_parquet(sys.argv[1])
read, read_cpu = time.monotonic(), time.process_time()
assert check_table(table, contract).passed
checked, checked_cpu = time.monotonic(), time.process_time()
"""
_POLARS = """
import sys, time
began = time.monotonic()
import pandera.polars as pa
import polars as pl
schema = pa.DataFrameSchema({
    "id": pa.Column(pl.Int64, unique=True),
    "amount": pa.Column(pl.Float64, pa.Check.in_range(0, 1000)),
    "age": pa.Column(pl.Int64, pa.Check.in_range(18, 99), nullable=True),
    "country": pa.Column(pl.String, pa.Check.isin(["DE", "FR", "IT", "ES"])),
    "plan": pa.Column(pl.String, pa.Check.isin(["a", "b", "c"]), nullable=True),
    "note": pa.Column(pl.String, pa.Check.str_length(max_value=20)),
    "score": pa.Column(pl.Float64, nullable=False),
    "items": pa.Column(pl.Int64, pa.Check.ge(1)),
})
table = pl.read_parquet(sys.argv[1])
read, read_cpu = time.monotonic(), time.process_time()
schema.validate(table, lazy=True)
checked, checked_cpu = time.monotonic(), time.process_time()
"""
_PANDAS = """
import sys, time
began = time.monotonic()
import pandas as pd
import pandera.pandas as pa
schema = pa.DataFrameSchema({
    "id": pa.Column(int, unique=True),
    "amount": pa.Column(float, pa.Check.in_range(0, 1000)),
    "age": pa.Column(float, pa.Check.in_range(18, 99), nullable=True),
    "country": pa.Column(str, pa.Check.isin(["DE", "FR", "IT", "ES"])),
    "plan": pa.Column(str, pa.Check.isin(["a", "b", "c"]), nullable=True),
    "note": pa.Column(str, pa.Check.str_length(max_value=20)),
    "score": pa.Column(float, nullable=False),
    "items": pa.Column(int, pa.Check.ge(1)),
})
table = pd.read_parquet(sys.argv[1])
read, read_cpu = time.monotonic(), time.process_time()
schema.validate(table, lazy=True)
checked, checked_cpu = time.monotonic(), time.process_time()
"""


@dataclass(frozen=True)
class Measured:
    """One side: seconds and processor seconds of the check, seconds of the process, most memory."""

    check_s: float
    cpu_s: float
    whole_s: float
    memory_mb: float


@click.command(context_settings={"max_content_width": 100})
@click.option("--rows", default=2_000_000, help="[default: 2,000,000]")
@click.option("--runs", default=5, help="Of each side, in turn. [default: 5]")
@click.option(
    "--pandera",
    type=click.Path(path_type=Path),
    help="A Python that has pandera[polars,pandas] and pyarrow; else modelwright is alone.",
)
def main(rows: int, runs: int, pandera: Path | None) -> None:
    """Time eight rules on a table of eight columns.

    Example: python -m bench.checks --pandera ../pandera/bin/python
    """
    with tempfile.TemporaryDirectory() as folder:
        table, contract = Path(folder) / "table.parquet", Path(folder) / "contract.yaml"
        make_table(rows).write_parquet(table)
        contract.write_text(write_contract(CONTRACT), encoding="utf-8")
        sides = {"modelwright": (Path(sys.executable), _OURS)}
        if pandera is not None:
            sides["pandera over polars"] = (pandera, _POLARS)
            sides["pandera over pandas"] = (pandera, _PANDAS)
        found: dict[str, list[Measured]] = {name: [] for name in sides}
        for _ in range(runs):
            for name, (python, script) in sides.items():
                found[name].append(_measure(python, script, table, contract))
    middles = {name: _middle(each) for name, each in found.items()}
    for name, each in middles.items():
        click.echo(
            f"{name}: check {each.check_s:.3f} s ({each.cpu_s:.3f} s of the processor), the whole "
            f"process {each.whole_s:.3f} s, "
            f"{each.memory_mb:.0f} MB"
        )
    ours = middles.pop("modelwright")
    for name, each in middles.items():
        click.echo(
            f"{name} takes {each.check_s / ours.check_s:.1f} times the time to check "
            f"({each.cpu_s / ours.cpu_s:.1f} times the processor's), "
            f"{each.whole_s / ours.whole_s:.1f} times for the whole process and "
            f"{each.memory_mb / ours.memory_mb:.1f} times the memory"
        )


def make_table(rows: int) -> pl.DataFrame:
    """Return a table that keeps all of the rules."""
    rng = np.random.default_rng(0)
    return pl.DataFrame(
        {
            "id": rng.permutation(rows),
            "amount": rng.uniform(0, 1_000, rows),
            "age": rng.integers(18, 100, rows),
            "country": rng.choice(["DE", "FR", "IT", "ES"], rows),
            "plan": rng.choice(["a", "b", "c"], rows),
            "note": rng.choice([f"note {i}" for i in range(1_000)], rows),
            "score": rng.normal(size=rows),
            "items": rng.integers(1, 50, rows),
        }
    ).with_columns(age=pl.when(pl.col("age") < 98).then("age"))


def _column(name: str, kind: Kind, check: object) -> ContractColumn:
    return ContractColumn(column=Column(name=name, kind=kind), checks=(check,))  # type: ignore[arg-type]


CONTRACT = Contract(
    id="bench",
    title="bench",
    columns=(
        _column("id", Kind.NUMERIC, Unique(column="id")),
        _column("amount", Kind.NUMERIC, Range(column="amount", minimum=0, maximum=1_000)),
        _column("age", Kind.NUMERIC, Range(column="age", minimum=18, maximum=99)),
        _column(
            "country",
            Kind.CATEGORICAL,
            Levels(column="country", levels=("DE", "FR", "IT", "ES")),
        ),
        _column("plan", Kind.CATEGORICAL, Levels(column="plan", levels=("a", "b", "c"))),
        _column("note", Kind.TEXT, TextLength(column="note", max_length=20)),
        _column("score", Kind.NUMERIC, NotMissing(column="score")),
        _column("items", Kind.NUMERIC, Range(column="items", minimum=1)),
    ),
)


def _measure(python: Path, script: str, table: Path, contract: Path) -> Measured:
    done = subprocess.run(
        [str(python), "-c", script + _TOLD, str(table), str(contract)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(done.stderr.strip().splitlines()[-1])
    return Measured(**json.loads(done.stdout))


def _middle(runs: list[Measured]) -> Measured:
    return Measured(
        check_s=statistics.median(run.check_s for run in runs),
        cpu_s=statistics.median(run.cpu_s for run in runs),
        whole_s=statistics.median(run.whole_s for run in runs),
        memory_mb=statistics.median(run.memory_mb for run in runs),
    )


if __name__ == "__main__":
    main()
