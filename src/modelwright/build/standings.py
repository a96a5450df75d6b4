"""How the learners of a race stand to each other on the folds that all of them learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from numpy.typing import NDArray

from modelwright.build.blend import choose_weights, worth_blending
from modelwright.build.course import Course
from modelwright.build.entry import Entry
from modelwright.build.fits import Ground, scored_rows
from modelwright.learners.portfolio import family_of
from modelwright.tasks.answers import score_answers
from modelwright.tasks.metrics import Metric


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
        if not raced:
            return []
        losses = [self.loss(entry, course) for entry in raced]
        families = [family_of(entry.learner) for entry in raced]
        asked = [raced[place] for place in worth_blending(losses, families)]
        answers = [entry.answers(course.first, self.ground) for entry in asked]
        weights = choose_weights(self.metric, self._truth(course), answers, seed=self.ground.seed)
        weight_of = {id(entry): weight for entry, weight in zip(asked, weights, strict=True)}
        ranked = sorted(self.ranked(raced, course), key=lambda each: -weight_of.get(id(each), 0))
        return ranked[: course.finalists]

    def sentence(self, entry: Entry, course: Course) -> str:
        """Say how it did on the first folds, and what the best score is so far."""
        known = [
            each for each in self.ranked(self.raced(course), course) if isfinite(each.score or 0.0)
        ]
        if entry not in known:
            return ""
        told = f"; {self.metric.title} {entry.score:.4g}"
        if known[0] is entry:
            return f"{told}, the best so far"
        return f"{told}, the best so far {known[0].score:.4g}"

    def _truth(self, course: Course) -> NDArray[Any]:
        rows = scored_rows([self.ground.folds[fold] for fold in course.first])
        return self.ground.rows.target[rows]
