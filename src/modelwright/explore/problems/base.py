"""What every kind of problem is looked for in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.compute.crews.here import Here
from modelwright.data.schema import Schema
from modelwright.documents import Plan, Risk
from modelwright.errors import LearnerError, SchemaError
from modelwright.explore.flattery import Flattery, measure_flattery
from modelwright.explore.sample import answered
from modelwright.explore.written import Written
from modelwright.learners.rehearsal import MOST_ROWS, Rehearsal
from modelwright.workspace.folder import Workspace

SHOWN = 8
"""Columns or groups that a sentence names."""
FEWEST_ROWS = 200
"""With fewer answered rows nothing that a model would show is more than chance."""
_FLATTERS = 0.03
"""As a share of the error. A little is always there: as many rows that are alike say less."""
_HINDERED = (
    "more than half of the time was gone before, and the rest was kept for learners; "
    "`modelwright explore` takes the time"
)
_LEAST_BUDGET_S = 15.0
"""With less for the whole run, every second is needed to build."""
_CLASS_S = 0.075
"""Of the budget for each class, so that quick models of hundreds of them take a fifth of it."""
_ALL_ROWS_S, _LEAST_ROWS_SHARE = 60.0, 0.2
"""With less than a minute, a rehearsal is of fewer rows: it may not take what a build needs."""
_HARDLY_HINDERED = 1.5
"""A machine that does a little else finds the same as one that does nothing."""


@dataclass(frozen=True)
class Subject:
    """The training rows and what is known about them.

    Parameters
    ----------
    plan
        Says what is predicted and how rows are divided.
    training
        The prepared training rows, also those without an answer.
    schema
        All columns; those refused are ignored.
    workspace
        Where lists of rows are written, and functions of the user are found.
    crew
        Who learns what is measured.
    budget
        Of the build that follows; None where nobody waits.
    written
        The same rows as the person wrote them; None where there are only the prepared ones.
    """

    plan: Plan
    training: pl.DataFrame
    schema: Schema
    workspace: Workspace
    crew: Crew = field(default_factory=Here)
    budget: Budget | None = None
    written: Written | None = None

    @property
    def has_time(self) -> bool:
        """Whether quick models may learn; when half of the time is gone, the rest is to build.

        Without other work on the machine, plan and findings take a fifth of a short time.
        """
        return self.budget is None or self.budget.is_young

    @cached_property
    def quick_s(self) -> float:
        """The seconds of the budget, as many as they are worth where other work hinders this."""
        hindrance = self.budget.hindrance if self.budget else 1.0
        return self.plan.budget_s / (hindrance if hindrance > _HARDLY_HINDERED else 1.0)

    @property
    def is_short(self) -> bool:
        """Whether quick models would take more than their share: they grow trees for each class."""
        return self.quick_s < max(_LEAST_BUDGET_S, _CLASS_S * self.plan.task.n_outputs)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Which rows have an answer."""
        return answered(self.training[self.plan.target], self.plan.task)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The rows with an answer."""
        return self.training.filter(pl.Series(self.known, dtype=pl.Boolean))

    @cached_property
    def rehearsal(self) -> Rehearsal | None:
        """A quick model of these rows; None where there is nothing to learn from or to judge by."""
        return self.rehearse()

    @property
    def unrehearsed(self) -> str:
        """Why there is no rehearsal, as a part of a sentence."""
        if self.plan.adopts:
            return "the model is there already"
        if len(self.rows) < FEWEST_ROWS:
            return f"{len(self.rows):,} rows have an answer, and it takes {FEWEST_ROWS}"
        if self.is_short:
            return "so short a budget is needed to build"
        if not self.has_time:
            return _HINDERED
        return "a quick model of these rows cannot be judged"

    def rehearse(self, groups: NDArray[np.int64] | None = None) -> Rehearsal | None:
        """Return a quick model whose folds keep groups together.

        Parameters
        ----------
        groups : ndarray of shape (rows,), optional
            Codes of answered rows that belong together; None for what the plan's split says.
        """
        plan = self.plan
        if self.plan.adopts or len(self.rows) < FEWEST_ROWS or not self.schema.features:
            return None
        if self.is_short or not self.has_time:
            return None
        metric = plan.metric_in(self.workspace.path)
        try:
            rehearsal = Rehearsal.draw(
                self.rows,
                self.schema,
                target=plan.target,
                task=plan.task,
                split=plan.split,
                metric=metric,
                seed=plan.seed,
                groups=groups,
                most_rows=_most_rows(self.quick_s),
                crew=self.crew,
            )
            if not rehearsal.rows.schema.names:
                return None
            asked = rehearsal.asked
        except (SchemaError, LearnerError):
            # Rows of one single group cannot be divided, and a library may refuse such rows: the
            # build will say so.
            return None
        score = metric.score(rehearsal.truth[asked], rehearsal.taken(rehearsal.answers, asked))
        # All rows that are asked may be of one class: then no score says anything.
        return rehearsal if np.isfinite(score) else None

    def flattery_of(self, groups: NDArray[np.int64]) -> Flattery | None:
        """Measure by how much groups on both sides flatter; None where that is little, or chance.

        Parameters
        ----------
        groups : ndarray of shape (rows,)
            Codes of answered rows that belong together.
        """
        rehearsal = self.rehearse(groups)
        if rehearsal is None:
            return None
        flattery = measure_flattery(rehearsal)
        return flattery if flattery.is_certain and flattery.share >= _FLATTERS else None


def _most_rows(budget_s: float) -> int:
    """Return how many rows a quick model reads, so that it suits the time for everything."""
    return round(MOST_ROWS * min(max(budget_s / _ALL_ROWS_S, _LEAST_ROWS_SHARE), 1.0))


Problem = Callable[[Subject], Iterator[Risk]]
"""Yields what it finds; nothing where all is well."""
