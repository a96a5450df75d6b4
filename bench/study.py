"""`python -m bench.study`: which configurations belong into the portfolio, and in which order.

Each configuration of the portfolio learns four fifths of a set's training rows; the fifth weighs
blends, and the set's sealed rows say what they are worth. The order is greedy: next comes the
configuration with which the blend of all so far gains most, over all sets, for its time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.command import names_in
from bench.suite import TARGET, Contest, contests_named, lay_out, read_suite
from modelwright.build.aims.aimed import aim_at
from modelwright.build.aims.aims import aims_for
from modelwright.build.blending.blend import choose_weights, mix
from modelwright.compute.budget import Budget
from modelwright.compute.parallel import cores, map_threads
from modelwright.compute.threads import one_thread_each
from modelwright.data.conform import columns_of, conform
from modelwright.data.inference.infer import infer_schema
from modelwright.errors import ModelwrightError
from modelwright.learners.base import Learner, Rows
from modelwright.learners.classes import fit_on_known
from modelwright.learners.portfolio import PORTFOLIO
from modelwright.tasks.answers import score_answers
from modelwright.tasks.metrics import METRICS, Metric

_LONGEST_S = 60.0
_TEST_ROWS = 10_000
_JUDGES = {"binary": "log_loss", "multiclass": "log_loss", "regression": "rmse"}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tried:
    """What every configuration did on one set; NaN where it failed.

    Parameters
    ----------
    check, test : ndarray of shape (configurations, rows, outputs)
        Answers to the rows that weigh, and to those that judge.
    seconds : ndarray of shape (configurations,)
    """

    metric: Metric
    check_truth: NDArray[Any]
    test_truth: NDArray[Any]
    check: Floats
    test: Floats
    seconds: Floats

    def loss(self, chosen: Sequence[int]) -> float:
        """Return the loss of the blend of some configurations on the rows that judge."""
        able = [each for each in chosen if np.isfinite(self.check[each]).all()]
        if not able:
            return float("nan")
        answers = [self.check[each] for each in able]
        weights = choose_weights(self.metric, self.check_truth, answers, seed=0)
        blended = mix([self.test[each] for each in able], weights)
        return score_answers(self.metric, self.test_truth, blended)


@click.command(context_settings={"max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--only", default="", metavar="SET,…", help="These sets of the suite.")
@click.option("--rows", default=6_000, help="Training rows of a set, at most. [default: 6000]")
@click.option("--work", type=click.Path(path_type=Path), required=True, help="Keeps what is done.")
def main(data: Path, *, only: str, rows: int, work: Path) -> None:
    """Measure the configurations of the portfolio and print them in the order that pays.

    Example: python -m bench.study --data ../tables --work /tmp/study
    """
    work.mkdir(parents=True, exist_ok=True)
    learners = [place.learner for place in PORTFOLIO]
    tried: list[Tried] = []
    for contest in contests_named(read_suite(data, suite="accuracy"), names_in(only)):
        found = _try_all(contest, learners, rows=rows, work=work)
        tried.append(found)
        best = " ".join(f"{score:.4g}" for score in (found.loss([i]) for i in range(len(learners))))
        click.echo(f"{contest.name}: {best}")
    _print_order(learners, tried)


@one_thread_each()
def _try_all(contest: Contest, learners: Sequence[Learner], *, rows: int, work: Path) -> Tried:
    laid_out = lay_out(contest, rows=rows, seed=0)
    table = laid_out.train.drop(TARGET)
    schema = infer_schema(table)
    schema = schema.select(tuple(column.name for column in schema.features))

    def read(frame: pl.DataFrame, target: NDArray[Any]) -> Rows:
        return Rows(schema, columns_of(conform(frame, schema), schema), target, laid_out.task)

    every = read(table, laid_out.train[TARGET].to_numpy())
    test = read(laid_out.test[:_TEST_ROWS], laid_out.truth[:_TEST_ROWS])
    part = np.random.default_rng(0).permutation(len(every)) % 5
    train, check = every.take(np.flatnonzero(part > 0)), every.take(np.flatnonzero(part == 0))
    metric = METRICS[_JUDGES[laid_out.task.kind]]
    aim = aims_for(metric, train)[-1]
    outputs = laid_out.task.n_outputs

    def learn(learner: Learner) -> tuple[Floats, Floats, float]:
        kept = work / f"{contest.name}-{rows}-{learner.name}.npz"
        if kept.exists():
            with np.load(kept) as arrays:
                return arrays["check"], arrays["test"], float(arrays["seconds"])
        aimed = learner if laid_out.task.is_classification else aim_at(learner, aim)
        clock = Budget.start(_LONGEST_S)
        try:
            if not learner.suits(laid_out.task):
                raise ModelwrightError("It does not suit.")
            fitted = fit_on_known(aimed, train, check_rows=check, budget=clock, seed=0)
            seconds = clock.elapsed_s
            made = tuple(fitted.program.run(each.columns) for each in (check, test))
        except ModelwrightError as error:
            click.echo(f"  {learner.name}: {error}")
            seconds = clock.elapsed_s
            made = tuple(np.full((len(each), outputs), np.nan) for each in (check, test))
        np.savez(kept, check=made[0], test=made[1], seconds=seconds)
        return made[0], made[1], seconds

    done = map_threads(learn, learners, workers=cores())
    return Tried(
        metric=metric,
        check_truth=check.target,
        test_truth=test.target,
        check=np.array([each[0] for each in done]),
        test=np.array([each[1] for each in done]),
        seconds=np.array([each[2] for each in done]),
    )


def _print_order(learners: Sequence[Learner], tried: Sequence[Tried]) -> None:
    costs = np.mean([each.seconds / each.seconds[0] for each in tried], axis=0)
    chosen: list[int] = []
    before = np.zeros(len(tried))
    while len(chosen) < len(learners):
        gains = {
            place: _logs(tried, [*chosen, place])
            for place in range(len(learners))
            if place not in chosen
        }
        best = max(
            gains,
            key=lambda place: (
                float(np.nanmean(before - gains[place])) / costs[place] ** 0.5
                if chosen
                else -float(np.nanmean(gains[place]))
            ),
        )
        gain = float(np.nanmean(before - gains[best]))
        before = gains[best]
        chosen.append(best)
        alone = float(np.nanmean(_logs(tried, [best])))
        click.echo(
            f"{len(chosen):2d} {learners[best].name:22s} cost {costs[best]:5.2f}  "
            f"gain {100 * gain if len(chosen) > 1 else 0.0:6.3f} %  alone {100 * alone:7.2f} %  "
            f"blend so far {100 * float(np.nanmean(before)):7.2f} %"
        )


def _logs(tried: Sequence[Tried], chosen: Sequence[int]) -> Floats:
    """Return the logarithm of the blend's loss on each set, over that of the first learner."""
    return np.array([np.log(each.loss(chosen) / each.loss([0])) for each in tried])


if __name__ == "__main__":
    main()
