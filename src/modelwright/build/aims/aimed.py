"""A learner with an aim is a learner."""

from dataclasses import dataclass, replace

from modelwright.build.aims.aim import Aim
from modelwright.compute.budget import Budget
from modelwright.learners.base import Fitted, Learner, Rows
from modelwright.learners.recipe import Recipe
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class Aimed:
    """Learns towards an aim, and answers on the scale of the target.

    Parameters
    ----------
    learner
        What learns.
    aim
        What for.

    Examples
    --------
    >>> from modelwright.learners.lightgbm import LightGBM
    >>> each = Aimed(LightGBM(), Aim(scale="log1p"))
    >>> each.name, each.title
    ('lightgbm-log', 'LightGBM on log scale')
    """

    learner: Learner
    aim: Aim

    @property
    def name(self) -> str:
        """The learner's name, and the aim's where it is not the usual one."""
        return "-".join(filter(None, (self.learner.name, self.aim.name)))

    @property
    def title(self) -> str:
        """What people read."""
        if not self.aim.title:
            return self.learner.title
        joint = "on" if self.aim.title == "log scale" else "with"
        return f"{self.learner.title} {joint} {self.aim.title}"

    def suits(self, task: Task) -> bool:
        """Say whether the learner can learn such a task."""
        return self.learner.suits(task)

    def fit(
        self,
        rows: Rows,
        *,
        check_rows: Rows | None = None,
        rounds: int | None = None,
        budget: Budget,
        seed: int,
    ) -> Fitted:
        """Learn on the scale of the aim; see `Learner.fit`."""
        line = self.aim.line_of(rows)
        fitted = self.learner.fit(
            self.aim.apply(rows, line=line),
            check_rows=None if check_rows is None else self.aim.apply(check_rows, line=line),
            rounds=rounds,
            budget=budget,
            seed=seed,
        )
        program = self.aim.restore(fitted.program, rows)
        return replace(fitted, program=program, recipe=self._told(fitted))

    def _told(self, fitted: Fitted) -> Recipe | None:
        if fitted.recipe is None:
            return None
        return replace(
            fitted.recipe,
            own_steps=len(fitted.program.steps),
            transform="" if self.aim.scale == "identity" else self.aim.scale,
            unit=self.aim.unit,
            favours_small=self.aim.favours_small,
        )


def bare(learner: Learner) -> Learner:
    """Return the learner without its aim."""
    return learner.learner if isinstance(learner, Aimed) else learner


def aim_at(learner: Learner, aim: Aim) -> Learner:
    """Return the learner with this aim instead of any that it has."""
    return Aimed(bare(learner), aim)


def aim_of(learner: Learner) -> Aim | None:
    """Return what a learner aims at; None where that was never asked."""
    return learner.aim if isinstance(learner, Aimed) else None
