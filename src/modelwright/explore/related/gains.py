"""Paired gains of columns on the honest folds of the training rows.

A small boosting with fixed rounds learns every fold with and without the columns; nothing is tuned
or stopped on the rows that are scored. Both answers are scored on the same resamples, at a level
that is corrected for the number of comparisons (Bonferroni), so that all intervals hold together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew, ask_all
from modelwright.compute.crews.here import Here
from modelwright.data.schema import Role, Schema
from modelwright.data.splitting.splits import dependent_groups, folds_of
from modelwright.documents import Plan
from modelwright.errors import ModelwrightError, ServiceError
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.rows import rows_of
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import paired_difference
from modelwright.tasks.metrics import Metric
from modelwright.tasks.targets import encode_target

MOST_ROWS = 12_000
_ROUNDS = 40
_FOLDS = 3
"""The last ones: in a split by time they learn from most."""
_RESAMPLES = 200
_ERROR = 0.05
_LEARNER = LightGBM(rate=0.1, leaves=15, feature_fraction=1.0, row_fraction=1.0, rows_per_leaf=20)

Answers = NDArray[Any]


@dataclass(frozen=True)
class Course:
    """What whoever learns a fold must know.

    Parameters
    ----------
    frame, plan
        As for `Ground`.
    folds
        Rows to learn from and rows to answer.
    takes
        What the metric takes.
    """

    frame: pl.DataFrame
    plan: Plan
    folds: tuple[tuple[Answers, Answers], ...]
    takes: str


@dataclass
class Ground:
    """Rows on which columns are compared.

    Parameters
    ----------
    frame
        Prepared training rows with an answer, features of related tables included.
    plan, metric
        The question and its measure.
    comparisons
        How many are made in all.
    budget
        When it ends, nothing more is measured.
    crew
        Who learns.
    """

    frame: pl.DataFrame
    plan: Plan
    metric: Metric
    comparisons: int
    budget: Budget
    crew: Crew = field(default_factory=Here)
    _known: dict[tuple[str, ...], Answers | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        truth = encode_target(self.frame[self.plan.target], self.plan.task)
        folds = tuple(folds_of(self.frame, self.plan.split, truth))[-_FOLDS:]
        course = Course(self.frame, self.plan, folds, self.metric.takes)
        self._shared = self.crew.share(course)
        self._scored = np.concatenate([check for _, check in folds])
        self._truth = truth[self._scored]
        self._groups = dependent_groups(self.frame[self._scored], self.plan.split)

    def learn(self, schemas: Sequence[Schema]) -> None:
        """Learn with the features of several schemas side by side, so that gains are known soon."""
        new = {key: each for each in schemas if (key := _key(each)) not in self._known}
        orders = [(each, fold) for each in new.values() for fold in range(self._folds)]
        try:
            parts = ask_all(self.crew, _learn_fold, self._shared, orders, budget=self.budget)
        except ServiceError:  # whoever learned was lost again and again
            parts = [None] * len(orders)
        for place, key in enumerate(new):
            own = parts[place * self._folds : (place + 1) * self._folds]
            known = [part for part in own if part is not None]
            self._known[key] = np.concatenate(known) if len(known) == len(own) else None

    @property
    def _folds(self) -> int:
        return len(self._shared.material.folds)

    def gain(self, more: Schema, less: Schema) -> Interval | None:
        """Return by how much the features of one schema are better than those of another.

        None where the time is over, or the score is not defined.
        """
        with_them, without = self._answers(more), self._answers(less)
        if with_them is None or without is None or self.budget.remaining_s <= 0:
            return None
        try:
            return paired_difference(
                self.metric,
                self._truth,
                with_them,
                without,
                groups=self._groups,
                level=1 - _ERROR / max(1, self.comparisons),
                resamples=_RESAMPLES,
                seed=self.plan.seed,
            )
        except ModelwrightError:  # a fold of one class has no score
            return None

    def _answers(self, schema: Schema) -> Answers | None:
        self.learn([schema])
        return self._known[_key(schema)]


def _key(schema: Schema) -> tuple[str, ...]:
    return tuple(sorted(column.name for column in schema.features))


def _learn_fold(course: Course, order: tuple[Schema, int], budget: Budget) -> Answers | None:
    """Answer the rows of a fold; None where the time is over, or it cannot be learned."""
    schema, (train, check) = order[0], course.folds[order[1]]
    if budget.remaining_s <= 0:
        return None
    plan = course.plan
    rows = rows_of(course.frame, schema, target=plan.target, task=plan.task)
    if not schema.features:
        return _constant(course, rows.target[train], len(check))
    try:
        fitted = _LEARNER.fit(rows.take(train), rounds=_ROUNDS, budget=budget, seed=plan.seed)
    except ModelwrightError:
        return None
    if fitted.cut_short:
        return None
    answers = fitted.program.run(rows.take(check).columns)
    if course.takes == "classes":
        return np.asarray(fitted.program.choose(answers))
    return answers if course.takes == "probabilities" else answers[:, 0]


def _constant(course: Course, target: Answers, count: int) -> Answers:
    """Answer without any column: the shares of the classes, or the mean."""
    task = course.plan.task
    if not task.is_classification:
        return np.full(count, target.mean())
    shares = np.bincount(target, minlength=task.n_outputs) / len(target)
    if course.takes == "classes":
        return np.full(count, int(shares.argmax()))
    return np.tile(shares, (count, 1))


def pays(gain: Interval | None) -> bool:
    """Say whether a gain is above zero with confidence."""
    return gain is not None and gain.low > 0


def with_features(schema: Schema, features: Sequence[Schema]) -> Schema:
    """Return a schema with further features."""
    return Schema(columns=(*schema.columns, *(each for more in features for each in more)))


def without(schema: Schema, names: Sequence[str]) -> Schema:
    """Return a schema in which some columns are no features."""
    return schema.assign(Role.IGNORED, *names)
