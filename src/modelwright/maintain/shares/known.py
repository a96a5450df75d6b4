"""Rows before and since something is wrong, and what they lose and usually lose."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.shares.broken import Broken
from modelwright.maintain.shares.parts import Component
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.expectation.spread import fit_losses, usual_losses
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.reference import answer_values

_STUCK = -25.0
"""The logarithm of how likely a run of one label may be before labels are said to be stuck."""


@dataclass(frozen=True)
class Known:
    """What is known of the rows.

    Parameters
    ----------
    bundle, judge
        The model, and what its answers cost.
    before
        Labelled rows.
    now
        Rows since, not all of which have a label.
    broken
        What is broken in them.
    """

    bundle: Bundle
    judge: Judge
    before: LiveRows
    now: LiveRows
    broken: tuple[Broken, ...]

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Which rows since have a label, (rows,)."""
        return self.now.labelled

    @cached_property
    def lost_before(self) -> Floats:
        """Of the rows before."""
        return self.judge.losses(self.bundle.program, self.before.answers, self.before.truth)

    @cached_property
    def lost_now(self) -> Floats:
        """Of the rows since; NaN where no label is known."""
        return self.lost(self.now.answers)

    @cached_property
    def mended(self) -> Floats | None:
        """The answers with breaks undone; None where one cannot be undone."""
        undone = self.now.answers
        for each in self.broken:
            if each.undone is None:
                return None
            undone = each.undone
        return undone

    def lost(self, answers: Floats) -> Floats:
        """Return what other answers to the rows since lose; NaN where no label is known."""
        lost = np.full(len(self.now), np.nan)
        known = self.known
        lost[known] = self.judge.losses(self.bundle.program, answers[known], self.now.truth[known])
        return lost

    @cached_property
    def usual(self) -> tuple[Floats, Floats]:
        """What each row before, and each row now, usually loses, broken columns left aside."""
        named = {name for each in self.broken for name in each.cause.columns}
        columns = {name: v for name, v in self.before.columns.items() if name not in named}
        reference, task = self.bundle.reference, self.bundle.program.task
        watched = answer_values(task, self.before.answers)
        today = self.mended
        # Answers to broken rows say nothing of the rows.
        watched_now = answer_values(task, self.now.answers if today is None else today)
        if today is None:
            watched, watched_now = (
                watched[:1].repeat(count) for count in (len(watched), len(self.now))
            )
        learned = fit_losses(reference, columns, watched, self.lost_before)
        return (
            usual_losses(learned, reference, self.before.columns, watched),
            usual_losses(learned, reference, self.now.columns, watched_now),
        )

    @cached_property
    def mix(self) -> Component:
        """What other rows do by themselves."""
        before, now = self.usual
        return Component(now, before)

    def stuck_labels(self) -> NDArray[np.bool_] | None:
        """Return the longest run of one label where it is no chance; None where it may be."""
        known = np.flatnonzero(self.known)
        # Answers to broken rows are surer than they should be.
        if self.mended is None or not self.bundle.program.task.is_classification:
            return None
        truth, answers = self.now.truth[known], self.mended[known]
        likely = np.log(np.clip(answers[np.arange(len(truth)), truth], 1e-6, 1.0))
        ends = np.concatenate([[0], np.flatnonzero(np.diff(truth)) + 1, [len(truth)]])
        sums = np.add.reduceat(likely, ends[:-1]) + np.log(len(truth))
        worst = int(np.argmin(sums))
        if sums[worst] > _STUCK:
            return None
        inside = np.zeros(len(self.now), dtype=bool)
        inside[known[ends[worst] : ends[worst + 1]]] = True
        return inside
