"""`python -m bench.labels`: how many of the answers that `explore` doubts are wrong indeed.

Answers are exchanged at random in a known part of the rows of a set, and what is doubted then is
compared with what was exchanged. Without any exchange all that is doubted counts as wrongly so,
though some of it may be wrong in the set itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
import polars as pl

from bench.command import names_in
from bench.suite import Contest, contests_named, learning_rows, read_suite
from modelwright.data.splitting.splits import Split
from modelwright.explore.problems.wrong_labels import doubt_labels
from modelwright.learners.rehearsal import Rehearsal

_WRONG = (0.0, 0.01, 0.03, 0.1)
_ROWS = 10_000


@dataclass(frozen=True)
class Found:
    """What was doubted in one set.

    Parameters
    ----------
    wrong
        The share of answers that were exchanged.
    doubted, right
        How many rows were doubted, and how many of these were exchanged.
    exchanged
        How many were exchanged in all.
    precision, recall
        As stated for 3 % of wrong answers; None where nothing is doubted.
    """

    wrong: float
    doubted: int
    right: int
    exchanged: int
    precision: float | None
    recall: float | None


@click.command(context_settings={"max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--only", default="", metavar="SET,…", help="These sets of the suite.")
@click.option("--seeds", default=1, help="How often each set is spoiled. [default: 1]")
def main(data: Path, *, only: str, seeds: int) -> None:
    """Measure the precision and the recall of doubts about answers.

    Example: python -m bench.labels --data ../data
    """
    chosen = contests_named(read_suite(data, suite="accuracy"), names_in(only))
    for contest in chosen:
        if contest.task == "regression":
            continue
        for found in _spoil(contest, seeds):
            click.echo(f"{contest.name}, {found.wrong:.0%} wrong: {_in_words(found)}")


def _in_words(found: Found) -> str:
    if found.precision is None or found.recall is None:
        return "nothing doubted"
    stated = f"stated for 3 % wrong: {found.precision:.0%}, {found.recall:.0%}"
    if not found.exchanged or not found.doubted:
        return f"{found.doubted:,} doubted ({stated})"
    return (
        f"{found.doubted:,} doubted, precision {found.right / found.doubted:.0%}, "
        f"recall {found.right / found.exchanged:.0%} ({stated})"
    )


def _spoil(contest: Contest, seeds: int) -> Iterator[Found]:
    table, metric = learning_rows(contest, rows=_ROWS)
    for wrong in _WRONG:
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            target = np.array(table.target, dtype=np.int64)
            changed = rng.permutation(len(target))[: round(wrong * len(target))]
            shift = rng.integers(1, len(table.task.classes), len(changed))
            target[changed] = (target[changed] + shift) % len(table.task.classes)
            rehearsal = Rehearsal(
                frame=pl.DataFrame({"row": np.arange(len(target))}),
                rows=replace(table, target=target),
                split=Split(kind="stratified"),
                metric=metric,
                seed=seed,
            )
            doubts = doubt_labels(rehearsal)
            rows = np.zeros(0, dtype=np.intp) if doubts is None else doubts.rows
            yield Found(
                wrong=wrong,
                doubted=len(rows),
                right=int(np.isin(rows, changed).sum()),
                exchanged=len(changed),
                precision=None if doubts is None else doubts.precision,
                recall=None if doubts is None else doubts.recall,
            )


if __name__ == "__main__":
    main()
