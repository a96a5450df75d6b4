"""What Ray costs beside processes of this machine, after both have started.

The same fits of the same rows, of which each crew makes what it needs anew every time: sharing the
rows, bins and codes are in the time. Crews take turns, so that a busy machine is busy for all.

    python -m bench.cluster --rows 5000 --turns 5
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

import click
import numpy as np

from modelwright.build.racing.fits import Ground
from modelwright.build.site import Site
from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.compute.crews.registry import open_crew
from modelwright.compute.parallel import cores, map_threads
from modelwright.compute.threads import one_thread_each
from modelwright.learners.registry import LEARNERS
from modelwright.testing import example_rows

_LEARNERS = ("lightgbm", "linear")
_FOLDS = 4
_ROUNDS = 60
_LONG_S = 3600.0


@dataclass(frozen=True)
class Job:
    """One learner on one fold."""

    name: str
    fold: int


@click.command()
@click.option("--rows", default=5_000, show_default=True)
@click.option("--turns", default=5, show_default=True)
@click.option("--workers", default=cores(), show_default=True)
@one_thread_each()
def main(rows: int, turns: int, workers: int) -> None:
    """Print the seconds of each turn, and how much longer a crew takes than processes do."""
    ground = _ground(rows)
    names = ("here", "processes", "ray")
    with ExitStack() as stack:
        crews = {
            name: stack.enter_context(open_crew(f"{name}?workers={workers}", report=click.echo))
            for name in names
        }
        for crew in crews.values():
            _turn(ground, crew)  # what imports libraries is the start
        taken: dict[str, list[float]] = {name: [] for name in names}
        for turn in range(turns):
            for name, crew in crews.items():
                taken[name].append(_turn(ground, crew))
            each = ", ".join(f"{name} {seconds[-1]:.2f} s" for name, seconds in taken.items())
            click.echo(f"turn {turn + 1}: {each}")
    for name in names:
        ratios = [a / b for a, b in zip(taken[name], taken["processes"], strict=True)]
        click.echo(f"{name}: {median(ratios) - 1:+.1%} beside processes (median of {turns})")


def _turn(ground: Ground, crew: Crew) -> float:
    """Return the wall time of all fits."""
    ground.forget()
    began = time.perf_counter()
    site = Site.open(ground, crew)
    jobs = [Job(name, fold) for name in _LEARNERS for fold in range(_FOLDS)]
    map_threads(lambda job: _fit(site, job), jobs, workers=site.workers)
    return time.perf_counter() - began


def _fit(site: Site, job: Job) -> None:
    site.fit(LEARNERS[job.name], job.fold, budget=Budget.start(_LONG_S), rounds=_ROUNDS)


def _ground(count: int) -> Ground:
    rows = example_rows("binary", count=count, seed=1)
    every = np.arange(count)
    folds = tuple((every[every % _FOLDS != n], every[every % _FOLDS == n]) for n in range(_FOLDS))
    return Ground(rows, folds, 0)


if __name__ == "__main__":
    main()
