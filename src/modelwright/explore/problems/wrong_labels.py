"""Answers that look wrong, with what such a list is worth.

Whether an unlikely answer is wrong or the world uncertain, no method can tell from the table alone.
What can be measured is how well wrong answers would be found if there were some: they are planted
in a part of the rows, and a quick model is asked about all rows out of fold (in the manner of
Northcutt, Jiang & Chuang, "Confident learning", JAIR 70, 2021). The threshold of doubt is set where
a third of the doubted rows are planted ones, and what is told are the precision and recall there.
Rows that were wrong before count as right, so that both are the least there is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.documents import Risk
from modelwright.explore.problems.base import Subject
from modelwright.learners.rehearsal import Rehearsal

LIST = "labels_to_check.csv"
PLANTED = 0.03
_PLANTINGS = 2
_FEWEST_ROWS = 1_000
_PRECISION = 1 / 3
_RECALL = 0.2
_FEWEST_DOUBTED = 5
_MOST_LISTED = 1_000


@dataclass(frozen=True)
class Doubts:
    """Rows whose answers look wrong.

    Parameters
    ----------
    rows : ndarray of shape (k,)
        Indices into the rehearsal's rows, the most doubtful first.
    expected : ndarray of shape (k,)
        The class that the quick model expects.
    precision, recall
        The share of doubted rows that is wrong, and of wrong ones that is doubted, when `PLANTED`
        of the answers are.
    of
        How many rows were asked about.
    """

    rows: NDArray[np.intp]
    expected: NDArray[np.int64]
    precision: float
    recall: float
    of: int


def find_wrong_labels(subject: Subject) -> Iterator[Risk]:
    """Tell how many answers look wrong, and list them in a file of the workspace."""
    rehearsal = subject.rehearsal
    if rehearsal is None or not subject.plan.task.is_classification:
        return
    doubts = doubt_labels(rehearsal)
    if doubts is None or len(doubts.rows) < _FEWEST_DOUBTED:
        return
    _write(doubts, rehearsal, subject)
    yield Risk(
        name="labels",
        sentence=f"The answers of {len(doubts.rows):,} of {doubts.of:,} rows look wrong; {LIST} in "
        "the workspace lists them, the most doubtful first. What the list is worth was measured: "
        f"if {PLANTED:.0%} of the answers are wrong, it holds {doubts.recall:.0%} of them and "
        f"at least {doubts.precision:.0%} of it is wrong; if fewer are, more of it is merely "
        "unusual.",
        columns=(subject.plan.target,),
    )


def doubt_labels(rehearsal: Rehearsal) -> Doubts | None:
    """Return the rows whose answers look wrong; None where wrong ones would not be found.

    Parameters
    ----------
    rehearsal
        Of a classification.
    """
    asked = rehearsal.asked
    if len(asked) < _FEWEST_ROWS:
        return None
    rng = np.random.default_rng(rehearsal.seed)
    plantings = [_plant(rehearsal, rng) for _ in range(_PLANTINGS)]
    doubt, planted = (np.concatenate(each) for each in zip(*plantings, strict=True))
    order = np.argsort(-doubt, kind="stable")
    found = np.cumsum(planted[order])
    precision, recall = found / np.arange(1, len(found) + 1), found / found[-1]
    good = np.flatnonzero((precision >= _PRECISION) & (recall >= _RECALL) & (doubt[order] > 0))
    if not len(good):
        return None
    last = good[-1]
    own = _doubt(rehearsal.answers[asked], rehearsal.truth[asked])
    ranked = np.argsort(-own, kind="stable")
    doubted = asked[ranked[own[ranked] >= doubt[order[last]]]]
    return Doubts(
        rows=doubted,
        expected=rehearsal.answers[doubted].argmax(axis=1),
        precision=float(precision[last]),
        recall=float(recall[last]),
        of=len(asked),
    )


def _plant(
    rehearsal: Rehearsal, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Exchange some answers for another class, and return all doubts and where it was done."""
    asked = rehearsal.asked
    rows = rng.permutation(asked)[: round(PLANTED * len(asked))]
    target = np.array(rehearsal.truth, dtype=np.int64)
    classes = rehearsal.rows.task.n_outputs
    target[rows] = (target[rows] + rng.integers(1, classes, len(rows))) % classes
    answers = rehearsal.answer(rehearsal.folds, target=target)
    return _doubt(answers[asked], target[asked]), np.isin(asked, rows)


def _doubt(answers: NDArray[np.float64], given: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return by how much the likeliest other class is likelier than the given one, in log-odds."""
    each = np.arange(len(given))
    others = answers.copy()
    others[each, given] = -np.inf
    tiny = 1e-9
    return np.asarray(np.log(others.max(axis=1) + tiny) - np.log(answers[each, given] + tiny))


def _write(doubts: Doubts, rehearsal: Rehearsal, subject: Subject) -> None:
    rows, classes = doubts.rows[:_MOST_LISTED], np.array(subject.plan.task.classes, dtype=str)
    expected = doubts.expected[:_MOST_LISTED]
    numbers, written = _as_written(rows, rehearsal, subject)
    target = subject.plan.target
    told = [
        *numbers,
        pl.Series("expected", classes[expected]),
        pl.Series("probability", rehearsal.answers[rows, expected].round(4)),
    ]
    names = [name for name in written.columns if name != target]
    listed = pl.DataFrame([_beside(each, written.columns) for each in told])
    subject.workspace.write_text(LIST, listed.hstack(written.select(target, *names)).write_csv())


def _as_written(
    rows: NDArray[np.intp], rehearsal: Rehearsal, subject: Subject
) -> tuple[list[pl.Series], pl.DataFrame]:
    """Return which rows of the person's table these are, where that is known, and how they read."""
    answered = rows if rehearsal.places is None else rehearsal.places[rows]
    places, written = np.flatnonzero(subject.known)[answered], subject.written
    if written is None:
        return [], subject.training[places]
    numbers = [] if written.numbers is None else [pl.Series("row", written.numbers[places])]
    return numbers, written.read()[places]


def _beside(series: pl.Series, names: Sequence[str]) -> pl.Series:
    """Call a column otherwise where the table has one of that name."""
    while series.name in names:
        series = series.alias(f"{series.name}_")
    return series
