"""Learners race on folds, inside the budget: who runs next, and when it is enough."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aimed import aim_at, aim_of, bare
from modelwright.build.aims.aims import aim_suiting
from modelwright.build.racing.course import Course, hastened, most_pilots, settle_course
from modelwright.build.racing.entry import Entry
from modelwright.build.racing.fits import Fit, Ground, Report, scored_rows
from modelwright.build.racing.pace import Pace
from modelwright.build.racing.standings import Standings
from modelwright.build.racing.supply import Standing, Supply
from modelwright.build.site import Site
from modelwright.compute.budget import Budget, format_duration
from modelwright.compute.parallel import map_threads
from modelwright.errors import ModelwrightError
from modelwright.learners.base import Learner
from modelwright.tasks.metrics import Metric

_FEWEST_COMPLETE = 2
_OFFERS = 5
"""New learners that may be too dear for the time left, one after the other."""


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

    def __post_init__(self) -> None:
        self._standings = Standings(self.ground, self.metric, self.entries)
        self._pace = Pace(self.site, self._standings, self.budget)

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
            # The time ended with the first learner: what it did is better than nothing.
            done = max((entry.fits for entry in self.entries), key=len, default=None)
            return tuple(sorted(done or every))
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
        limit = Budget.start(self._pace.limit_s(entry, self.course))
        try:
            return self.site.fit(entry.learner, fold, budget=limit)
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
            scored = self._standings.sentence(entry, self.course) if self.course else ""
            took = format_duration(entry.fold_s)
            self.report(f"{entry.learner.title}: {took} a fold{entry.places}{cut}{scored}")

    # --- who is next ------------------------------------------------------------------------

    def _next_job(self) -> tuple[Entry, int] | None:
        if not self.budget.remaining_s:
            return None
        if self.course is None:
            pilot = next((each for each in self.entries if not each.failure), None)
            if pilot is None:
                return None
            if not pilot.has(self.order[: self.site.workers]):
                return _job_of(pilot, self.order[: self.site.workers])
            self.course = self._settle(pilot)
        return (
            self._next_in_race(self.course, kept_s=self._pace.finals_s(self.course))
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
            job = _job_of(entry, course.first)
            if job is not None and self._pace.fits_in(entry, course.first, course, kept_s=kept_s):
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
            if self._pace.fits_in(entry, course.first, course, kept_s=self._pace.finals_s(course)):
                self.entries.append(entry)
                return entry, course.first[0]
        return None

    def _standing(self, entry: Entry, course: Course) -> Standing:
        compares = entry.ended(course.first) and (
            not self._aims or aim_of(entry.learner) == self._aims[0]
        )
        loss = self._standings.loss(entry, course) if compares else None
        return Standing(entry.asked, loss, racing=entry.is_racing(course.first))

    def _contenders(self, course: Course) -> list[Entry]:
        """Return who may begin: first the pilots, then everybody, with the pilots' best aim."""
        pilots = self.entries[: self.pilots]
        if not self._aimed:
            done = [each for each in pilots if each.ended(course.first)]
            if any(not each.failure and each not in done for each in pilots):
                return pilots
            self._take_aim(done, course)
        return self.entries

    def _take_aim(self, pilots: Sequence[Entry], course: Course) -> None:
        self._aimed = True
        ranked = self._standings.ranked(pilots, course)
        self._aims = [aim for entry in ranked if (aim := aim_of(entry.learner)) is not None]
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

    def _next_in_finals(self, course: Course) -> tuple[Entry, int] | None:
        if not course.rest or any(entry.is_racing(course.first) for entry in self.entries):
            return None
        raced = len(self._standings.raced(course))
        # One alone is compared with nobody: another learner is worth more than its further folds.
        if raced < _FEWEST_COMPLETE:
            return None
        if raced != self._judged:
            self._judged, self._finalists = raced, self._standings.finalists(course)
        for entry in self._finalists:
            job = _job_of(entry, course.rest)
            if job is not None and self._pace.fits_in(entry, course.rest, course):
                return job
        return None


def _job_of(entry: Entry, folds: Sequence[int]) -> tuple[Entry, int] | None:
    fold = entry.next_of(folds)
    return None if fold is None else (entry, fold)
