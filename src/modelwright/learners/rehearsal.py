"""A quick model of a few rows: what a model would do, told before one is built in earnest."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.compute.crews.base import Crew
from modelwright.compute.crews.here import Here
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.data.splitting.partitions import Folds, fold_groups
from modelwright.data.splitting.splits import Split, dependent_groups, folds_of
from modelwright.learners.attempts import Attempt, Practice
from modelwright.learners.base import Learner, Rows
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.loss import loss_for
from modelwright.learners.memo import Memo
from modelwright.learners.rows import rows_of
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.answers import as_taken
from modelwright.tasks.metrics import Metric
from modelwright.tasks.task import Task

FOLDS = 3
MOST_ROWS = 10_000
_COLUMNS = 40
"""Of a table from which on rows are left out."""
_FEWEST_ROWS = 200
_TREES = 60
_FEWEST_GROUPS = 10
_WORDY = 0.2
"""Levels as a share of rows from which on a column costs more to encode than it can tell here."""
QUICK = LightGBM(name="rehearsal", title="Quick model", rate=0.1, leaves=16)


@dataclass(frozen=True)
class Rehearsal:
    """Some of the training rows, and a small boosted model that learns from them in a moment.

    Its scores are those of a quick model: differences between two of them tell something about
    the table, their height does not tell what a build will reach.

    Parameters
    ----------
    frame
        Rows with an answer.
    rows
        The same as a learner reads them.
    split
        How they are divided.
    metric
        How answers are judged.
    seed
        Of folds and fits.
    groups : ndarray of shape (n,), optional
        Codes of rows that belong together; None for what the split says.
    left_out
        Columns that a quick model does not read: text, and very many levels.
    crew
        Who learns.
    places : ndarray of shape (n,), optional
        Which of the answered rows each is; None where all of them were taken.
    """

    frame: pl.DataFrame
    rows: Rows
    split: Split
    metric: Metric
    seed: int
    groups: NDArray[np.int64] | None = None
    left_out: tuple[str, ...] = ()
    crew: Crew = field(default_factory=Here)
    places: NDArray[np.intp] | None = None

    @classmethod
    def draw(
        cls,
        answered: pl.DataFrame,
        schema: Schema,
        *,
        target: str,
        task: Task,
        split: Split,
        metric: Metric,
        seed: int,
        groups: NDArray[np.int64] | None = None,
        most_rows: int = MOST_ROWS,
        crew: Crew | None = None,
    ) -> Self:
        """Draw at most 10,000 rows, fewer of a wide table; rows that belong together stay so.

        Parameters
        ----------
        answered
            Prepared rows with an answer.
        schema
            All columns; text and columns of very many levels are left out.
        target, task
            What is predicted.
        split, metric
            How rows are divided, and how answers are judged.
        seed
            The same seed draws the same rows again.
        groups : ndarray of shape (n,), optional
            Codes from 0 on of rows that belong together.
        most_rows
            More take longer.
        crew
            Who learns; None for the threads of this process.
        """
        left_out = _slow(answered, schema)
        quick = schema.assign(Role.IGNORED, *left_out)
        cells = most_rows * _COLUMNS
        most = min(most_rows, max(_FEWEST_ROWS, cells // max(1, len(quick.features))))
        together = _together(answered, split) if groups is None else groups
        drawn = _draw(len(answered), most, together, np.random.default_rng(seed))
        frame = answered[drawn]
        rows = rows_of(frame, quick, target=target, task=task)
        return cls(
            frame=frame,
            rows=replace(rows, loss=loss_for(metric), forward=split.kind == "time"),
            split=split,
            metric=metric,
            seed=seed,
            groups=None if groups is None else np.unique(groups[drawn], return_inverse=True)[1],
            left_out=left_out,
            crew=crew or Here(),
            places=drawn,
        )

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def truth(self) -> NDArray[Any]:
        """The answers, of shape (n,)."""
        return self.rows.target

    @cached_property
    def folds(self) -> Folds:
        """Folds as the split divides rows, or that keep the groups together.

        Raises
        ------
        SchemaError
            When there are too few rows, groups or moments.
        """
        if self.groups is not None:
            rng = np.random.default_rng(self.seed)
            return fold_groups(self.groups, FOLDS, rng)
        split = msgspec.structs.replace(self.split, folds=FOLDS)
        return folds_of(self.frame, split, self.truth)

    @cached_property
    def answers(self) -> Floats:
        """Answers to rows that were not learned from, (n, outputs); NaN where no fold asks."""
        return self.answer(self.folds)

    @property
    def asked(self) -> NDArray[np.intp]:
        """The rows that some fold asks about, of shape (k,)."""
        return np.flatnonzero(~np.isnan(self.answers[:, 0]))

    @property
    def units(self) -> NDArray[Any] | None:
        """What rows that are not independent share, of shape (n,); None where nothing is known."""
        return self.groups if self.groups is not None else dependent_groups(self.frame, self.split)

    def answer(
        self, folds: Folds, *, target: NDArray[Any] | None = None, learner: Learner = QUICK
    ) -> Floats:
        """Learn from one side of each fold and answer to the other.

        Parameters
        ----------
        folds
            Pairs of row indices.
        target : ndarray of shape (n,), optional
            Other answers to learn from.
        learner
            The quick model, or what it is compared with.

        Returns
        -------
        ndarray of shape (n, outputs)
            NaN where no fold asks.
        """
        practice = self.practice
        if target is not None:
            practice = Practice.open(replace(self.rows, target=target, memo=Memo()), self.crew)
        # Rounds of a line are weaker and weaker penalties: as many as trees would leave it none.
        rounds = self._trees if learner is QUICK else None
        attempts = [Attempt(learner, *pair, rounds, self.seed) for pair in folds]
        answers = np.full((len(self.rows), self.rows.task.n_outputs), np.nan)
        for attempt, found in zip(attempts, practice.answers(attempts), strict=True):
            answers[attempt.asked] = found
        return answers

    @cached_property
    def practice(self) -> Practice:
        """The rows, as the crew knows them."""
        return Practice.open(self.rows, self.crew)

    def taken(self, answers: Floats, rows: NDArray[np.intp]) -> NDArray[Any]:
        """Return the answers to some rows as the metric takes them."""
        return as_taken(self.metric, answers[rows])

    @property
    def _trees(self) -> int:
        return max(10, int(_TREES / max(1, self.rows.task.n_outputs - 1) ** 0.5))


def _slow(answered: pl.DataFrame, schema: Schema) -> tuple[str, ...]:
    features = schema.features
    return tuple(column.name for column in features if _is_slow(column, answered[column.name]))


def _is_slow(column: Column, values: pl.Series) -> bool:
    if column.kind == Kind.TEXT:
        return True
    return values.dtype == pl.String and values.n_unique() > max(_FEWEST_ROWS, _WORDY * len(values))


def _together(answered: pl.DataFrame, split: Split) -> NDArray[np.int64] | None:
    names = dependent_groups(answered, split) if split.kind == "group" else None
    return None if names is None else np.unique(names, return_inverse=True)[1].astype(np.int64)


def _draw(
    rows: int, most: int, groups: NDArray[np.int64] | None, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Draw rows, or whole groups as long as they fit, in the order of the table."""
    if rows <= most:
        return np.arange(rows)
    sizes = np.zeros(1, dtype=np.int64) if groups is None else np.bincount(groups)
    if groups is None or sizes.max() > most / _FEWEST_GROUPS:
        return np.sort(rng.permutation(rows)[:most])
    order = rng.permutation(len(sizes))
    fits = np.cumsum(sizes[order]) <= most
    return np.flatnonzero(np.isin(groups, order[fits]))
