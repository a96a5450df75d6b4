"""`python -m bench.scale`: how time and memory of each phase grow with rows and columns."""

import math
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from bench.batch.table import TARGET, write_table
from bench.environments import ROOT
from bench.page import write_page
from bench.phases import Run, run_command

PAGE = ROOT / "docs" / "benchmarks" / "scale.md"
MARKS = ("<!-- scale: written by python -m bench.scale -->", "<!-- end of scale -->")
_BUDGETED = ("Trying learners", "Foreseeing")
"""What takes a share of the budget, however many rows there are."""
_SHORT_S = 0.1
_SLACK = 0.15
"""Beside the exponent of n log n over the sizes that are measured; two runs differ so much."""


@dataclass(frozen=True)
class Growth:
    """How a phase grows.

    Parameters
    ----------
    phase
        What is done.
    points
        Sizes with seconds of processors and mebibytes.
    """

    phase: str
    points: tuple[tuple[int, float, float], ...]

    @property
    def exponent(self) -> float | None:
        """The slope of the logarithms, of the sizes that take any time; None for fewer than two."""
        logs = [(math.log(n), math.log(s)) for n, s, _ in self.points if s >= _SHORT_S]
        if len(logs) < 2:
            return None
        sizes, seconds = np.array(logs).T
        return float(np.polyfit(sizes, seconds, 1)[0])

    @property
    def most(self) -> float:
        """The exponent that n log n has between the smallest and the largest size."""
        small, large = self.points[0][0], self.points[-1][0]
        return 1 + math.log(math.log(large) / math.log(small)) / math.log(large / small)

    @property
    def is_kept(self) -> bool:
        """Whether it grows no faster than n log n."""
        return self.exponent is None or self.exponent <= self.most + _SLACK


@click.command(context_settings={"max_content_width": 100})
@click.option("--rows", default="10000,100000,1000000", show_default=True, help="Of 30 columns.")
@click.option("--columns", default="10,30,90", show_default=True, help="Of 100,000 rows.")
@click.option("--budget", default="60s", show_default=True)
@click.option("--page", type=click.Path(path_type=Path), help="[default: docs/benchmarks/scale.md]")
def command(*, rows: str, columns: str, budget: str, page: Path | None) -> None:
    """Plan and explore tables of many sizes, and fit how each phase grows.

    \b
    Example:
      python -m bench.scale --rows 10000,100000,1000000,3000000
    """
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for told, sizes in (
            ("rows, of 30 columns", [(int(n), 30) for n in rows.split(",")]),
            ("columns, of 100,000 rows", [(100_000, int(n)) for n in columns.split(",")]),
        ):
            at = 0 if told.startswith("rows") else 1
            seen = {size[at]: _measure(Path(folder), *size, budget) for size in sizes}
            lines.append(_table(told, growths(seen)))
            click.echo(lines[-1])
    write_page(page or PAGE, _told(budget) + "\n".join(lines), marks=MARKS)


def growths(seen: Mapping[int, Run]) -> list[Growth]:
    """Return how each phase grows, in the order in which phases come.

    Examples
    --------
    >>> from bench.phases import Phase
    >>> runs = {n: Run([Phase("reading", n / 100, n / 100, 1.0)]) for n in (100, 1000)}
    >>> round(growths(runs)[0].exponent, 6)
    1.0
    """
    found: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for size, run in seen.items():
        for phase, seconds in run.processor_s.items():
            found[phase].append((size, seconds, run.peak_mib.get(phase, 0.0)))
    whole = [phase for phase, points in found.items() if len(points) == len(seen)]
    return [Growth(phase, tuple(found[phase])) for phase in whole]


def _measure(folder: Path, rows: int, columns: int, budget: str) -> Run:
    table = folder / f"{rows}-{columns}.parquet"
    click.echo(f"{rows:,} rows of {columns} columns", err=True)
    write_table(table, rows, columns=columns)
    workspace = str(folder / f"model-{rows}-{columns}")
    command = [sys.executable, "-m", "modelwright", "explore", str(table), "--target", TARGET]
    run = run_command([*command, "--exclude", "id", "--budget", budget, "--workspace", workspace])
    table.unlink()
    return run


def _table(told: str, found: Sequence[Growth]) -> str:
    sizes = [size for size, _, _ in found[0].points]
    head = " | ".join(f"{size:,}" for size in sizes)
    lines = [
        f"By {told}; seconds of processors, and the most memory in MiB:",
        "",
        f"| phase | {head} | exponent |",
        f"| --- |{' --- |' * len(sizes)} --- |",
    ]
    for each in found:
        cells = " | ".join(f"{s:.1f}, {m:,.0f}" for _, s, m in each.points)
        lines.append(f"| {each.phase} | {cells} | {_verdict(each)} |")
    return "\n".join(lines) + "\n"


def _verdict(growth: Growth) -> str:
    if any(word in growth.phase for word in _BUDGETED):
        return "a share of the budget"
    if growth.exponent is None:
        return "too short to say"
    sign = "" if growth.is_kept else ", **more than n log n**"
    return f"{growth.exponent:.2f}{sign}"


def _told(budget: str) -> str:
    return (
        "`make bench-scale` plans and explores made-up tables of a target, numbers, categories and "
        f"a moment, with a budget of {budget}. The exponent is the slope of the logarithm of the "
        "seconds of processors by that of the size; n log n has about 1.1. The machine's load was "
        f"{os.getloadavg()[0]:.1f} at the end.\n\n"
    )


if __name__ == "__main__":
    command()
