"""`python -m bench.coverage`: how often the stated interval holds the score on later sealed rows.

The rows of a set are parted at random, again and again: a model learns from three fifths, one fifth
is the holdout that states the interval, as a build does, and the model's score on the last fifth
should lie in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from bench.command import names_in
from bench.suite import Contest, contests_named, learning_rows, read_suite
from modelwright.compute.budget import Budget
from modelwright.compute.parallel import cores, map_threads
from modelwright.compute.threads import one_thread_each
from modelwright.learners.base import Rows
from modelwright.learners.classes import fit_on_known
from modelwright.learners.lightgbm import LightGBM
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.answers import as_taken
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import bootstrap_interval, wilson_interval
from modelwright.tasks.metrics import Metric
from modelwright.tasks.prediction_intervals import as_wide_as, for_new_sample

LEVEL = 0.95
_LEARNER = LightGBM(rate=0.1, leaves=16)
"""Quick; what is judged is the interval, which knows only answers."""
_ROUNDS = 100
_LONGEST_S = 60.0
_FOLDS = 3


@dataclass(frozen=True)
class Covered:
    """Whether the interval of each split held the score on its sealed rows."""

    name: str
    metric: str
    held: tuple[bool, ...]


@click.command(context_settings={"max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--only", default="", metavar="SET,…", help="These sets of the suite.")
@click.option("--rows", default=4_000, help="Rows of a set, at most. [default: 4000]")
@click.option("--splits", default=40, help="Random splits of each set. [default: 40]")
def main(data: Path, *, only: str, rows: int, splits: int) -> None:
    """Measure how often the 95 % interval of the holdout's score holds the score on later rows.

    Example: python -m bench.coverage --data ../tables --splits 40
    """
    every: list[Covered] = []
    for contest in contests_named(read_suite(data, suite="accuracy"), names_in(only)):
        found = _cover(contest, rows=rows, splits=splits)
        every.append(found)
        click.echo(f"{found.name:24} {found.metric:18} {_share(found.held)}")
    click.echo(f"{'all':43} {_share([each for found in every for each in found.held])}")


@one_thread_each()
def _cover(contest: Contest, *, rows: int, splits: int) -> Covered:
    table, metric = learning_rows(contest, rows=rows)

    def split(seed: int) -> bool:
        return _holds(table, metric, seed)

    held = map_threads(split, range(splits), workers=cores())
    return Covered(contest.name, metric.name, tuple(held))


def _holds(table: Rows, metric: Metric, seed: int) -> bool:
    part = np.random.default_rng(seed).permutation(len(table)) % 5
    train, holdout, sealed = (
        table.take(np.flatnonzero(np.isin(part, parts))) for parts in ((0, 1, 2), (3,), (4,))
    )
    program = _learn(train, seed)

    def taken(answers: Floats) -> np.ndarray:
        return as_taken(metric, answers)

    def seen(rows: Rows, answers: Floats) -> Interval:
        here = bootstrap_interval(metric, rows.target, taken(answers), level=LEVEL, seed=seed)
        return for_new_sample(here, len(rows), len(rows))

    stated = as_wide_as(
        seen(holdout, program.run(holdout.columns)),
        seen(train, _out_of_fold(train, seed)),
        n=len(holdout),
        n_other=len(train),
    )
    return (
        stated.low <= metric.score(sealed.target, taken(program.run(sealed.columns))) <= stated.high
    )


def _learn(rows: Rows, seed: int) -> Program:
    budget = Budget.start(_LONGEST_S)
    return fit_on_known(_LEARNER, rows, rounds=_ROUNDS, budget=budget, seed=seed).program


def _out_of_fold(rows: Rows, seed: int) -> Floats:
    fold = np.random.default_rng(seed).permutation(len(rows)) % _FOLDS
    answers = np.empty((len(rows), rows.task.n_outputs))
    for number in range(_FOLDS):
        others, held = (np.flatnonzero(each) for each in (fold != number, fold == number))
        answers[held] = _learn(rows.take(others), seed).run(rows.take(held).columns)
    return answers


def _share(held: Sequence[bool]) -> str:
    """Return the share with its interval.

    Examples
    --------
    >>> _share([True] * 95 + [False] * 5)
    '95.0 % (88.8 to 97.8) of 100'
    """
    found = wilson_interval(sum(held), len(held))
    low, value, high = (f"{100 * each:.1f}" for each in (found.low, found.value, found.high))
    return f"{value} % ({low} to {high}) of {len(held)}"


if __name__ == "__main__":
    main()
