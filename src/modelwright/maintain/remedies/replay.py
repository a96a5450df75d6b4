"""A remedy on past windows: at each it is fitted on the rows before and scored on the rows after.

What is scored is the rule that ships: the remedy with the option that had the best mark by then,
and no remedy where it had nothing to offer (Dawid, JRSS A 147 (1984) 278-292). When something is
wrong since a certain row, the windows lie behind it, for what helps with today's trouble is the
question; the place of that row is the only thing that is known in advance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.answering import answers_or, offers_of
from modelwright.maintain.remedies.base import Remedy, Situation, Treatment
from modelwright.maintain.remedies.marks import Marks
from modelwright.maintain.remedies.past import part_of
from modelwright.predictor.operations.base import Floats

_ROWS_OF_A_WINDOW = 250
_MOST_WINDOWS = 8
_FEWEST_ROWS = 60
"""Of a window; fewer say too little about an option."""
_MOST_BEFORE = 1_000
"""Rows before the trouble that say what a remedy does when it is over."""


@dataclass(frozen=True)
class Replayed:
    """What a remedy did on past windows.

    Parameters
    ----------
    treatment
        What would ship now; None where it has nothing to offer.
    places : ndarray of shape (rows,)
        Which rows were judged.
    saved : ndarray of shape (rows,)
        By how much the loss of each was smaller.
    usual : ndarray of shape (rows,)
        The loss of each without the remedy.
    answers : ndarray of shape (rows, outputs)
        With the remedy.
    windows : ndarray of shape (rows,)
        The window of each.
    undone
        By how much the loss of rows before the trouble would be larger, on average, if they came
        again; NaN where there are none.
    tries
        By window, what each option spared of each row.
    offered
        By window, and last for now: the options, each with what it would spare of a row before the
        trouble, on average, should such rows come again.
    """

    treatment: Treatment | None
    places: NDArray[np.intp]
    saved: Floats
    usual: Floats
    answers: Floats
    windows: NDArray[np.int64]
    undone: float = float("nan")
    tries: tuple[Mapping[str, Floats], ...] = ()
    offered: tuple[Mapping[str, float], ...] = ()

    @property
    def worst(self) -> float:
        """The least part of its loss that a window was spared; below zero it got worse."""
        shares = [
            self.saved[self.windows == number].sum() / max(1e-12, usual)
            for number in np.unique(self.windows)
            if (usual := self.usual[self.windows == number].sum()) > 0
        ]
        return float(min(shares, default=0.0))


def cut_windows(rows: int, onset: int) -> list[tuple[int, int]]:
    """Return where the windows begin and end, the first of which is only learned from.

    Parameters
    ----------
    rows
        How many there are.
    onset
        Where the first window begins.

    Examples
    --------
    >>> cut_windows(1_000, 400)
    [(400, 600), (600, 800), (800, 1000)]
    """
    count = (rows - onset) // _ROWS_OF_A_WINDOW
    if rows - onset < 2 * _FEWEST_ROWS:
        return []
    count = int(np.clip(count, min(3, (rows - onset) // _FEWEST_ROWS), _MOST_WINDOWS))
    ends = np.linspace(onset, rows, count + 1).astype(int).tolist()
    return list(pairwise(ends))


def replay(
    remedy: Remedy, situation: Situation, *, budget: Budget | None = None
) -> Replayed | None:
    """Replay a remedy on the windows since something is wrong.

    None where the time was over before all windows were lived through.

    Parameters
    ----------
    remedy
        What is tried.
    situation
        With all rows that are known now.
    budget
        The time for it; None for any time.
    """
    windows = cut_windows(len(situation.rows), situation.onset)[1:]
    course = _Course(remedy, situation)
    for start, stop in windows:
        if budget is not None and not budget.remaining_s:
            return None
        course.live_through(start, stop)
    now = course.offers(len(situation.rows)) if len(situation.rows) else {}
    return course.told(now, windows)


@dataclass
class _Course:
    """The past, as it is lived through again."""

    remedy: Remedy
    situation: Situation
    marks: Marks[str] = field(default_factory=Marks)
    tries: list[Mapping[str, Floats]] = field(default_factory=list)
    offered: list[Mapping[str, float]] = field(default_factory=list)
    saved: list[Floats] = field(default_factory=list)
    answers: list[Floats] = field(default_factory=list)

    def offers(self, moment: int) -> Mapping[str, Treatment]:
        """Return what the remedy offers from what is known by a moment."""
        known = replace(self.situation, rows=part_of(self.situation.rows, 0, moment))
        return {each.option: each for each in offers_of(self.remedy, known)}

    def live_through(self, start: int, stop: int) -> None:
        """Answer a window by what was known before it, then see what was true."""
        offered, rows = self.offers(start), part_of(self.situation.rows, start, stop)
        done = {option: self._try(each, rows) for option, each in offered.items()}
        chosen = self._choose(offered)
        saved, answers = done.get(chosen, (np.zeros(len(rows)), rows.answers))
        self.saved.append(saved)
        self.answers.append(answers)
        self.tries.append({option: spared for option, (spared, _) in done.items()})
        self.marks.learn({option: float(spared.mean()) for option, (spared, _) in done.items()})

    def told(self, now: Mapping[str, Treatment], windows: Sequence[tuple[int, int]]) -> Replayed:
        treatment = now.get(self._choose(now))
        places = np.array([row for window in windows for row in range(*window)], dtype=np.intp)
        numbers = np.repeat(np.arange(len(windows)), [stop - start for start, stop in windows])
        rows, outputs = self.situation.rows, self.situation.program.task.n_outputs
        return Replayed(
            treatment=treatment,
            places=places,
            saved=np.concatenate([np.zeros(0), *self.saved]),
            usual=self._usual(rows)[places],
            answers=np.concatenate([np.empty((0, outputs)), *self.answers]),
            windows=numbers.astype(np.int64),
            undone=self._undone(treatment),
            tries=tuple(self.tries),
            offered=tuple(self.offered),
        )

    def _try(self, treatment: Treatment, rows: LiveRows) -> tuple[Floats, Floats]:
        # Where there is no answer to a row that nobody had seen, the answer before stays.
        answers = answers_or(treatment.program, rows.columns, rows.answers)
        losses = self.situation.judge.losses(
            treatment.program, answers, rows.truth, self.remedy.measure
        )
        return self._usual(rows) - losses, answers

    def _usual(self, rows: LiveRows) -> Floats:
        return self.situation.judge.losses(
            self.situation.program, rows.answers, rows.truth, self.remedy.measure
        )

    def _choose(self, offered: Mapping[str, Treatment]) -> str:
        """Return the option with the best mark so far, else the usual one."""
        self.offered.append({option: self._elsewhere(each) for option, each in offered.items()})
        return self.marks.best(self.offered[-1]) or ""

    def _elsewhere(self, treatment: Treatment) -> float:
        """Return what it would spare of a row before the trouble; what undoes a break is for it."""
        before = self._before
        if treatment.is_evident or not len(before):
            return 0.0
        return float(self._try(treatment, before)[0].mean())

    def _undone(self, treatment: Treatment | None) -> float:
        before = self._before
        if treatment is None or not len(before):
            return float("nan")
        saved, _ = self._try(treatment, before)
        return float(-saved.mean() / max(1e-12, self._usual(before).mean()))

    @property
    def _before(self) -> LiveRows:
        onset = min(self.situation.onset, len(self.situation.rows))
        return part_of(self.situation.rows, max(0, onset - _MOST_BEFORE), onset)
