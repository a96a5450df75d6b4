"""Worlds: a model built on the first rows of a set, and the rows after them as its traffic."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from bench.suite import TARGET, Contest, features_and_target
from modelwright.documents import Candidate
from modelwright.engineer.project import Project
from modelwright.maintain.gameday.traffic import Span, Traffic
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.watch.watch import Watch
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.tasks.metrics import metric_named

_MOST_TRAINING = 12_000
_MOST_TRAFFIC = 15_000
_CANDIDATE = "ws/candidate.json"


@dataclass(frozen=True)
class World:
    """A model and its traffic.

    Parameters
    ----------
    name
        Of the set; shuffled rows are a world that does not change.
    bundle
        The model, released or not: what watches it is judged here.
    traffic
        The rows after those that it learned from.
    """

    name: str
    bundle: Bundle
    traffic: pl.DataFrame

    @property
    def watch(self) -> Watch:
        """The model under watch, before the first window."""
        facts = self.bundle.facts
        return Watch(self.bundle, metric_named(facts.metric, self.bundle.program.task))

    def cut(self, *, window_rows: int) -> Traffic:
        """Cut the traffic into windows."""
        rows = live_rows_of(self.traffic, self.bundle)
        return Traffic.of(Span.of(rows, self.bundle), window_rows=window_rows)


def make_world(contest: Contest, work: Path, *, shuffled: bool, budget: str) -> World:
    """Build a model on the first half of a set, or read the one that was built before.

    Parameters
    ----------
    contest
        The set.
    work
        Keeps what is built.
    shuffled
        Whether the order is drawn at random although there is a time.
    budget
        For the build.
    """
    name = f"{contest.name}-shuffled" if shuffled and contest.time else contest.name
    folder = work / name
    if not (folder / _CANDIDATE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        _build(contest, folder, time=None if shuffled else contest.time, budget=budget)
    candidate = msgspec.json.decode((folder / _CANDIDATE).read_bytes(), type=Candidate)
    bundle = read_bundle(folder / "ws" / candidate.program_path)
    return World(name, bundle, pl.read_parquet(folder / "traffic.parquet"))


def _build(contest: Contest, folder: Path, *, time: str | None, budget: str) -> None:
    table = features_and_target(contest).rename({TARGET: contest.target})
    table = table.filter(pl.col(contest.target).is_not_null())
    ordered = time is not None and time in table.columns
    table = (
        table.sort(time or "", maintain_order=True)
        if ordered
        else table.sample(fraction=1.0, shuffle=True, seed=1)
    )
    cut = min(_MOST_TRAINING, len(table) // 2)
    table[:cut].write_parquet(folder / "train.parquet")
    table[cut : cut + _MOST_TRAFFIC].write_parquet(folder / "traffic.parquet")
    data, target = str(folder / "train.parquet"), contest.target
    brief: dict[str, Any] = {"budget": budget}
    # A year may fill all that is learned from.
    if ordered and table[:cut][time or ""].n_unique() > 1:
        brief["time"] = time
    Project.create(folder / "ws", data=data, target=target, **brief).run()
