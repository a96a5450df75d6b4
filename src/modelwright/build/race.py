"""Learners race on folds, inside the budget: who runs next, and when it is enough."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from numpy.typing import NDArray

from modelwright.build.aim import Aim
from modelwright.build.aimed import aim_at, aim_of, bare
from modelwright.build.aims import aim_suiting
from modelwright.build.blend import choose_weights, worth_blending
from modelwright.build.course import (
    REFITS,
    Course,
    hastened,
    most_pilots,
    refits_wall_s,
    settle_course,
)
from modelwright.build.fits import Fit, Ground, Report, in_row_order, scored_rows
from modelwright.build.site import Site
from modelwright.build.supply import Standing, Supply
from modelwright.compute.budget import Budget, format_duration
from modelwright.compute.parallel import map_threads
from modelwright.errors import ModelwrightError
from modelwright.learners.base import Learner
from modelwright.learners.portfolio import cost_of, family_of
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.answers import score_answers
from modelwright.tasks.metrics import Metric

_FIRST_SHARE = 0.3
"""Of the time, what the first learner may take: it must show what a fold costs."""
_FEWEST_COMPLETE = 2
_OFFERS = 5
"""New learners that may be too dear for the time left, one after the other."""
_PATIENCE = 4.0
"""A fit may take so many times what is expected before it is cut short."""
_PLENTY = 0.125
"""It may take this share of the time left in any case: where there is plenty, no hitch of a busy
machine cuts anything, and the same seed gives the same model."""


@dataclass
class Entry:
    """A learner in the race.

    Parameters
    ----------
    learner
        What learns.
    asked
        The same, before it was given an aim and larger steps.
    fits
        By fold, as they ended.
    begun
        Folds that were begun.
    failure
        Why it went no further; empty where it did.
    score
        On the first folds; None where nobody has asked.
    """

    learner: Learner
    asked: Learner = field(init=False)
    fits: dict[int, Fit] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    failure: str = ""
    score: float | None = None

    def __post_init__(self) -> None:
        self.asked = bare(self.learner)

    @property
    def fold_s(self) -> float:
        """Seconds that a fold took, on average."""
        return sum(fit.seconds for fit in self.fits.values()) / len(self.fits)

    @property
    def places(self) -> str:
        """Where it learned, as the end of a sentence; empty for this machine."""
        named = sorted({fit.place for fit in self.fits.values() if fit.place})
        return f" on {', '.join(named)}" if named else ""

    def has(self, folds: Sequence[int]) -> bool:
        """Say whether all these folds have ended well."""
        return all(fold in self.fits for fold in folds)

    def answers(self, folds: Sequence[int], ground: Ground) -> Floats:
        """Return its answers to the rows that these folds score, in the order of the rows."""
        return in_row_order(
            [ground.folds[fold] for fold in folds], [self.fits[fold].answers for fold in folds]
        )


@dataclass(frozen=True)
class Raced:
    """How a race ended.

    Parameters
    ----------
    entries
        The learners, in the order in which they began.
    folds
        Numbers of the folds on which they are compared.
    fits
        All that ended well, with the learner's name, in the order in which they ended.
    """

    entries: tuple[Entry, ...]
    folds: tuple[int, ...]
    fits: tuple[tuple[str, Fit], ...]


@dataclass
class Race:
    """Learners on folds, one fit on each worker.

    Every learner is tried on the same first folds, so that scores compare; when these are not all
    folds, the best go on to the others.

    Parameters
    ----------
    site
        Rows and folds, and who works on them.
    metric
        By which the finalists are chosen; it takes probabilities or values.
    entries
        In the order in which they begin.
    budget
        Of the whole search; refits are paid from it too.
    report
        Told what happens, a sentence at a time.
    pilots
        So many entries are one learner with different aims; the others take the aim that is best.
    supply
        Where further learners come from while there is time; None for nowhere.
    """

    site: Site
    metric: Metric
    entries: list[Entry]
    budget: Budget
    report: Report
    pilots: int = 1
    supply: Supply | None = None
    course: Course | None = None
    fits: list[tuple[str, Fit]] = field(default_factory=list)
    _running: int = 0
    _finalists: list[Entry] = field(default_factory=list)
    _judged: int = 0
    _aimed: bool = False
    _aims: list[Aim] = field(default_factory=list)
    _stopped: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def ground(self) -> Ground:
        """Rows and folds."""
        return self.site.ground

    @property
    def order(self) -> list[int]:
        """Folds in the order in which they are learned: the last ones are nearest to new rows."""
        return list(range(len(self.ground.folds)))[::-1]

    def run(self) -> Raced:
        """Race until the time or the work ends."""
        workers = self.site.workers
        map_threads(lambda _: self._work(), range(workers), workers=workers)
        return Raced(tuple(self.entries), self._compared(), tuple(self.fits))

    def _compared(self) -> tuple[int, ...]:
        """Return all folds when at least two learners have learned them all, else the first."""
        every = sorted(self.order)
        if self.course is None:
            return tuple(every)
        if self.course.rest and sum(entry.has(every) for entry in self.entries) < _FEWEST_COMPLETE:
            return tuple(sorted(self.course.first))
        return tuple(sorted((*self.course.first, *self.course.rest)))

    def _work(self) -> None:
        try:
            while (job := self._wait_for_job()) is not None:
                self._end(*job, self._fit(*job))
        except BaseException:
            self._stop()
            raise

    def _fit(self, entry: Entry, fold: int) -> Fit | str:
        try:
            return self.site.fit(entry.learner, fold, budget=Budget.start(self._limit(entry)))
        except ModelwrightError as error:
            return str(error)

    def _wait_for_job(self) -> tuple[Entry, int] | None:
        with self._changed:
            while not self._stopped:
                job = self._next_job()
                if job is not None:
                    job[0].begun.add(job[1])
                    self._running += 1
                    return job
                if not self._running:
                    break
                self._changed.wait()
            return None

    def _end(self, entry: Entry, fold: int, result: Fit | str) -> None:
        with self._changed:
            self._running -= 1
            if isinstance(result, str):
                entry.failure = result
                self.report(f"{entry.learner.title}: skipped. {result}")
            else:
                # Programs can be large; one of each learner is enough to measure and fall back on.
                kept = result if fold == self.order[0] else replace(result, program=None)
                entry.fits[fold] = kept
                self.fits.append((entry.learner.name, kept))
                self._tell(entry)
            self._changed.notify_all()

    def _stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _tell(self, entry: Entry) -> None:
        folds = self.course.first if self.course else self.order[: self.site.workers]
        if set(entry.fits) == set(folds):
            is_cut = any(fit.cut_short for fit in entry.fits.values())
            cut = ", cut short by the budget" if is_cut else ""
            scored = self._scored(entry, self.course) if self.course else ""
            took = format_duration(entry.fold_s)
            self.report(f"{entry.learner.title}: {took} a fold{entry.places}{cut}{scored}")

    def _scored(self, entry: Entry, course: Course) -> str:
        """Say how it did on the first folds, and what the best score is so far."""
        raced = [each for each in self.entries if each.has(course.first) and not each.failure]
        known = [each for each in self._ranked(raced, course) if isfinite(each.score or 0.0)]
        if entry not in known:
            return ""
        told = f"; {self.metric.title} {entry.score:.4g}"
        if known[0] is entry:
            return f"{told}, the best so far"
        return f"{told}, the best so far {known[0].score:.4g}"

    # --- who is next ------------------------------------------------------------------------

    def _next_job(self) -> tuple[Entry, int] | None:
        if not self.budget.remaining_s:
            return None
        if self.course is None:
            pilot = next((each for each in self.entries if not each.failure), None)
            if pilot is None:
                return None
            if not pilot.has(self.order[: self.site.workers]):
                return _first_of(pilot, self.order[: self.site.workers])
            self.course = self._settle(pilot)
        return (
            self._next_in_race(self.course, kept_s=self._finals_s(self.course))
            or self._next_of_supply(self.course)
            or self._next_in_finals(self.course)
            # What the finals left is for those that had to wait.
            or self._next_in_race(self.course)
        )

    def _settle(self, pilot: Entry) -> Course:
        course = settle_course(
            self.order,
            fold_rows=len(scored_rows(self.ground.folds)) / len(self.ground.folds),
            fold_s=pilot.fold_s,
            learners=len(self.entries),
            budget=self.budget,
            workers=self.site.workers,
        )
        for entry in self.entries:
            if not entry.begun:
                entry.learner = hastened(entry.learner, course.haste)
        pilots = most_pilots(
            course, fold_s=pilot.fold_s, budget=self.budget, workers=self.site.workers
        )
        for entry in self.entries[pilots : self.pilots]:
            if not entry.begun:
                entry.failure = "There was no time to try this aim."
        return course

    def _next_in_race(self, course: Course, *, kept_s: float = 0.0) -> tuple[Entry, int] | None:
        for entry in self._contenders(course):
            job = _first_of(entry, course.first)
            if job is not None and self._fits_in(entry, course.first, kept_s=kept_s):
                return job
        return None

    def _next_of_supply(self, course: Course) -> tuple[Entry, int] | None:
        """Let a learner in that nobody has tried yet, if it leaves the time for the finals."""
        supply = self.supply
        if supply is None or not self._aimed:
            return None
        for _ in range(_OFFERS):
            learner = supply.offer([self._standing(each, course) for each in self.entries])
            if learner is None:
                return None
            entry = Entry(learner)
            entry.learner = self._aimed_well(hastened(learner, course.haste))
            supply.next()
            if self._fits_in(entry, course.first, kept_s=self._finals_s(course)):
                self.entries.append(entry)
                return entry, course.first[0]
        return None

    def _standing(self, entry: Entry, course: Course) -> Standing:
        ended = entry.has(course.first) and not entry.failure
        compares = ended and (not self._aims or aim_of(entry.learner) == self._aims[0])
        loss = self._loss(entry, course) if compares else None
        return Standing(entry.asked, loss, racing=self._is_racing(entry, course))

    def _contenders(self, course: Course) -> list[Entry]:
        """Return who may begin: first the pilots, then everybody, with the pilots' best aim."""
        pilots = self.entries[: self.pilots]
        if not self._aimed:
            done = [each for each in pilots if each.has(course.first) and not each.failure]
            if any(not each.failure and each not in done for each in pilots):
                return pilots
            self._take_aim(done, course)
        return self.entries

    def _take_aim(self, pilots: Sequence[Entry], course: Course) -> None:
        self._aimed = True
        ranked = [aim_of(entry.learner) for entry in self._ranked(pilots, course)]
        self._aims = [aim for aim in ranked if aim is not None]
        if self._aims and self._aims[0].title and self.pilots > 1:
            self.report(f"What does best on this target: {self._aims[0].title}")
        for entry in self.entries[self.pilots :]:
            entry.learner = self._aimed_well(entry.learner)

    def _aimed_well(self, learner: Learner) -> Learner:
        """Return a learner with the aim that did best, as far as it has its loss."""
        if not self._aims:
            return learner
        plain = bare(learner)
        return aim_at(plain, aim_suiting(plain, self._aims[0], self._aims))

    def _ranked(self, entries: Sequence[Entry], course: Course) -> list[Entry]:
        """Return entries by their score on the first folds, the best first."""
        return sorted(entries, key=lambda each: self._loss(each, course))

    def _loss(self, entry: Entry, course: Course) -> float:
        """Return its score on the first folds, the lower the better."""
        if entry.score is None:
            answers = entry.answers(course.first, self.ground)
            entry.score = score_answers(self.metric, self._truth(course), answers)
        return -entry.score if self.metric.direction == "maximize" else entry.score

    def _truth(self, course: Course) -> NDArray[Any]:
        rows = scored_rows([self.ground.folds[fold] for fold in course.first])
        return self.ground.rows.target[rows]

    def _next_in_finals(self, course: Course) -> tuple[Entry, int] | None:
        if not course.rest or self._any_racing(course):
            return None
        raced = [entry for entry in self.entries if entry.has(course.first) and not entry.failure]
        if len(raced) != self._judged:
            self._judged, self._finalists = len(raced), self._best(raced, course)
        for entry in self._finalists:
            job = _first_of(entry, course.rest)
            if job is not None and self._fits_in(entry, course.rest):
                return job
        return None

    def _any_racing(self, course: Course) -> bool:
        return any(self._is_racing(entry, course) for entry in self.entries)

    def _is_racing(self, entry: Entry, course: Course) -> bool:
        return not entry.failure and any(
            fold in entry.begun and fold not in entry.fits for fold in course.first
        )

    def _best(self, raced: Sequence[Entry], course: Course) -> list[Entry]:
        """Return those who would be in a blend by the first folds, then those with good scores."""
        if not raced:
            return []
        losses = [self._loss(entry, course) for entry in raced]
        families = [family_of(entry.learner) for entry in raced]
        asked = [raced[place] for place in worth_blending(losses, families)]
        answers = [entry.answers(course.first, self.ground) for entry in asked]
        weights = choose_weights(self.metric, self._truth(course), answers, seed=self.ground.seed)
        weight_of = {id(entry): weight for entry, weight in zip(asked, weights, strict=True)}
        ranked = sorted(self._ranked(raced, course), key=lambda each: -weight_of.get(id(each), 0))
        return ranked[: course.finalists]

    # --- what it costs ----------------------------------------------------------------------

    def _expected_s(self, entry: Entry, folds: Sequence[int]) -> float:
        """Return the wall time until these folds have ended, if nobody else needs a core."""
        waiting = sum(fold not in entry.begun for fold in folds)
        return self._expected_fold_s(entry) * -(-waiting // self.site.workers)

    def _expected_fold_s(self, entry: Entry) -> float:
        if entry.fits:
            return entry.fold_s
        done = [each for each in self.entries if each.fits]
        task = self.ground.rows.task
        known = sum(cost_of(bare(each.learner), task) for each in done)
        haste = self.course.haste if self.course else 1.0
        # The first learner, which is never hastened, is not what the others are like.
        steps = 1.0 if any(each is not self.entries[0] for each in done) else haste
        expected = cost_of(bare(entry.learner), task) * sum(each.fold_s for each in done)
        return expected / known / steps

    def _fits_in(self, entry: Entry, folds: Sequence[int], *, kept_s: float = 0.0) -> bool:
        return self._expected_s(entry, folds) <= self._left_s(entry) - kept_s

    def _left_s(self, entry: Entry) -> float:
        """Return the seconds until those that lead, and this one, must learn from all rows."""
        course = self.course
        if course is None or not course.refits:
            return self.budget.remaining_s
        raced = [each for each in self.entries if each.has(course.first) and not each.failure]
        leading = [each for each in self._ranked(raced, course) if each is not entry]
        folds_s = [each.fold_s for each in leading[: REFITS - 1]]
        return self.budget.remaining_s - refits_wall_s(
            [*folds_s, self._expected_fold_s(entry)], workers=self.site.workers
        )

    def _finals_s(self, course: Course) -> float:
        """Return the seconds that the finals of those who lead are expected to take."""
        raced = [each for each in self.entries if each.has(course.first) and not each.failure]
        known_s = [each.fold_s for each in self._ranked(raced, course)[: course.finalists]]
        if len(known_s) < course.finalists:
            return course.finals_s
        return sum(known_s) * len(course.rest) / self.site.workers

    def _limit(self, entry: Entry) -> float:
        """Return the seconds that a fit may take."""
        if self.course is None:
            return max(1e-3, self.budget.seconds * _FIRST_SHARE)
        left = self._left_s(entry)
        patience_s = 0.5 + _PATIENCE * self._expected_fold_s(entry)
        return max(1e-3, min(left, max(patience_s, _PLENTY * left)))


def _first_of(entry: Entry, folds: Sequence[int]) -> tuple[Entry, int] | None:
    if entry.failure:
        return None
    return next(((entry, fold) for fold in folds if fold not in entry.begun), None)
