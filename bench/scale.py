"""`python -m bench.scale`: how time and memory of each phase grow with rows and columns."""

import math
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import click
import numpy as np

from bench.batch.table import TARGET, write_table
from bench.environments import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN = "<!-- scale: written by python -m bench.scale -->"
END = "<!-- end of scale -->"
_TOLD = re.compile(r"\s*([\d.]+) s\s+(\S+)\s+(.*)")
_POLL_S = 0.2
_MIB = 1 << 20
_BUDGETED = ("Trying learners", "Foreseeing")
"""What takes a share of the budget, however many rows there are."""
_SHORT_S = 0.5
_SLACK = 0.15
"""Beside the exponent of n log n over the sizes that are measured; two runs differ so much."""


@dataclass
class Run:
    """What a command took: seconds and the most memory of each phase."""

    seconds: dict[str, float] = field(default_factory=dict)
    peak_mib: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Growth:
    """How a phase grows.

    Parameters
    ----------
    phase
        What is done.
    points
        Sizes with seconds and mebibytes.
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
@click.option("--page", type=click.Path(path_type=Path), help="[default: docs/benchmarks.md]")
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
    _write(page or PAGE, _told(budget) + "\n".join(lines))


def growths(seen: Mapping[int, Run]) -> list[Growth]:
    """Return how each phase grows, in the order in which phases come.

    Examples
    --------
    >>> runs = {n: Run({"reading": n / 100}, {"reading": 1.0}) for n in (100, 1000)}
    >>> round(growths(runs)[0].exponent, 6)
    1.0
    """
    found: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for size, run in seen.items():
        for phase, seconds in run.seconds.items():
            found[phase].append((size, seconds, run.peak_mib.get(phase, 0.0)))
    whole = [phase for phase, points in found.items() if len(points) == len(seen)]
    return [Growth(phase, tuple(found[phase])) for phase in whole]


def _measure(folder: Path, rows: int, columns: int, budget: str) -> Run:
    table = folder / f"{rows}-{columns}.parquet"
    click.echo(f"{rows:,} rows of {columns} columns", err=True)
    write_table(table, rows, columns=columns)
    workspace = str(folder / f"model-{rows}-{columns}")
    command = [sys.executable, "-m", "modelwright", "explore", str(table), "--target", TARGET]
    run = _run([*command, "--exclude", "id", "--budget", budget, "--workspace", workspace])
    table.unlink()
    return run


def _run(command: Sequence[str]) -> Run:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}", "MODELWRIGHT_HISTORY": "off"}
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment
    )
    assert process.stderr is not None
    marks: list[tuple[float, str]] = []
    held: list[tuple[float, float]] = []
    began = time.monotonic()
    watch = threading.Thread(target=_watch, args=(process, held, began))
    watch.start()
    for line in process.stderr:
        if said := _TOLD.match(line):
            marks.append((time.monotonic() - began, f"{said[2]}: {_plain(said[3])}"))
    process.wait()
    watch.join()
    marks.append((time.monotonic() - began, ""))
    run = Run()
    for (start, phase), (end, _) in pairwise(marks):
        run.seconds[phase] = end - start
        run.peak_mib[phase] = max((m for at, m in held if start <= at <= end), default=0.0)
    return run


def _watch(process: "subprocess.Popen[str]", held: list[tuple[float, float]], began: float) -> None:
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        for line in status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                held.append((time.monotonic() - began, int(line.split()[1]) * 1024 / _MIB))
        time.sleep(_POLL_S)


def _plain(sentence: str) -> str:
    """Return a sentence without its numbers and names of files.

    Examples
    --------
    >>> _plain("Reading 90,000 training rows")
    'Reading training rows'
    """
    words = [word for word in sentence.split() if not re.search(r"\d|/", word)]
    return " ".join(words)


def _table(told: str, found: Sequence[Growth]) -> str:
    sizes = [size for size, _, _ in found[0].points]
    head = " | ".join(f"{size:,}" for size in sizes)
    lines = [
        f"By {told}; seconds, and the most memory in MiB:",
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
        "seconds by that of the size; n log n has about 1.1. The load of the machine was "
        f"{os.getloadavg()[0]:.1f} at the end.\n\n"
    )


def _write(page: Path, text: str) -> None:
    old = page.read_text(encoding="utf-8")
    head, found, rest = old.partition(BEGIN)
    tail = rest.partition(END)[2] if found else "\n"
    title = "" if found else "## Growth\n\n"
    page.write_text(f"{head.rstrip()}\n\n{title}{BEGIN}\n\n{text}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    command()
