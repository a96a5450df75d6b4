"""A school for the model of a workspace: its members learn again, as the build recorded them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.build.racing.schedule import learner_of
from modelwright.compute.budget import Budget
from modelwright.data.schema import Schema
from modelwright.documents import Candidate, Schedule
from modelwright.errors import LearnerError
from modelwright.learners.base import Learner, Rows
from modelwright.learners.classes import fit_on_known
from modelwright.learners.memo import Memo
from modelwright.maintain.remedies.base import Lesson
from modelwright.predictor.compose import append_step, blend_programs, ruled_by
from modelwright.predictor.operations.answers import Isotonic, ScaleLogits
from modelwright.predictor.operations.base import Value
from modelwright.predictor.program import Program

_ENDLESS_S = 1e9
_CHECKED = 0.2
"""Of the rows, the youngest, for early stopping where the number of rounds is not known."""
_FEWEST_ROWS = 40


@dataclass(frozen=True)
class Member:
    """A learner with its share of the blend, as the build recorded it."""

    learner: Learner
    rounds: int
    weight: float
    seconds: float


@dataclass(frozen=True)
class Schoolroom:
    """Lets a model learn again.

    Parameters
    ----------
    training
        The rows of its training.
    members
        Those that learn.
    program
        The model as it stands: its threshold stays, and the last correction of its probabilities.
    seed
        Of the learners.
    """

    training: Rows
    members: tuple[Member, ...]
    program: Program
    seed: int

    @property
    def rows(self) -> int:
        """How many rows of the training it has."""
        return len(self.training)

    def learn(self, lesson: Lesson) -> Program:
        """Return what the members learn, blended as they were.

        Raises
        ------
        LearnerError
            When there are too few rows, or no member can learn from them.
        """
        rows = _rows_of(lesson, self.training)
        if len(rows) < _FEWEST_ROWS:
            raise LearnerError(f"{len(rows)} rows are too few to learn from.")
        programs = [self._fit(member, rows, lesson) for member in self.members]
        blended = blend_programs(programs, [member.weight for member in self.members])
        last = self.program.steps[-1]
        if isinstance(last, ScaleLogits | Isotonic) and self.program.answer == last.output:
            blended = append_step(blended, last)
        return ruled_by(blended, self.program.rule)

    def _fit(self, member: Member, rows: Rows, lesson: Lesson) -> Program:
        budget = Budget.start(_ENDLESS_S)
        learn: dict[str, Any] = {"budget": budget, "seed": self.seed}
        if lesson.with_training:
            return fit_on_known(member.learner, rows, rounds=member.rounds or None, **learn).program
        # Of other rows another number of rounds is right: the youngest say which.
        cut = int(len(rows) * (1 - _CHECKED))
        first, last = np.arange(cut), np.arange(cut, len(rows))
        found = fit_on_known(member.learner, rows.take(first), check_rows=rows.take(last), **learn)
        return fit_on_known(member.learner, rows, rounds=found.rounds or None, **learn).program


def members_of(candidate: Candidate, *, limit_s: float) -> tuple[Member, ...]:
    """Return the members of a blend that learn again, the heaviest first.

    Those that together took no longer than the limit; the quickest where each took longer.

    Raises
    ------
    InputError
        When a learner is not known here.
    """
    schedule = candidate.schedule
    found = sorted(_every_member(schedule), key=lambda member: -member.weight)
    kept, seconds = list[Member](), 0.0
    for member in found:
        if seconds + member.seconds <= limit_s:
            kept.append(member)
            seconds += member.seconds
    return tuple(kept or sorted(found, key=lambda member: member.seconds)[:1])


def _every_member(schedule: Schedule) -> list[Member]:
    configurations = {each.name: each for each in schedule.configurations}
    first = {fit.name: fit for fit in schedule.fits if fit.fold is None and not fit.repeat}
    return [
        Member(learner_of(configurations[name]), fit.rounds, schedule.weights[name], fit.seconds)
        for name, fit in first.items()
        if schedule.weights.get(name) and name in configurations
    ]


def _rows_of(lesson: Lesson, training: Rows) -> Rows:
    live = lesson.rows
    names = [name for name in training.schema.names if name not in lesson.without]
    schema = Schema(columns=tuple(training.schema[name] for name in names))
    if not lesson.with_training:
        return replace(
            training,
            schema=schema,
            columns={name: live.columns[name] for name in names},
            target=live.truth,
            weight=None,
            memo=Memo(),
        )
    own = np.ones(len(training)) if training.weight is None else training.weight
    weight = np.concatenate([own, np.full(len(live), lesson.weight)])
    return replace(
        training,
        schema=schema,
        columns=_joined(training.columns, live.columns, names),
        target=np.concatenate([training.target, live.truth.astype(training.target.dtype)]),
        weight=None if training.weight is None and lesson.weight == 1.0 else weight,
        memo=Memo(),
    )


def _joined(
    one: Mapping[str, Value], other: Mapping[str, Value], names: list[str]
) -> dict[str, NDArray[Any]]:
    return {name: np.concatenate([one[name], other[name]]) for name in names}
