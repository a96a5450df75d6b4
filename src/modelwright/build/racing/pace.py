"""What learners of a race are expected to take, and whether the time allows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelwright.build.aims.aimed import bare
from modelwright.build.racing.course import REFITS, Course, bears_haste, refits_wall_s
from modelwright.build.racing.entry import Entry
from modelwright.build.racing.standings import Standings
from modelwright.build.site import Site
from modelwright.compute.budget import Budget
from modelwright.learners.portfolio import cost_of

_FIRST_SHARE = 0.3
"""Of the time, what the first learner may take: it must show what a fold costs."""
_PATIENCE = 4.0
"""A fit may take so many times what is expected before it is cut short."""
_PLENTY = 0.125
"""It may take this share of the time left in any case: where there is plenty, no hitch of a busy
machine cuts anything, and the same seed gives the same model."""

_REFITS_SHARES = (0.08, 0.3)
"""Of the time, what is kept for learning again at least (further seeds are worth more than one more
trial) and at most."""


@dataclass(frozen=True)
class Pace:
    """Seconds that are expected and seconds that are left.

    Parameters
    ----------
    site
        Rows and folds, and who works on them.
    standings
        Who leads: they will learn from all rows in the end.
    budget
        Of the whole search; refits are paid from it too.
    """

    site: Site
    standings: Standings
    budget: Budget

    def fits_in(
        self, entry: Entry, folds: Sequence[int], course: Course, *, kept_s: float = 0.0
    ) -> bool:
        """Say whether the time allows it to learn these folds, when some seconds are kept."""
        waiting = sum(fold not in entry.begun for fold in folds)
        # If nobody else needs a core.
        expected_s = self._fold_s(entry, course) * -(-waiting // self.site.workers)
        return expected_s <= self._left_s(entry, course) - kept_s

    def finals_s(self, course: Course) -> float:
        """Return the seconds that the finals of those who lead are expected to take."""
        leading = self.standings.ranked(self.standings.raced(course), course)
        known_s = [each.fold_s for each in leading[: course.finalists]]
        if len(known_s) < course.finalists:
            return course.finals_s
        return sum(known_s) * len(course.rest) / self.site.workers

    def limit_s(self, entry: Entry, course: Course | None) -> float:
        """Return the seconds that a fit may take; without a course, that of the first learner."""
        if course is None:
            return max(1e-3, self.budget.seconds * _FIRST_SHARE)
        left_s = self._left_s(entry, course)
        patience_s = 0.5 + _PATIENCE * self._fold_s(entry, course)
        return max(1e-3, min(left_s, max(patience_s, _PLENTY * left_s)))

    def _fold_s(self, entry: Entry, course: Course) -> float:
        """Return the seconds of a fold: as they were, or in relation to what others took."""
        if entry.fits:
            return entry.fold_s
        done = [each for each in self.standings.entries if each.fits]
        known = sum(self._cost(each, course) for each in done)
        return self._cost(entry, course) * sum(each.fold_s for each in done) / known

    def _cost(self, entry: Entry, course: Course) -> float:
        """Return what a fold should cost: less in larger steps, which the first one never takes."""
        whole = cost_of(bare(entry.learner), self.site.ground.rows.task)
        first = entry is self.standings.entries[0]
        return whole if first or not bears_haste(entry.learner) else whole / course.haste

    def _left_s(self, entry: Entry, course: Course) -> float:
        """Return the seconds until a likely blend, and this one, must learn from all rows."""
        if not course.refits:
            return self.budget.remaining_s
        racing = [each for each in self.standings.entries if each.is_racing(course.first)]
        # Who is not there yet may be in the blend.
        others = [each for each in (*racing, *self.standings.likely(course)) if each is not entry]
        folds_s = [self._fold_s(each, course) for each in (entry, *others[: REFITS - 1])]
        needed_s = refits_wall_s(folds_s, workers=self.site.workers)
        least_s, most_s = (share * self.budget.seconds for share in _REFITS_SHARES)
        return self.budget.remaining_s - min(max(needed_s, least_s), most_s)
