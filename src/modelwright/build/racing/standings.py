"""How the learners of a race stand to each other on the folds that all of them learn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.build.blending.blend import choose_weights, worth_blending
from modelwright.build.racing.course import Course
from modelwright.build.racing.entry import Entry
from modelwright.build.racing.fits import Ground, scored_rows
from modelwright.learners.portfolio import family_of
from modelwright.tasks.answers import score_answers
from modelwright.tasks.figures import figure
from modelwright.tasks.metrics import Metric

_ROWS = 2_000
_ASKED_AFTER = 4
"""Learners."""


@dataclass(frozen=True)
class Standings:
    """Scores on the first folds, each computed once.

    Parameters
    ----------
    ground
        Rows and folds.
    metric
        By which learners are compared; it takes probabilities or values.
    entries
        Who races; others may join.
    """

    ground: Ground
    metric: Metric
    entries: Sequence[Entry]
    _likely: dict[int, list[Entry]] = field(default_factory=dict)

    def raced(self, course: Course) -> list[Entry]:
        """Return who has learned the first folds, in the order in which they began."""
        return [entry for entry in self.entries if entry.ended(course.first)]

    def ranked(self, entries: Sequence[Entry], course: Course) -> list[Entry]:
        """Return entries by their score on the first folds, the best first."""
        return sorted(entries, key=lambda each: self.loss(each, course))

    def loss(self, entry: Entry, course: Course) -> float:
        """Return its score on the first folds, the lower the better."""
        if entry.score is None:
            answers = entry.answers(course.first, self.ground)
            entry.score = score_answers(self.metric, self._truth(course), answers)
        return -entry.score if self.metric.direction == "maximize" else entry.score

    def finalists(self, course: Course) -> list[Entry]:
        """Return who would be in a blend by the first folds, then those with good scores."""
        raced = self.raced(course)
        weight_of = self._weights(raced, course, rows=None)
        ranked = sorted(self.ranked(raced, course), key=lambda each: -weight_of.get(id(each), 0))
        return ranked[: course.finalists]

    def likely(self, course: Course) -> list[Entry]:
        """Return who would be in a blend by a sample of the first folds, the largest share first.

        Asked again after every few learners: a blend takes its time.
        """
        raced = self.raced(course)
        step = len(raced) // _ASKED_AFTER
        if step not in self._likely:
            weight_of = self._weights(raced, course, rows=_ROWS)
            members = [each for each in raced if weight_of.get(id(each))]
            self._likely[step] = sorted(members, key=lambda each: -weight_of[id(each)])
        return self._likely[step]

    def _weights(
        self, raced: Sequence[Entry], course: Course, *, rows: int | None
    ) -> dict[int, float]:
        """Return the shares of those worth asking; of so many rows, or of all."""
        if not raced:
            return {}
        losses = [self.loss(entry, course) for entry in raced]
        families = [family_of(entry.learner) for entry in raced]
        asked = [raced[place] for place in worth_blending(losses, families)]
        truth = self._truth(course)
        seen = _sample(
            truth, rows or len(truth), of_classes=self.ground.rows.task.is_classification
        )
        answers = [entry.answers(course.first, self.ground)[seen] for entry in asked]
        weights = choose_weights(self.metric, truth[seen], answers, seed=self.ground.seed)
        return {id(entry): weight for entry, weight in zip(asked, weights, strict=True)}

    def sentence(self, entry: Entry, course: Course) -> str:
        """Say how it did on the first folds, and what the best score is so far."""
        known = [
            each for each in self.ranked(self.raced(course), course) if isfinite(each.score or 0.0)
        ]
        if entry not in known:
            return ""
        told = f"; {self.metric.title} {figure(entry.score or 0.0)}"
        if known[0] is entry:
            return f"{told}, the best so far"
        return f"{told}, the best so far {figure(known[0].score or 0.0)}"

    def _truth(self, course: Course) -> NDArray[Any]:
        rows = scored_rows([self.ground.folds[fold] for fold in course.first])
        return self.ground.rows.target[rows]


def _sample(truth: NDArray[Any], wanted: int, *, of_classes: bool) -> NDArray[np.intp]:
    """Return about so many rows, spread over the truths; of each class at least one."""
    spread = np.argsort(truth, kind="stable")[:: max(1, len(truth) // wanted)]
    first = np.unique(truth, return_index=True)[1] if of_classes else spread[:1]
    return np.union1d(spread, first)
