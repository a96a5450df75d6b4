"""The answered rows as explore measures them: bounded in number, divided into folds."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import rankdata

from modelwright.data.schema import Role, Schema
from modelwright.explore.bins import Codes, codes_of_levels, codes_of_numbers
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task

FOLDS = 3
MOST_ROWS = 20_000
_MOST_CELLS = 8_000_000
_MOST_CLASSES = 30
_MOST_GRADES = 20
_LARGEST = 1e100
"""Squares of larger numbers, and their sums, would soon be infinite."""


@dataclass(frozen=True)
class Sample:
    """Rows with an answer, drawn at random when there are many.

    Parameters
    ----------
    frame
        The features of n rows in random order, as prepared.
    schema
        The features.
    task
        What is predicted.
    labels : ndarray of shape (n,)
        Codes of classes from 0 on, the commonest thirty with all others as one more; for
        regression zeros.
    ranks : ndarray of shape (n,)
        For regression the rank of the answer between 0 and 1; for classification zeros.
    answers : ndarray of shape (n,)
        The answer as it is: class index or number.
    folds : ndarray of shape (n,)
        Which fold a row is predicted in; rows of one group share a fold.
    of
        Rows from which these were drawn.
    """

    frame: pl.DataFrame
    schema: Schema
    task: Task
    labels: NDArray[np.int64]
    ranks: NDArray[np.float64]
    answers: NDArray[np.float64]
    folds: NDArray[np.int64]
    of: int

    def __len__(self) -> int:
        return len(self.folds)

    @property
    def names(self) -> tuple[str, ...]:
        """The features."""
        return self.schema.names

    @property
    def classes(self) -> int:
        """Different labels; 1 for regression."""
        return int(self.labels.max(initial=0)) + 1

    @cached_property
    def numbers(self) -> dict[str, NDArray[np.float64]]:
        """Numbers and moments by column, NaN for missing."""
        return {
            column.name: numbers_of(self.frame[column.name])
            for column in self.schema
            if column.value_type != "string"
        }

    @cached_property
    def codes(self) -> dict[str, Codes]:
        """Bins and levels by column."""
        return {
            name: (
                codes_of_numbers(self.numbers[name])
                if name in self.numbers
                else codes_of_levels(self.frame[name])
            )
            for name in self.names
        }

    def as_classes(self) -> Self | None:
        """Return the rows with each different answer as a class; None where there are many.

        A grade from 1 to 10 is a number, and what is recorded for one grade only is recorded as it
        is for a class.
        """
        values, labels = np.unique(self.answers, return_inverse=True)
        if self.task.is_classification or not 1 < len(values) <= _MOST_GRADES:
            return None
        task = Task(kind="multiclass", classes=tuple(values.tolist()), reason=self.task.reason)
        labels = labels.astype(np.int64)
        return replace(self, task=task, labels=labels, answers=labels.astype(np.float64))

    def select(self, names: tuple[str, ...]) -> Self:
        """Return the rows with some of the features."""
        return replace(self, frame=self.frame.select(names), schema=self.schema.select(names))

    def take(self, rows: NDArray[np.intp]) -> Self:
        """Return some of the rows."""
        return replace(
            self,
            frame=self.frame[rows],
            labels=self.labels[rows],
            ranks=self.ranks[rows],
            answers=self.answers[rows],
            folds=self.folds[rows],
        )

    def in_words(self) -> str:
        """Say on how many rows something was measured."""
        drawn = f" drawn from {self.of:,}" if self.of > len(self) else ""
        return f"{len(self):,} rows{drawn}"


def draw_sample(
    training: pl.DataFrame, schema: Schema, *, target: str, task: Task, seed: int
) -> Sample:
    """Draw at most 20,000 answered rows, fewer of a very wide table.

    Parameters
    ----------
    training
        The prepared training rows.
    schema
        All columns with their roles.
    target, task
        What is predicted.
    seed
        The same seed draws the same rows and folds.
    """
    answers = encode_target(training[target], task).astype(np.float64)
    known = np.flatnonzero(answered(training[target], task))
    features = schema.select(tuple(column.name for column in schema.features))
    most = min(MOST_ROWS, max(1_000, _MOST_CELLS // max(len(features), 1)))
    rng = np.random.default_rng(seed)
    rows = rng.permutation(known)[:most]
    return Sample(
        frame=training[rows].select(features.names),
        schema=features,
        task=task,
        labels=_labels(answers[rows], task),
        ranks=_ranks(answers[rows], task),
        answers=answers[rows],
        folds=_folds(training[rows], schema, rng),
        of=len(known),
    )


def answered(target: pl.Series, task: Task) -> NDArray[np.bool_]:
    """Mark the rows whose answer is known."""
    answers = encode_target(target, task)
    return answers >= 0 if task.is_classification else ~np.isnan(answers)


def numbers_of(series: pl.Series) -> NDArray[np.float64]:
    """Return numbers, or the microseconds of moments, with NaN for what is missing or too large.

    Examples
    --------
    >>> numbers_of(pl.Series([1.5, None, float("inf"), 1e307]))
    array([1.5, nan, nan, nan])
    """
    if series.dtype.is_temporal():
        series = series.cast(pl.Int64)
    values = series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.where(np.abs(values) <= _LARGEST, values, np.nan)


def _labels(answers: NDArray[np.float64], task: Task) -> NDArray[np.int64]:
    if not task.is_classification:
        return np.zeros(len(answers), dtype=np.int64)
    counts = np.bincount(answers.astype(np.int64), minlength=len(task.classes))
    if len(counts) <= _MOST_CLASSES + 1:
        return answers.astype(np.int64)
    place = np.full(len(counts), _MOST_CLASSES)
    place[np.argsort(-counts, kind="stable")[:_MOST_CLASSES]] = np.arange(_MOST_CLASSES)
    return place[answers.astype(np.int64)]


def _ranks(answers: NDArray[np.float64], task: Task) -> NDArray[np.float64]:
    if task.is_classification or not len(answers):
        return np.zeros(len(answers))
    return np.asarray(rankdata(answers) / len(answers), dtype=np.float64)


def _folds(frame: pl.DataFrame, schema: Schema, rng: np.random.Generator) -> NDArray[np.int64]:
    group = schema.the(Role.GROUP)
    if group is None:
        return rng.permutation(frame.height) % FOLDS
    codes = codes_of_levels(frame[group.name])
    return (rng.permutation(int(codes.max(initial=0)) + 1) % FOLDS)[codes]
