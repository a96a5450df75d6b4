"""`python -m bench.curves`: whether the score on all rows lies where a quarter of them foresaw it.

A learning curve is measured on a quarter of a set's training rows and extrapolated to all of them;
then a curve of all rows says what the same quick model scores with as many.
"""

from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import polars as pl

from bench.command import names_in
from bench.suite import Contest, contests_named, learning_rows, read_suite
from modelwright.data.splitting.splits import Split
from modelwright.explore.learning_curve import LEVEL, LearningCurve
from modelwright.learners.base import Rows
from modelwright.learners.rehearsal import Rehearsal
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import Metric

_ROWS = 30_000
_PART = 4


@dataclass(frozen=True)
class Foreseen:
    """What a quarter of the rows foresaw for all of them, and what came.

    Parameters
    ----------
    before
        The score with the quarter itself.
    foreseen
        For all rows.
    came
        What the same model scored with as many rows.
    """

    before: float
    foreseen: Interval
    came: float

    @property
    def held(self) -> bool:
        """Whether the interval holds what came."""
        return self.foreseen.contains(self.came)


@click.command(context_settings={"max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--only", default="", metavar="SET,…", help="These sets of the suite.")
@click.option("--draws", default=3, help="How often a quarter is drawn. [default: 3]")
def main(data: Path, *, only: str, draws: int) -> None:
    """Measure how often the score on all rows lies in the interval foreseen from a quarter.

    Example: python -m bench.curves --data ../data
    """
    held: list[bool] = []
    for contest in contests_named(read_suite(data, suite="accuracy"), names_in(only)):
        for seed in range(draws):
            found = _foresee(contest, seed)
            if found is None:
                click.echo(f"{contest.name}: too few rows")
                break
            held.append(found.held)
            click.echo(
                f"{contest.name}: {found.before:.4g} with a quarter, foreseen "
                f"{found.foreseen.value:.4g} ({found.foreseen.low:.4g} to "
                f"{found.foreseen.high:.4g}), came {found.came:.4g}"
                f"{'' if found.held else ', outside'}"
            )
    click.echo(f"{sum(held)} of {len(held)} inside the {LEVEL:.0%} interval")


def _foresee(contest: Contest, seed: int) -> Foreseen | None:
    rows, metric = learning_rows(contest, rows=_ROWS)
    quarter = np.random.default_rng(seed).permutation(len(rows))[: len(rows) // _PART]
    curve = _curve(rows.take(np.sort(quarter)), metric, seed)
    whole = _curve(rows, metric, seed)
    if curve is None or whole is None:
        return None
    most = float(whole.sizes[-1])
    return Foreseen(
        before=curve.at(float(curve.sizes[-1])).value,
        foreseen=curve.at(most),
        came=whole.measured(-1),
    )


def _curve(rows: Rows, metric: Metric, seed: int) -> LearningCurve | None:
    split = Split(kind="stratified" if rows.task.is_classification else "random", seed=seed)
    frame = pl.DataFrame({"row": np.arange(len(rows))})
    return LearningCurve.measure(
        Rehearsal(frame=frame, rows=rows, split=split, metric=metric, seed=seed)
    )


if __name__ == "__main__":
    main()
