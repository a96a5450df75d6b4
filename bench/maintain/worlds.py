"""The worlds of the drill: sets in the order of time, the same shuffled, and a table drawn here."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import polars as pl

from bench.drift.worlds import World
from bench.maintain.quick import learn_quickly
from bench.suite import TARGET, Contest, features_and_target, with_codes
from modelwright.data.schema import Kind
from modelwright.maintain.gameday.faults.base import Fault, Injection, PlainFault, Scene
from modelwright.maintain.gameday.faults.registry import faults_named
from modelwright.maintain.gameday.traffic import Span
from modelwright.tasks.task import Task

TWENTY = "twenty-columns"
"""Twenty columns whose rows do not change, until one of them is broken by five sigma."""
SHUFFLED = "-shuffled"
_COLUMNS = 20
_MOST_TRAINING, _MOST_TRAFFIC, _TWENTYS_TRAFFIC = 6_000, 15_000, 25_000
_SIGMAS = 5.0


def world_names(contests: tuple[Contest, ...]) -> tuple[str, ...]:
    """Return the worlds of a suite: each set with a column of time, twice, and the drawn table."""
    kinds = ("binary", "regression")
    ordered = [each.name for each in contests if each.time and each.task in kinds]
    return (*ordered, *(f"{name}{SHUFFLED}" for name in ordered), TWENTY)


def make_named(name: str, contests: tuple[Contest, ...]) -> World:
    """Let a model learn on the first rows of a set, and take the rows after them for its traffic.

    The column of time is not among its features.

    Parameters
    ----------
    name
        One of `world_names`.
    contests
        The sets of the suite.
    """
    if name == TWENTY:
        return _draw_world()
    contest = next(each for each in contests if each.name == name.removesuffix(SHUFFLED))
    table, task = with_codes(features_and_target(contest), contest)
    table = table.filter(pl.col(TARGET).is_not_null())
    time = str(contest.time)
    table = table.sort(time, maintain_order=True).drop(time)
    if name.endswith(SHUFFLED):
        table = table.sample(fraction=1.0, shuffle=True, seed=1)
    cut = min(_MOST_TRAINING, len(table) // 2)
    train, traffic = table[:cut], table[cut : cut + _MOST_TRAFFIC]
    return _world(name, train, traffic, task, target=contest.target, metric=contest.metric)


def faults_of(name: str) -> tuple[Fault, ...]:
    """Return the faults that are injected into a world."""
    return (FIVE_SIGMA,) if name == TWENTY else faults_named(())


def draw_twenty(rows: int, *, seed: int) -> pl.DataFrame:
    """Draw twenty bell-shaped columns that do not hang together, and an answer of all of them."""
    draw = np.random.default_rng(seed)
    columns = draw.normal(size=(rows, _COLUMNS))
    odds = columns @ np.linspace(1.0, 0.2, _COLUMNS)
    answers = draw.random(rows) < 1 / (1 + np.exp(-odds))
    table = pl.DataFrame({f"x{at:02d}": columns[:, at] for at in range(_COLUMNS)})
    return table.with_columns(pl.Series(TARGET, answers.astype(np.int64)))


def _break_one(scene: Scene) -> Iterator[Injection]:
    for name in scene.of_kind(Kind.NUMERIC):
        spread = float(scene.before.table[name].to_numpy().std())
        yield Injection(
            columns=(name,),
            causes=("unit change", "covariate drift"),
            change=partial(_move, name=name, by=_SIGMAS * spread),
        )


def _move(span: Span, *, name: str, by: float) -> Span:
    return span.with_columns(**{name: pl.col(name) + by})


FIVE_SIGMA = PlainFault(
    "five sigma", "A column's values come too high by five standard deviations.", _break_one
)


def _draw_world() -> World:
    train = draw_twenty(_MOST_TRAINING, seed=0)
    traffic = draw_twenty(_TWENTYS_TRAFFIC, seed=1)
    task = Task(kind="binary", classes=("no", "yes"))
    return _world(TWENTY, train, traffic, task, target="answer", metric="roc_auc")


def _world(
    name: str, train: pl.DataFrame, traffic: pl.DataFrame, task: Task, *, target: str, metric: str
) -> World:
    bundle = learn_quickly(train, task, target=target, metric=metric)
    truth = traffic[TARGET]
    if task.classes:
        truth = pl.Series([str(label) for label in task.classes]).gather(truth)
    return World(name, bundle, traffic.drop(TARGET).with_columns(truth.rename(target)))
