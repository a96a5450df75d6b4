"""One reading of a stream, for the boosters of both libraries."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeVar

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.streams import lightgbm, xgboost
from modelwright.learners.streams.growing import InBins, Pupil
from modelwright.learners.streams.labels import Labels, encoded
from modelwright.learners.trees.boosting import Lesson, prepare
from modelwright.learners.xgboost import XGBoost

Able: TypeAlias = LightGBM | XGBoost
"""What can learn from a stream."""

Kind = TypeVar("Kind", LightGBM, XGBoost)

_BYTES_BESIDE_BINS = 24
"""Of a row: its label, its weight, and its place among the rows that a tree draws."""
_BYTES_OF_OUTPUT = 24
"""Of a row for each tree of a round: its score, the gradient and the second derivative."""


def bytes_of_row(learners: Sequence[Able], lesson: Lesson, some: Rows) -> int:
    """Return what a row takes while trees learn from it.

    Parameters
    ----------
    learners
        Those that learn from one reading.
    lesson
        Of the sample.
    some
        Rows that tell whether cells are missing.
    """
    cell = 0
    if (first := _first(learners, LightGBM)) is not None:
        cell += lightgbm.bytes_of_cell(first)
    if _first(learners, XGBoost) is not None:
        gaps = bool(np.isnan(lesson.encoding.matrix(some.columns)).any())
        cell += xgboost.bytes_of_cell(gaps=gaps)
    beside = _BYTES_BESIDE_BINS + _BYTES_OF_OUTPUT * lesson.trees_per_round
    return lesson.encoding.width * cell + beside


def lesson_for(learner: Able, sample: Rows, *, budget: Budget, seed: int) -> Lesson:
    """Return the encoding, the unit and the size of trees that a sample tells.

    Parameters
    ----------
    learner
        Says whether categories are crossed, and how large trees are.
    sample
        Rows in memory.
    budget
        The time there is.
    seed
        Of the encoding.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    return prepare(
        sample,
        None,
        1,
        most_leaves=learner.leaves,
        crosses=learner.crosses,
        budget=budget,
        seed=seed,
    )


def stream_into_bins(
    learners: Sequence[Able],
    further: Iterable[Rows],
    *,
    count: int,
    sample: Rows,
    check: Rows,
    budget: Budget,
    seed: int,
) -> list[Pupil]:
    """Put rows into bins, a piece at a time, and return each learner with its own.

    The bins are those of the sample. Target means are learned from the sample too: for the rows
    that are streamed from none of them, for its own rows out of fold.

    Parameters
    ----------
    learners
        They share one encoding, and those of LightGBM their bins.
    further, count
        More rows to learn from, as pieces, and how many there are.
    sample
        Rows in memory.
    check
        Rows in memory that nothing is learned from.
    budget
        The time there is.
    seed
        Of encoding, bins and learners.

    Raises
    ------
    BudgetError
        When the time ends.
    InputError
        When a library refuses the rows.
    """
    lessons = [lesson_for(each, sample, budget=budget, seed=seed) for each in learners]
    lesson, labels = lessons[0], Labels.of(sample, lessons[0])
    pieces = encoded(lesson, further, budget)
    bins: dict[type, InBins] = {}
    codes = None
    if _first(learners, XGBoost) is not None:
        known = xgboost.known_bins(lesson, labels)
        codes = xgboost.Codes.of(known)
        codes.take(lesson.train.matrix, labels)
        pieces = codes.passed(pieces)
    if (first := _first(learners, LightGBM)) is not None:
        bins[LightGBM] = lightgbm.put_into_bins(
            first, lesson, pieces, count=count, sample=sample, check=check, seed=seed
        )
    for _ in pieces:
        pass
    if codes is not None:
        bins[XGBoost] = xgboost.in_bins(codes, known, lesson, check)
    return [
        Pupil(learner, each, bins[type(learner)], seed)
        for learner, each in zip(learners, lessons, strict=True)
    ]


def _first(learners: Sequence[Able], kind: type[Kind]) -> Kind | None:
    return next((each for each in learners if isinstance(each, kind)), None)
