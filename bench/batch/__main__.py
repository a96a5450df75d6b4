"""`python -m bench.batch`: rows a second from Parquet to Parquet, beside AutoGluon."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench.batch.floor import floor_of, score_of
from bench.batch.table import TARGET, write_table
from bench.batch.told import DEFAULT, PEER, Seen, told
from bench.command import end_in_words
from bench.environments import ROOT, held_alone, make_environment
from bench.machine import describe, environment_of
from bench.page import write_page
from modelwright.errors import ServiceError

PAGE = ROOT / "docs" / "benchmarks" / "batch.md"
MARKS = ("<!-- batch: written by python -m bench.batch -->", "<!-- end of batch -->")
_PEER = Path(__file__).parent / "peers" / "gluon.py"
_CORES = 2
_SAID = 2000
_FEW = 2_000
"""Rows that take no time beside a start."""


@dataclass(frozen=True)
class Way:
    """One way to answer the table.

    Parameters
    ----------
    name
        For the table.
    command
        Answers a file into another, and says rows and seconds as JSON.
    rows
        The file that is answered.
    answers
        Where the answers go.
    """

    name: str
    command: tuple[str, ...]
    rows: str
    answers: Path

    def on(self, rows: Path) -> tuple[str, ...]:
        """Return the command that answers another file."""
        return tuple(str(rows) if word == self.rows else word for word in self.command)


@click.command(context_settings={"max_content_width": 100})
@click.option("--rows", type=click.IntRange(1000), default=1_000_000, show_default=True)
@click.option("--train", type=click.IntRange(1000), default=100_000, show_default=True)
@click.option("--budget", default=240, show_default=True, help="Seconds to learn, for each.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True)
@click.option("--presets", default="medium_quality,good_quality", show_default=True)
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("~/.cache/modelwright-bench/batch"),
    help="Tables, models. [default: ~/.cache/modelwright-bench/batch]",
)
@click.option("--envs", type=click.Path(path_type=Path), help="[default: WORK/../envs]")
@click.option("--page", type=click.Path(path_type=Path), help="[default: docs/benchmarks/batch.md]")
def command(
    *,
    rows: int,
    train: int,
    budget: int,
    rounds: int,
    presets: str,
    work: Path,
    envs: Path | None,
    page: Path | None,
) -> None:
    """Answer the same table by modelwright and by AutoGluon, in turn, round by round."""
    work = work.expanduser().absolute()
    work.mkdir(parents=True, exist_ok=True)
    for name, count, seed in (("train", train, 1), ("rows", rows, 2)):
        if not (work / f"{name}-{count}.parquet").exists():
            write_table(work / f"{name}-{count}.parquet", count, seed=seed)
    write_table(work / "few.parquet", _FEW, seed=3)
    learned, asked = work / f"train-{train}.parquet", work / f"rows-{rows}.parquet"
    with held_alone((envs or work.parent / "envs").expanduser().absolute()) as folder:
        peer = make_environment("autogluon", folder=folder, say=_say)
        ways = [*_own(work, learned, asked, budget)]
        for preset in presets.split(","):
            ways.append(_theirs(peer.python, work, learned, asked, preset, budget))
        seen = _measure(ways, rounds, work / "few.parquet")
    floor = floor_of(learned, asked, threads=_CORES)
    about = (
        f"`make bench-batch` lets modelwright and AutoGluon {peer.versions['autogluon.tabular']} "
        f"learn from the same {train:,} rows of 30 columns, for {budget} seconds each, then answer "
        f"the same {rows:,} rows from a Parquet file into another with all columns, in turn, the "
        f"model once loaded. The middle of {rounds} rounds and their range; {describe(_CORES)}; "
        f"{_load()}.\n\n"
    )
    write_page(page or PAGE, about + told(seen, floor), marks=MARKS)


def _own(work: Path, learned: Path, asked: Path, budget: int) -> list[Way]:
    workspace = work / f"modelwright-{learned.stem}-{budget}"
    program = [sys.executable, "-m", "modelwright"]
    if not (workspace / "bundles").exists():
        _say("modelwright learns")
        run = [*program, "run", str(learned), "--target", TARGET, "--exclude", "id"]
        _call([*run, "--budget", f"{budget}s", "--workspace", str(workspace), "--quiet"])
    predict = [*program, "predict", str(workspace), str(asked), "--json", "--quiet", "--to"]
    out = work / "answers.parquet"
    return [
        Way(name, (*predict, str(out), *flags), str(asked), out)
        for name, flags in (
            (DEFAULT, ()),
            ("modelwright, one process", ("--jobs", "1")),
            ("modelwright, compiled", ("--compiled",)),
            ("modelwright, one process, contract ignored", ("--jobs", "1", "--contract", "ignore")),
        )
    ]


def _theirs(python: Path, work: Path, learned: Path, asked: Path, preset: str, budget: int) -> Way:
    folder = work / f"autogluon-{preset}-{learned.stem}-{budget}"
    if not folder.exists():
        _say(f"AutoGluon learns: {preset}")
        fit = [str(python), str(_PEER), "fit", str(learned), TARGET, preset, str(budget)]
        _call([*fit, str(folder)])
    out = work / "theirs.parquet"
    name = f"{PEER}{preset} and optimize_for_deployment"
    answer = (str(python), str(_PEER), "answer", str(folder), str(asked), str(out))
    return Way(name, answer, str(asked), out)


def _measure(ways: Sequence[Way], rounds: int, few: Path) -> list[Seen]:
    """Let all answer in turn, so that none has the quiet moments of the machine to itself."""
    seen = {way.name: Seen(way.name) for way in ways}
    start_s = {way.name: _call(way.on(few))[1] for way in ways}
    for number in range(rounds):
        for way in ways:
            said, processor_s = _call(way.command)
            found, rows = seen[way.name], said["rows"]
            found.loaded.append(rows / said["seconds"])
            found.processor.append(rows / max(0.01, processor_s - start_s[way.name]))
            found.score = score_of(way.answers)
            _say(
                f"round {number + 1}: {way.name}: {found.loaded[-1]:,.0f} rows a second, "
                f"{found.processor[-1]:,.0f} for a second of a processor; {_load()}"
            )
    return list(seen.values())


def _call(command: Sequence[str]) -> tuple[dict[str, float], float]:
    """Run a command; return what it said, and the seconds of processors that it took."""
    environment = environment_of(_CORES, ROOT, os.environ)
    environment |= {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "MODELWRIGHT_HISTORY": "off"}
    before = _processor_s()
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode not in (0, 1):
        last = (done.stderr or done.stdout)[-_SAID:].strip()
        raise ServiceError(f"{command[0]} left with {done.returncode}.", last)
    return _json_of(done.stdout), _processor_s() - before


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _json_of(text: str) -> dict[str, float]:
    """Return the object of JSON that ends what was said; empty where there is none."""
    try:
        return dict(json.loads(text[text.index("{") :]))
    except ValueError:
        return {}


def _load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f}"


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


if __name__ == "__main__":
    end_in_words(command)
